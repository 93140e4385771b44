using ErrorPipeline.Shared.Storage;
using Microsoft.AspNetCore.WebUtilities;

namespace ErrorPipeline.Web.Issues;

/// <summary>
/// What the list shows, exactly as the address says it, so that every view can be bookmarked and sent to somebody.
/// Values that make no sense count as not given.
/// </summary>
public sealed record IssueFilter
{
    public const int PageSize = 25;

    public int? Project { get; init; }

    /// <summary>open, resolved, ignored or all.</summary>
    public string State { get; init; } = "open";
    public string? Environment { get; init; }

    /// <summary>ours, third_party, extension, injected, bot, network, unknown or all.</summary>
    public string Class { get; init; } = "all";

    /// <summary>1h, 24h, 7d, 30d or all.</summary>
    public string Since { get; init; } = "all";

    /// <summary>last, first, count or users.</summary>
    public string Sort { get; init; } = "last";

    /// <summary>What was typed: see docs/searching.md.</summary>
    public string? Text { get; init; }
    public string? After { get; init; }
    public string? Before { get; init; }

    /// <summary>Who asks; not part of a page's address.</summary>
    public string? Me { get; init; }

    /// <summary>Rows; not part of a page's address.</summary>
    public int Limit { get; init; } = PageSize;

    public bool NarrowsDown => State != "open" || Class != "all" || Environment is not null || Since != "all" || Text is not null;

    /// <param name="address">What stands behind the "?" of a list's address, with it or without.</param>
    public static IssueFilter From(string? address) => From(new QueryCollection(QueryHelpers.ParseQuery(address ?? "")));

    public static IssueFilter From(IQueryCollection query) => new()
    {
        Project = int.TryParse(query["project"], System.Globalization.CultureInfo.InvariantCulture, out var project) && project > 0 ? project : null,
        State = OneOf(query["state"], "open", "resolved", "ignored", "all"),
        Environment = Given(query["env"], 200),
        Class = OneOf(query["class"], "all", "ours", "third_party", "extension", "injected", "bot", "network", "unknown"),
        Since = OneOf(query["since"], "all", "1h", "24h", "7d", "30d"),
        Sort = OneOf(query["sort"], "last", "first", "count", "users"),
        Text = Given(query["q"], Searching.SearchText.Longest),
        After = Given(query["after"], 500),
        Before = Given(query["after"], 500) is null ? Given(query["before"], 500) : null,
    };

    /// <summary>All but what was typed, which <see cref="Searching.IssueSearch"/> adds.</summary>
    internal IssueQuery ToQuery(DateTimeOffset now) => new()
    {
        ProjectId = Project,
        State = State switch { "open" => IssueState.Open, "resolved" => IssueState.Resolved, "ignored" => IssueState.Ignored, _ => null },
        Environment = Environment,
        Class = Class == "all" ? null : Class,
        Since = Since switch
        {
            "1h" => now.AddHours(-1).ToUnixTimeMilliseconds(),
            "24h" => now.AddHours(-24).ToUnixTimeMilliseconds(),
            "7d" => now.AddDays(-7).ToUnixTimeMilliseconds(),
            "30d" => now.AddDays(-30).ToUnixTimeMilliseconds(),
            _ => null,
        },
        Sort = Sort switch { "first" => IssueSort.FirstSeen, "count" => IssueSort.Count, "users" => IssueSort.Users, _ => IssueSort.LastSeen },
        After = After,
        Before = Before,
        Limit = Limit,
        NowHour = now.ToUnixTimeSeconds() / 3600,
    };

    /// <summary>The same list from its first page.</summary>
    public IssueFilter FromStart => this with { After = null, Before = null };

    /// <summary>"?project=1&amp;sort=count": only what differs from the plain list.</summary>
    public string ToQueryString()
    {
        var query = new QueryString();
        void Add(string name, string? value, string usual = "")
        {
            if (value is not null && value != usual)
                query = query.Add(name, value);
        }

        Add("project", Project?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Add("state", State, "open");
        Add("env", Environment);
        Add("class", Class, "all");
        Add("since", Since, "all");
        Add("sort", Sort, "last");
        Add("q", Text);
        Add("after", After);
        Add("before", Before);
        return query.ToString();
    }

    private static string OneOf(string? given, string usual, params ReadOnlySpan<string> others)
    {
        foreach (var other in others)
        {
            if (given == other)
                return other;
        }

        return usual;
    }

    private static string? Given(string? text, int most) =>
        string.IsNullOrWhiteSpace(text) ? null : text.Trim() is var clean && clean.Length > most ? clean[..most] : clean;
}
