namespace ErrorPipeline.Shared.Contracts;

/// <summary>A change that a person asked for, carried by <c>ep:{lane-00}:commands</c>. Applied once by its <see cref="Id"/>.</summary>
public sealed record StoreCommand
{
    public const int CurrentVersion = 1;

    public int V { get; init; } = CurrentVersion;

    /// <summary>32 hex digits, made by web.</summary>
    public required string Id { get; init; }

    /// <summary>See <see cref="CommandKind"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The issue that it is about; 0 for a release, an erasure and <see cref="CommandKind.Restore"/>.</summary>
    public required long IssueId { get; init; }

    /// <summary>Server time of the request, ms since 1970 UTC. Events received before a resolve never reopen.</summary>
    public required long At { get; init; }

    /// <summary>The user's name, for the issue's history.</summary>
    public string? By { get; init; }

    /// <summary>Of a release or an erasure, which belong to no issue.</summary>
    public int? ProjectId { get; init; }

    /// <summary>Merge: the issues whose fingerprints go to <see cref="IssueId"/>.</summary>
    public IReadOnlyList<long>? Sources { get; init; }

    /// <summary>Split: the fingerprints that get an issue of their own, as "version:fingerprint". Erase: those whose texts may name the person.</summary>
    public IReadOnlyList<string>? Fingerprints { get; init; }

    /// <summary>Undo: the entry of the journal of moves.</summary>
    public long? Move { get; init; }

    /// <summary>Erase: ids of events that go, with what their visitors said.</summary>
    public IReadOnlyList<string>? Events { get; init; }

    /// <summary>Erase: keys of users (see <see cref="NormalizedOccurrence.UserKey"/>) that no issue counts any more.</summary>
    public IReadOnlyList<string>? Users { get; init; }

    /// <summary>Resolve: the release that has the fix; null for the newest that is known. Release: its name.</summary>
    public string? Release { get; init; }

    /// <summary>Resolve: <see cref="ResolveHow"/>; null is by release where the project tells some.</summary>
    public string? How { get; init; }

    /// <summary>Ignore: until this time, ms since 1970 UTC.</summary>
    public long? Until { get; init; }

    /// <summary>Ignore: until so many more events.</summary>
    public long? UntilEvents { get; init; }

    /// <summary>Ignore: until it has met so many more users.</summary>
    public long? UntilUsers { get; init; }

    /// <summary>Assign: the name of a user; null takes it from whoever has it.</summary>
    public string? Assignee { get; init; }

    /// <summary>Comment: what is said. Uncomment: the id of the command that said it. Erase: the name that goes from texts; null where nobody remembers it.</summary>
    public string? Text { get; init; }

    /// <summary>What changes of state were asked for together; <see cref="CommandKind.Restore"/> takes all of them back.</summary>
    public string? Batch { get; init; }

    /// <summary>Release: when it was released, ms since 1970 UTC.</summary>
    public long? ReleasedAt { get; init; }

    /// <summary>Release: its place among the project's releases that have one; the higher the newer.</summary>
    public long? Order { get; init; }
}

public static class ResolveHow
{
    /// <summary>Whatever arrives from now on reopens it.</summary>
    public const string Now = "now";

    /// <summary>The fix comes with the first release after the newest one that is known.</summary>
    public const string Next = "next";
}

public static class CommandKind
{
    public const string Resolve = "resolve";
    public const string Ignore = "ignore";
    public const string Reopen = "reopen";
    public const string Delete = "delete";

    /// <summary>Maps the fingerprints of other issues to this one. Counters stay where they are.</summary>
    public const string Merge = "merge";

    /// <summary>Gives some fingerprints of an issue an issue of their own.</summary>
    public const string Split = "split";

    /// <summary>Takes back a move of the journal; an issue that it had emptied gets its number back.</summary>
    public const string Undo = "undo";

    /// <summary>
    /// Takes events of a project that are kept whole away, with what visitors said of them, users' rows, and a name from titles, words of search, values of facets
    /// and what could not be stored. Counts of events stay: they tell nothing of anybody.
    /// </summary>
    public const string Erase = "erase";

    public const string Assign = "assign";
    public const string Comment = "comment";

    /// <summary>Takes a comment away, where it is by the same person.</summary>
    public const string Uncomment = "uncomment";

    /// <summary>Takes back the changes of state and assignee of a <see cref="StoreCommand.Batch"/>, of each issue that nothing else has changed since. Works for a day.</summary>
    public const string Restore = "restore";

    /// <summary>Tells of a release, and where it stands among the others.</summary>
    public const string Release = "release";
}
