using System.Globalization;

namespace ErrorPipeline.Web.Scoping;

/// <summary>What all pages about errors look at: a project, an environment, a time. It stands in their addresses and goes from one to the next.</summary>
public sealed record Scope(int? Project = null, string? Environment = null, string Since = Scope.AnyTime)
{
    public const string AnyTime = "all";

    public static readonly IReadOnlyList<(string Value, string Name)> Times =
        [(AnyTime, "Any time"), ("1h", "Last hour"), ("24h", "Last 24 hours"), ("7d", "Last 7 days"), ("30d", "Last 30 days")];

    /// <summary>Values that make no sense count as not given.</summary>
    public static Scope From(IQueryCollection query) => new(
        int.TryParse(query["project"], CultureInfo.InvariantCulture, out var project) && project > 0 ? project : null,
        string.IsNullOrWhiteSpace(query["env"]) ? null : query["env"].ToString().Trim() is { Length: > 200 } much ? much[..200] : query["env"].ToString().Trim(),
        Times.Any(time => time.Value == query["since"]) ? query["since"].ToString() : AnyTime);

    /// <summary>The beginning of its time; null where that is any.</summary>
    public DateTimeOffset? From(DateTimeOffset now) => Since switch
    {
        "1h" => now.AddHours(-1),
        "24h" => now.AddHours(-24),
        "7d" => now.AddDays(-7),
        "30d" => now.AddDays(-30),
        _ => null,
    };

    /// <summary>The same address with this scope.</summary>
    public string On(string path) => path + ToQueryString();

    /// <summary>"?project=1&amp;env=production", or nothing where it is everything.</summary>
    public string ToQueryString()
    {
        var query = new QueryString();
        if (Project is { } project)
            query = query.Add("project", project.ToString(CultureInfo.InvariantCulture));
        if (Environment is not null)
            query = query.Add("env", Environment);
        if (Since != AnyTime)
            query = query.Add("since", Since);
        return query.ToString();
    }
}
