using System.Text.Json;
using System.Text.Json.Serialization;
using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage;

/// <summary>What people have decided about an issue: all that a command changes, and that taking it back restores.</summary>
internal sealed record Standing
{
    public IssueState State { get; init; }
    public long? ResolvedAt { get; init; }
    public string? ResolvedIn { get; init; }
    public bool ResolvedNext { get; init; }
    public bool Regressed { get; init; }
    public long? IgnoredUntil { get; init; }
    public long? IgnoredCount { get; init; }
    public long? IgnoredUsers { get; init; }
    public string? Assignee { get; init; }

    [JsonIgnore]
    public IssueIgnore? Ignored => State == IssueState.Ignored ? new(IgnoredUntil, IgnoredCount, IgnoredUsers) : null;

    public Standing Opened() => new() { Assignee = Assignee };

    public Standing Resolve(StoreCommand command, string? release) =>
        new() { State = IssueState.Resolved, ResolvedAt = command.At, ResolvedIn = release, ResolvedNext = release is not null && command.How == ResolveHow.Next, Assignee = Assignee };

    /// <param name="command">What it asks for.</param>
    /// <param name="count">Events that the issue has.</param>
    /// <param name="users">Users that the issue has met.</param>
    public Standing Ignore(StoreCommand command, long count, long users) => new()
    {
        State = IssueState.Ignored,
        IgnoredUntil = command.Until,
        IgnoredCount = command.UntilEvents is > 0 and var events ? count + events : null,
        IgnoredUsers = command.UntilUsers is > 0 and var more ? users + more : null,
        Assignee = Assignee,
    };

    /// <summary>What an ignore waits for, for the history; null where only a person ends it.</summary>
    public static string? Waits(StoreCommand command) => command switch
    {
        { Until: { } until } => $"until:{until}",
        { UntilEvents: > 0 and var events } => $"events:{events}",
        { UntilUsers: > 0 and var users } => $"users:{users}",
        _ => null,
    };

    /// <summary>The same for its end; null where it is not reached.</summary>
    public string? Woken(long count, long users) => State != IssueState.Ignored ? null
        : IgnoredCount is { } most && count >= most ? $"events:{most}"
        : IgnoredUsers is { } many && users >= many ? $"users:{many}"
        : null;

    public string Write() => JsonSerializer.Serialize(this, StandingJson.Default.Standing);

    public static Standing Read(string stored) => JsonSerializer.Deserialize(stored, StandingJson.Default.Standing)!;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(Standing))]
internal sealed partial class StandingJson : JsonSerializerContext;
