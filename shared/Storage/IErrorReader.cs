using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage;

/// <summary>
/// The reading side of the store: any number of processes, never blocked by the writer. Times are ms since 1970 UTC.
/// Throws <see cref="StoreUnavailableException"/> for what is worth trying again, as before the writer has made the store.
/// </summary>
public interface IErrorReader : IAsyncDisposable
{
    /// <summary>Sorted downwards. Throws <see cref="ArgumentException"/>, fit to be shown, where <see cref="IssueQuery.After"/>, <see cref="IssueQuery.Before"/> or <see cref="IssueQuery.Limit"/> is not valid.</summary>
    Task<IssuePage> ListIssuesAsync(IssueQuery query, CancellationToken cancel);

    /// <summary>Null where there is no such issue.</summary>
    Task<IssueDetail?> GetIssueAsync(int projectId, long issueId, CancellationToken cancel);

    /// <summary>Events per hour from <paramref name="fromHour"/> (hours since 1970) to <paramref name="toHour"/> inclusive, zeros filled in.</summary>
    Task<IReadOnlyList<long>> GetSeriesAsync(long issueId, long fromHour, long toHour, string? environment, CancellationToken cancel);

    /// <summary>The most frequent values of every dimension, with their exact counts and the number of values beyond <paramref name="top"/>.</summary>
    Task<IReadOnlyList<Facet>> GetFacetsAsync(long issueId, int top, CancellationToken cancel);

    /// <summary>Ids and times of the stored samples, newest first.</summary>
    Task<IReadOnlyList<SampleRef>> ListSamplesAsync(long issueId, int limit, CancellationToken cancel);

    /// <summary>The whole sample, or null.</summary>
    Task<EventSample?> GetEventAsync(int projectId, string eventId, CancellationToken cancel);

    /// <summary>What visitors said of an issue's events, newest first: of every event whose receipt or sample was there then.</summary>
    Task<IReadOnlyList<EventFeedback>> ListFeedbackAsync(int projectId, long issueId, int limit, CancellationToken cancel);

    /// <summary>What visitors said of one event, oldest first, whether the event is kept or not.</summary>
    Task<IReadOnlyList<EventFeedback>> ListFeedbackOfEventAsync(int projectId, string eventId, CancellationToken cancel);

    /// <summary>All events of a project that are kept whole, in the order of their ids, those after an id (null: from the first).</summary>
    Task<IReadOnlyList<EventSample>> WalkEventsAsync(int projectId, string? after, int limit, CancellationToken cancel);

    /// <summary>The fingerprints of a project, as "version:fingerprint", that may name a person in their texts or values of facets. Reads all of them.</summary>
    Task<IReadOnlyList<string>> FindMentionsAsync(int projectId, string name, CancellationToken cancel);

    /// <summary>All that visitors said in a project, in an order of the store's own, what comes after one of them (null: from the first).</summary>
    Task<IReadOnlyList<EventFeedback>> WalkFeedbackAsync(int projectId, EventFeedback? after, int limit, CancellationToken cancel);

    /// <summary>What people say of an issue, oldest first.</summary>
    Task<IReadOnlyList<IssueComment>> ListCommentsAsync(int projectId, long issueId, int limit, CancellationToken cancel);

    /// <summary>Environments seen in a project, most frequent first.</summary>
    Task<IReadOnlyList<string>> ListEnvironmentsAsync(int projectId, CancellationToken cancel);

    /// <summary>The clients whose events were stored for a project, by name.</summary>
    Task<IReadOnlyList<ClientArrivals>> ListClientsAsync(int projectId, CancellationToken cancel);

    /// <summary>Outcomes per minute (minutes since 1970), from a minute on, oldest first.</summary>
    Task<IReadOnlyList<OutcomeCount>> ListOutcomesAsync(int? projectId, long fromMinute, CancellationToken cancel);

    /// <summary>Which of these command ids have been applied.</summary>
    Task<IReadOnlySet<string>> AppliedCommandsAsync(IReadOnlyCollection<string> ids, CancellationToken cancel);

    /// <summary>Intervals in which counts are approximate, newest first.</summary>
    Task<IReadOnlyList<ApproximateInterval>> ListApproximateAsync(int limit, CancellationToken cancel);

    /// <summary>Deltas that the store could never take, newest first.</summary>
    Task<IReadOnlyList<RefusedDelta>> ListRefusedAsync(int limit, CancellationToken cancel);

    /// <summary>
    /// What became of an event, newest first: one for each time that it met a fate, in any of these projects. Tells of every event, not only of
    /// kept samples, but only within <see cref="GetReceiptWindowAsync"/>; empty where nothing is known.
    /// </summary>
    Task<IReadOnlyList<Receipt>> FindReceiptsAsync(IReadOnlyCollection<int> projects, string eventId, CancellationToken cancel);

    /// <summary>How far back receipts reach.</summary>
    Task<ReceiptWindow> GetReceiptWindowAsync(CancellationToken cancel);

    Task<StoreSummary> SummarizeAsync(CancellationToken cancel);

    /// <summary>The issue that has the fingerprints of an issue that was emptied; null for any other number.</summary>
    Task<long?> FindHolderAsync(int projectId, long issueId, CancellationToken cancel);

    /// <summary>What the first of these issues would be with the others merged into it; null where one is missing.</summary>
    Task<MergePreview?> PreviewMergeAsync(int projectId, IReadOnlyList<long> issueIds, CancellationToken cancel);

    /// <summary>The journal of an issue's map: moves from or to it, or of what it has now; newest first.</summary>
    Task<IReadOnlyList<IssueMove>> ListMovesAsync(int projectId, long issueId, int limit, CancellationToken cancel);

    /// <summary>The fingerprints of an issue with what each counts, the largest first.</summary>
    Task<IReadOnlyList<FingerprintTotals>> ListFingerprintsAsync(long issueId, int limit, CancellationToken cancel);

    /// <summary>A project's releases, the newest first.</summary>
    Task<IReadOnlyList<ReleaseRow>> ListReleasesAsync(int projectId, int limit, CancellationToken cancel);

    /// <summary>What is new, what came back, and where most errors come from.</summary>
    Task<OverviewFacts> GetOverviewAsync(OverviewQuery query, CancellationToken cancel);

    /// <summary>Events by release and quarter of a day of arrival, oldest first; rare releases together as <see cref="FacetValue.Rest"/>.</summary>
    /// <param name="environment">Null for all.</param>
    Task<IReadOnlyList<ReleaseShare>> ListReleaseSharesAsync(int projectId, long since, string? environment, CancellationToken cancel);

    /// <summary>Events by project and hour of arrival; by the minute those of one environment.</summary>
    Task<IReadOnlyList<Arrivals>> ListArrivalsAsync(ArrivalsQuery query, CancellationToken cancel);

    /// <summary>What clients told of sessions since about a time, by release; empty where none tells.</summary>
    Task<IReadOnlyList<ReleaseSessions>> ListSessionsAsync(int? projectId, string? environment, long since, CancellationToken cancel);

    /// <summary>The issues of a release, those with the most events first; without trends.</summary>
    Task<IReadOnlyList<IssueRow>> ListReleaseIssuesAsync(int projectId, string release, ReleaseIssues how, int limit, CancellationToken cancel);

    /// <summary>What all events of a project told in the weeks from one time to another, both included.</summary>
    Task<ProjectFacets> GetProjectFacetsAsync(int projectId, long fromMs, long toMs, CancellationToken cancel);

    /// <summary>Other issues that share visitors, pages or the release with one, at most so many of each kind.</summary>
    Task<RelatedIssues> ListRelatedAsync(int projectId, long issueId, int limit, CancellationToken cancel);

    /// <summary>How far samples have been repaired after late source maps; null where no map ever came late.</summary>
    Task<RemapProgress?> GetRemapProgressAsync(CancellationToken cancel);
}

public enum IssueState { Open, Resolved, Ignored }

public enum IssueSort { LastSeen, FirstSeen, Count, Users }

/// <summary>What a list of issues shows. Null means "any".</summary>
public sealed record IssueQuery
{
    public int? ProjectId { get; init; }
    public IssueState? State { get; init; }
    public IssueState? NotState { get; init; }

    /// <summary>Whether a newer release brought it back, and nobody has touched it since.</summary>
    public bool? Regressed { get; init; }

    /// <summary>Whether it is resolved, and events of older builds have arrived since.</summary>
    public bool? Draining { get; init; }
    public bool? Assigned { get; init; }

    /// <summary>Any of these.</summary>
    public IReadOnlyList<string>? Assignees { get; init; }
    public string? NotAssignee { get; init; }
    public string? Environment { get; init; }

    /// <summary>Whose error it is, "third_party"; as the latest event of the issue told.</summary>
    public string? Class { get; init; }
    public string? NotClass { get; init; }

    /// <summary>As the latest event of the issue told.</summary>
    public string? Level { get; init; }
    public string? NotLevel { get; init; }

    /// <summary>Only issues seen at or after this time; their counts still tell the whole life.</summary>
    public long? Since { get; init; }
    public Between? FirstSeen { get; init; }
    public Between? LastSeen { get; init; }
    public Between? Count { get; init; }

    /// <summary>How many it met.</summary>
    public Between? Users { get; init; }

    /// <summary>
    /// Only issues that one of these users met, by their keys (<see cref="Policies.PersonHash.KeyOfUser"/>). Found where the users of a fingerprint are
    /// counted exactly.
    /// </summary>
    public IReadOnlyList<string>? MetBy { get; init; }

    /// <summary>All of these.</summary>
    public IReadOnlyList<IssueTerm> Terms { get; init; } = [];

    /// <summary>Words that must all occur in title, culprit, message or frames; the last one may be a beginning.</summary>
    public string? Text { get; init; }
    public IssueSort Sort { get; init; } = IssueSort.LastSeen;

    /// <summary>From <see cref="IssuePage.Next"/>; null for the first page.</summary>
    public string? After { get; init; }

    /// <summary>From <see cref="IssuePage.Previous"/>: the page that ends before it. Not together with <see cref="After"/>.</summary>
    public string? Before { get; init; }

    /// <summary>1 to 100.</summary>
    public int Limit { get; init; } = 25;

    /// <summary>Hours of <see cref="IssueRow.Trend"/>, ending with <see cref="NowHour"/>.</summary>
    public int TrendHours { get; init; } = 24;

    /// <summary>The present hour, hours since 1970 UTC.</summary>
    public required long NowHour { get; init; }
}

public sealed record IssuePage(IReadOnlyList<IssueRow> Rows, string? Next)
{
    /// <summary>For <see cref="IssueQuery.Before"/>; null on the first page.</summary>
    public string? Previous { get; init; }
}

public sealed record IssueRow
{
    public required long Id { get; init; }
    public required int ProjectId { get; init; }
    public required string Title { get; init; }
    public required string Culprit { get; init; }
    public required string Level { get; init; }
    public required string Class { get; init; }
    public required IssueState State { get; init; }
    public required long Count { get; init; }

    /// <summary>Exact up to 10,000, an estimate above.</summary>
    public required long Users { get; init; }
    public required long FirstSeen { get; init; }
    public required long LastSeen { get; init; }
    public required IReadOnlyList<long> Trend { get; init; }

    /// <summary>The release that brought it back after a resolve; null where none did, or somebody has looked since.</summary>
    public string? RegressedIn { get; init; }

    /// <summary>Events of older builds since it was resolved; 0 where it is not.</summary>
    public long Draining { get; init; }

    /// <summary>Name of the user who takes care of it.</summary>
    public string? Assignee { get; init; }
}

public sealed record IssueDetail(
    IssueRow Issue,
    IReadOnlyList<Grouping> Fingerprints,
    string? LatestEventId,
    IReadOnlyList<IssueHistoryEntry> History)
{
    /// <summary>Null where the issue is not resolved.</summary>
    public IssueResolution? Resolution { get; init; }

    /// <summary>The release in which it was first seen; null where none was told.</summary>
    public string? FirstRelease { get; init; }

    /// <summary>Null where the issue is not ignored.</summary>
    public IssueIgnore? Ignored { get; init; }
}

/// <param name="What">
/// A command's kind, "created", "reopened" (an event arrived after the resolve), "regressed" (one of a newer release did),
/// "woken" (what it was ignored until came), "joined" (a new fingerprint of a known error), "merged" and "split" (fingerprints came or went).
/// </param>
public sealed record IssueHistoryEntry(long At, string What, string? By)
{
    /// <summary>
    /// The release, the other issue's number, or who it was assigned to. Of an ignore and of its end: "until:ms", "events:number" or "users:number".
    /// </summary>
    public string? Detail { get; init; }
}

/// <param name="Others">Number of values not listed.</param>
/// <param name="Total">Events over all values.</param>
public sealed record Facet(string Dimension, IReadOnlyList<FacetValue> Values, long Others, long Total);

public sealed record FacetValue(string Value, long Count)
{
    /// <summary>Stands for all values that there was no room for: visitors make them up, so their number is bounded.</summary>
    public const string Rest = "(other)";
}

/// <param name="Client">Name of a protocol, such as "sentry".</param>
/// <param name="LastReceived">Server time of arrival, ms since 1970 UTC.</param>
/// <param name="LastIssueId">The issue of the last one; it may have been merged or deleted since.</param>
public sealed record ClientArrivals(string Client, long Count, long LastReceived, long LastIssueId);

public sealed record SampleRef(string EventId, long At, string? Browser, string? Page)
{
    public string? Os { get; init; }
    public string? Device { get; init; }
    public string? Release { get; init; }
    public string? Environment { get; init; }

    /// <summary>Tells users of a project apart; see <see cref="NormalizedOccurrence.UserKey"/>.</summary>
    public string? UserKey { get; init; }

    /// <summary>The user as the site told: name, address and id as far as it did.</summary>
    public string? User { get; init; }
}

/// <param name="Outcome">stored, duplicate, filtered:... or dead.</param>
/// <param name="At">About when the store learned of it, ms since 1970 UTC: exact to the hour.</param>
/// <param name="IssueId">The issue that counts it now; null where it is not stored, or where its issue was deleted.</param>
public sealed record Receipt(int ProjectId, string Outcome, long At, long? IssueId);

/// <param name="FromMs">The oldest receipt; null where there is none.</param>
public sealed record ReceiptWindow(long? FromMs, long Events, long Bytes);

public sealed record ApproximateInterval(string Lane, long FromMs, long ToMs, string Reason);

/// <param name="Bytes">Size on disk.</param>
public sealed record StoreSummary(long Issues, long Samples, long Events, long Bytes, string Engine);
