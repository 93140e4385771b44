namespace ErrorPipeline.Shared.Contracts;

/// <summary>A change of issue state that a person asked for, carried by <c>ep:{lane-00}:commands</c>. Applied once by its <see cref="Id"/>.</summary>
public sealed record StoreCommand
{
    public const int CurrentVersion = 1;

    public int V { get; init; } = CurrentVersion;

    /// <summary>32 hex digits, made by web.</summary>
    public required string Id { get; init; }

    /// <summary>resolve, ignore, reopen or delete; see <see cref="CommandKind"/>.</summary>
    public required string Kind { get; init; }
    public required long IssueId { get; init; }

    /// <summary>Server time of the request, ms since 1970 UTC. Events received before a resolve never reopen.</summary>
    public required long At { get; init; }

    /// <summary>The user's name, for the issue's history.</summary>
    public string? By { get; init; }
}

public static class CommandKind
{
    public const string Resolve = "resolve";
    public const string Ignore = "ignore";
    public const string Reopen = "reopen";
    public const string Delete = "delete";
}
