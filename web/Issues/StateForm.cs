using System.Globalization;
using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Web.Issues;

/// <summary>What the forms of one issue and of many send when they change a state: the same fields, the same words.</summary>
internal static class StateForm
{
    /// <summary>Until when, or until how many more, an issue may be ignored.</summary>
    public static readonly IReadOnlyList<(string Value, string Name)> Until =
    [
        ("", "until reopened"), ("1h", "for an hour"), ("24h", "for a day"), ("7d", "for a week"), ("30d", "for 30 days"),
        ("events:10", "until 10 more events"), ("events:100", "until 100 more events"), ("events:1000", "until 1 000 more events"),
        ("users:1", "until another user"), ("users:10", "until 10 more users"), ("users:100", "until 100 more users"),
    ];

    public static bool Changes(string? kind) => kind is CommandKind.Resolve or CommandKind.Ignore or CommandKind.Reopen or CommandKind.Assign;

    /// <summary>The command with what is said beyond its kind.</summary>
    public static StoreCommand Fill(StoreCommand command, StateDetails said) => command.Kind switch
    {
        CommandKind.Resolve => WithFix(command, said.In, said.Release),
        CommandKind.Ignore => WithEnd(command, said.Until ?? ""),
        CommandKind.Assign => command with { Assignee = Short(said.Assignee, 320) },
        _ => command,
    };

    /// <summary>What is not understood, for who did not choose from a list; null where all is.</summary>
    public static string? Problem(string kind, StateDetails said) => kind switch
    {
        CommandKind.Resolve when said.In is { Length: > 0 } fix && fix is not (ResolveHow.Next or ResolveHow.Now) && Named(fix) is not { Length: > 0 } =>
            "\"in\" is next, now or release:1.4.2; the newest release where it is not said.",
        CommandKind.Ignore when said.Until is { Length: > 0 } until && WithEnd(new() { Id = "", Kind = kind, IssueId = 0, At = 0 }, until) is { Until: null, UntilEvents: null, UntilUsers: null } =>
            "\"until\" is a time such as 1h or 7d, events:100 or users:10; until reopened where it is not said.",
        _ => null,
    };

    /// <summary>"next", "now", "release:1.2", or nothing for the newest release.</summary>
    private static StoreCommand WithFix(StoreCommand command, string? fix, string? release) => fix is ResolveHow.Next or ResolveHow.Now
        ? command with { How = fix }
        : command with { Release = Short(Named(fix) ?? release, 250) };

    private static string? Named(string? fix)
    {
        const string prefix = "release:";
        return fix?.StartsWith(prefix, StringComparison.Ordinal) == true ? fix[prefix.Length..] : null;
    }

    private static StoreCommand WithEnd(StoreCommand command, string until) => until.Split(':') switch
    {
        ["events", var more] when Number(more) is { } events => command with { UntilEvents = events },
        ["users", var more] when Number(more) is { } users => command with { UntilUsers = users },
        _ => command with { Until = Searching.Amounts.Ago(until, DateTimeOffset.UnixEpoch)?.From is { } back ? command.At - back : null },
    };

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 1_000_000_000 ? number : null;

    private static string? Short(string? text, int longest) =>
        string.IsNullOrWhiteSpace(text) ? null : text.Trim() is var clean && clean.Length > longest ? clean[..longest] : clean;
}

/// <summary>What a change of state says beyond its kind, as forms and scripts send it.</summary>
/// <param name="In">Resolve: "next", "now" or "release:1.4.2"; the newest release where it is not said.</param>
/// <param name="Release">Resolve: the release by its name alone.</param>
/// <param name="Until">Ignore: "1h", "7d", "events:100" or "users:10"; until reopened where it is not said.</param>
/// <param name="Assignee">Assign: a user's address; null takes it from whoever has it.</param>
internal sealed record StateDetails(string? In = null, string? Release = null, string? Until = null, string? Assignee = null)
{
    public static StateDetails Of(IFormCollection form) => new(form["in"], form["release"], form["until"], form["assignee"]);
}
