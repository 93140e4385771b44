namespace ErrorPipeline.Shared.Contracts;

/// <summary>
/// One event as the collector took it: the original bytes and what only the request knew.
/// Identity everywhere is (<see cref="ProjectId"/>, <see cref="EventId"/>).
/// </summary>
public sealed record RawError
{
    /// <summary>The version written by this build. Readers park what they do not know.</summary>
    public const int CurrentVersion = 1;

    public int V { get; init; } = CurrentVersion;

    public required int ProjectId { get; init; }

    /// <summary>32 lower-case hex digits: the client's, or the collector's where the client gave none.</summary>
    public required string EventId { get; init; }

    /// <summary>Server time of arrival, ms since 1970 UTC.</summary>
    public required long ReceivedAt { get; init; }

    /// <summary>The client's clock when it sent the request, ms since 1970 UTC; null where it did not tell.</summary>
    public long? SentAt { get; init; }

    /// <summary>Wire format of <see cref="Body"/>: "native", or another client's.</summary>
    public required string Protocol { get; init; }

    public string? UserAgent { get; init; }

    /// <summary>What the browser's client hint headers said, see <see cref="Contracts.AgentHints"/>; null where there were none.</summary>
    public string? AgentHints { get; init; }

    /// <summary>Address of the client behind trusted proxies. Never leaves normalize.</summary>
    public string? ClientIp { get; init; }

    /// <summary>The event's own bytes as received (decompressed): hostile, and perhaps not even valid JSON inside.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }
}
