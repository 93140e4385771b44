using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.Issues.Searching;

/// <summary>The keys of the language, each with what it asks for; completion and explanations are made from here.</summary>
public sealed record SearchKey(string Name, string Says, string Example)
{
    /// <summary>All values that it takes; empty where they are data.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>The dimension of the events that it asks for; null where it asks for something else.</summary>
    public string? Dimension { get; init; }
}

internal static class SearchKeys
{
    public const string TagPrefix = "tag.";

    public static readonly IReadOnlyList<SearchKey> All =
    [
        new("is", "the state of an issue", "is:open")
        {
            Values = ["open", "resolved", "ignored", "draining", "regressed", "new", "assigned", "unassigned"],
        },
        new("assigned", "who takes care of it", "assigned:me"),
        new("browser", "met in this browser", "browser:safari") { Dimension = "browser" },
        new("os", "met on this system", "os:windows") { Dimension = "os" },
        new("device", "met on this kind of device", "device:mobile") { Dimension = "device", Values = ["desktop", "mobile", "tablet", "bot"] },
        new("release", "met in this release", "release:1.4*") { Dimension = "release" },
        new("env", "met in this environment", "env:production") { Dimension = "environment" },
        new("user", "met by this user", "user:42"),
        new("level", "how bad it is", "level:warning") { Values = ["fatal", "error", "warning", "info", "debug"] },
        new("class", "whose error it is", "class:ours") { Values = ["ours", "third_party", "extension", "injected", "bot", "network", "unknown"] },
        new("url", "met on this page", "url:/checkout*") { Dimension = "page" },
        new("frame", "a function or file of its stack", "frame:checkout.js") { Dimension = IssueTerm.Frame },
        new("age", "time since it was first seen", "age:<7d"),
        new("seen", "time since it was last seen", "seen:<24h"),
        new("count", "events in all", "count:>100"),
        new("users", "users in all", "users:>10"),
    ];

    public static SearchKey? Find(string name) => All.FirstOrDefault(key => key.Name == name)
        ?? (name.StartsWith(TagPrefix, StringComparison.Ordinal) && name.Length > TagPrefix.Length
            ? new SearchKey(name, "a tag of its events", $"{name}:value") { Dimension = IssueTerm.Tag + name[TagPrefix.Length..] }
            : null);

    /// <summary>What somebody may have meant.</summary>
    public static string? Near(string word, IEnumerable<string> known) => known
        .Select(name => (Name: name, Distance: Distance(word, name)))
        .Where(near => near.Distance <= Math.Min(2, Math.Max(near.Name.Length, word.Length) / 2))
        .OrderBy(near => near.Distance).Select(near => near.Name).FirstOrDefault();

    /// <summary>Of letters added, left out, changed or swapped with their neighbour.</summary>
    private static int Distance(string a, string b)
    {
        const int Far = 99;
        if (Math.Abs(a.Length - b.Length) > 2)
            return Far;
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    d[i, j] = i + j;
                    continue;
                }

                var change = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }

        return d[a.Length, b.Length];
    }
}
