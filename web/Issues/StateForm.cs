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

    /// <summary>The command with what the form says beyond its kind.</summary>
    public static StoreCommand Fill(StoreCommand command, IFormCollection form) => command.Kind switch
    {
        CommandKind.Resolve => WithFix(command, form["in"], form["release"]),
        CommandKind.Ignore => WithEnd(command, form["until"].ToString()),
        CommandKind.Assign => command with { Assignee = Short(form["assignee"], 320) },
        _ => command,
    };

    /// <summary>"next", "now", "release:1.2", or nothing for the newest release.</summary>
    private static StoreCommand WithFix(StoreCommand command, string? fix, string? release)
    {
        const string Named = "release:";
        if (fix is ResolveHow.Next or ResolveHow.Now)
            return command with { How = fix };
        var name = fix?.StartsWith(Named, StringComparison.Ordinal) == true ? fix[Named.Length..] : release;
        return command with { Release = Short(name, 250) };
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
