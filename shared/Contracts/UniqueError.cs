namespace ErrorPipeline.Shared.Contracts;

/// <summary>
/// One or more events of one batch that are equal in everything that feeds a dimension, filter, rule or fingerprint,
/// except for the light facts, which <see cref="Occurrences"/> keeps for each of them.
/// </summary>
public sealed record UniqueError
{
    public const int CurrentVersion = 1;

    public int V { get; init; } = CurrentVersion;

    public required int ProjectId { get; init; }

    public required string Protocol { get; init; }

    /// <summary>Light facts of every folded event, the one that <see cref="Body"/> belongs to first. Never empty.</summary>
    public required IReadOnlyList<Occurrence> Occurrences { get; init; }

    /// <summary>The bytes of the first event of the fold.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    public int Count => Occurrences.Count;
}

/// <summary>
/// The light facts of one event. Of the first occurrence the body tells timestamp, URL and user; of the others only these
/// facts are known: null is "as in the body" for <see cref="Url"/>, <see cref="User"/> and <see cref="AgentHints"/>, and "" is "this event gave none".
/// </summary>
public sealed record Occurrence
{
    public required string EventId { get; init; }

    /// <summary>ms since 1970 UTC, server clock.</summary>
    public required long ReceivedAt { get; init; }

    public long? SentAt { get; init; }

    /// <summary>The client's own time of the event, ms since 1970, uncorrected; null where it gave none.</summary>
    public long? Timestamp { get; init; }

    public string? UserAgent { get; init; }

    /// <summary>Client hints that differ from the body's: its own JSON, or <see cref="Contracts.AgentHints"/> of the request; "" is "this event gave none".</summary>
    public string? AgentHints { get; init; }

    public string? ClientIp { get; init; }

    public string? Url { get; init; }

    /// <summary>The first that is not empty of user.id, user.email and session; valid UTF-16 always.</summary>
    public string? User { get; init; }
}
