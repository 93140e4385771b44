namespace ErrorPipeline.Shared.Contracts;

/// <summary>
/// All that collectors and workers need to know of the configuration, pushed whole by web through Redis
/// (key <c>ep:config</c>, announced on channel <c>ep:config</c>) and kept by collectors as a last-known-good file.
/// </summary>
public sealed record ConfigSnapshot
{
    public const int CurrentVersion = 1;

    public int V { get; init; } = CurrentVersion;

    /// <summary>Rises with every change; a reader never goes back.</summary>
    public required long Revision { get; init; }

    public required IReadOnlyList<ProjectConfig> Projects { get; init; }
}

public sealed record ProjectConfig
{
    public required int Id { get; init; }
    public required string Name { get; init; }

    /// <summary>Keys that are accepted now. 32 lower-case hex digits each.</summary>
    public required IReadOnlyList<string> Keys { get; init; }

    /// <summary>Origins that may send, "https://example.com" or "https://*.example.com"; empty means any.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>Events per minute before 429; null for the collector's default.</summary>
    public int? EventsPerMinute { get; init; }

    /// <summary>Filters, rules and privacy; null where nothing was decided. Only normalize reads it.</summary>
    public ProjectPolicy? Policy { get; init; }

    /// <summary>Whose events are not kept any more; null where nobody asked for that. Only normalize reads it.</summary>
    public IReadOnlyList<ErasedPerson>? Erased { get; init; }

    /// <summary>Random, one for the life of the project: keys the hashes that tell users apart, so that nobody can try all addresses.</summary>
    public string? UserSalt { get; init; }
}

/// <param name="Hash">See <c>Policies.PersonHash</c>.</param>
/// <param name="At">Events received up to then go, ms since 1970 UTC; whoever comes back later is met anew.</param>
public sealed record ErasedPerson(string Hash, long At);
