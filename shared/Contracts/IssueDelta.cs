namespace ErrorPipeline.Shared.Contracts;

/// <summary>
/// What one stream entry of <c>{lane}:deltas</c> carries: the changes of one aggregated batch, and outcomes that became due.
/// Applied as a whole or not at all, exactly once, under the lane's cursor.
/// </summary>
public sealed record DeltaBatch
{
    /// <summary>From 2 on a sample without an error has that of the one before it. 1 is still read.</summary>
    public const int CurrentVersion = 2;

    public int V { get; init; } = CurrentVersion;

    public IReadOnlyList<IssueDelta> Issues { get; init; } = [];

    public IReadOnlyList<OutcomeCount> Outcomes { get; init; } = [];

    /// <summary>Events that met their fate on the way here, for receipts. Bounded, so some may be missing; null from older senders.</summary>
    public IReadOnlyList<FateIds>? Fates { get; init; }
}

/// <summary>The change of one (project, grouping version, fingerprint). All counts are of events.</summary>
public sealed record IssueDelta
{
    public required int ProjectId { get; init; }
    public required Grouping Grouping { get; init; }
    public required string Title { get; init; }
    public required string Culprit { get; init; }
    public required string Type { get; init; }
    public required string Level { get; init; }
    public required string Class { get; init; }
    public required long Count { get; init; }

    /// <summary>ms since 1970 UTC, of the occurrences' corrected times.</summary>
    public required long FirstSeen { get; init; }
    public required long LastSeen { get; init; }

    /// <summary>Latest server time of arrival, ms since 1970 UTC: what a resolve is compared with.</summary>
    public required long LastReceived { get; init; }

    public required IReadOnlyList<HourCount> Hours { get; init; }
    public required IReadOnlyList<FacetCount> Facets { get; init; }

    /// <summary>The same events by release, for what a resolve is compared with; null from a build that did not tell.</summary>
    public IReadOnlyList<ReleaseCount>? Releases { get; init; }

    /// <summary>
    /// Class, release and page of the same events by environment, where they are of several: where they are of one, all that is counted here is of that.
    /// Null from a build that did not tell.
    /// </summary>
    public IReadOnlyList<EnvironmentFacets>? Environments { get; init; }

    /// <summary>The same events by the protocol that brought them; null from a build that did not tell.</summary>
    public IReadOnlyList<ClientCount>? Clients { get; init; }
    /// <summary>The events that are counted here, for receipts: <see cref="ShortIds"/>. Null from older senders.</summary>
    public byte[]? EventIds { get; init; }

    /// <summary>Not null where these are no errors, but what visitors say of errors: it is kept with those, and makes no issue.</summary>
    public IReadOnlyList<EventFeedback>? Feedback { get; init; }

    /// <summary>Distinct user keys of the batch.</summary>
    public required IReadOnlyList<string> Users { get; init; }

    /// <summary>A bounded choice of the batch's events by novelty; the writer keeps what is new to the store.</summary>
    public required IReadOnlyList<EventSample> Samples { get; init; }
}

/// <param name="Hour">Hours since 1970 UTC.</param>
/// <param name="Environment">"" where the event told none.</param>
public sealed record HourCount(long Hour, string Environment, long Count);

/// <param name="Dimension">browser, os, device, page, release, environment, level, handled, class, script (the candidates of a "Script error."), or tag:name.</param>
public sealed record FacetCount(string Dimension, string Value, long Count);

/// <param name="Environment">"" where the events told none.</param>
/// <param name="Facets">Of the dimensions class, release and page.</param>
public sealed record EnvironmentFacets(string Environment, IReadOnlyList<FacetCount> Facets);

/// <param name="Release">"" where the event told none.</param>
/// <param name="FirstReceived">Server time of arrival, ms since 1970 UTC.</param>
/// <param name="LastReceived">The same of the last one.</param>
public sealed record ReleaseCount(string Release, long Count, long FirstReceived, long LastReceived);

/// <param name="Client">Name of a protocol, such as "sentry"; one of a fixed few.</param>
/// <param name="LastReceived">Server time of arrival of the last one, ms since 1970 UTC.</param>
public sealed record ClientCount(string Client, long Count, long LastReceived);

/// <summary>What a visitor said of an event.</summary>
/// <param name="Id">Its own.</param>
/// <param name="EventId">Of the event that it is about; it may be unknown, or still on its way.</param>
/// <param name="At">When it was said, corrected, ms since 1970 UTC.</param>
public sealed record EventFeedback(string Id, string EventId, long At, string? Name, string? Email, string Message);

/// <summary>One event kept whole.</summary>
/// <param name="NoveltyKey">Equal keys add nothing new: browser, release, page and stack of the event, hashed.</param>
public sealed record EventSample(NormalizedOccurrence Occurrence, ErrorDetail Error, EventContext Context, string NoveltyKey)
{
    public string EventId => Occurrence.EventId;
}

/// <param name="Minute">Minutes since 1970 UTC.</param>
/// <param name="Outcome">A name from <c>Outcomes.Outcome</c>, e.g. "stored" or "filtered:extension".</param>
public sealed record OutcomeCount(int ProjectId, long Minute, string Outcome, long Count);
