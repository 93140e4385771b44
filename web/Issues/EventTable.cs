using System.Globalization;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.Issues;

/// <summary>The kept events of an issue in rows: narrowed down by values, sorted, a page at a time. They are few enough to do it here.</summary>
public sealed record EventTable
{
    public const int PageSize = 25;

    /// <summary>By which values rows can be told apart.</summary>
    public static readonly IReadOnlyList<string> Dimensions = ["browser", "os", "device", "release", "environment", "page", "user"];

    private const int LongestValue = 1000;

    public required IReadOnlyList<SampleRef> All { get; init; }

    /// <summary>Only rows with these values.</summary>
    public required IReadOnlyDictionary<string, string> Only { get; init; }

    /// <summary>A dimension, or "time", which is the newest first.</summary>
    public required string Sort { get; init; }

    public required int Page { get; init; }

    public static EventTable Of(IReadOnlyList<SampleRef> samples, IQueryCollection query) => new()
    {
        All = samples,
        Only = Dimensions.Where(dimension => query[dimension].ToString() is { Length: > 0 and <= LongestValue })
            .ToDictionary(dimension => dimension, dimension => query[dimension].ToString(), StringComparer.Ordinal),
        Sort = Dimensions.Contains(query["sort"].ToString()) ? query["sort"].ToString() : "time",
        Page = int.TryParse(query["page-number"], NumberStyles.None, CultureInfo.InvariantCulture, out var page) && page > 1 ? page : 1,
    };

    public IReadOnlyList<SampleRef> Matching => [.. All.Where(Matches)];

    public IReadOnlyList<SampleRef> Rows
    {
        get
        {
            var sorted = Sort == "time" ? Matching : [.. Matching.OrderBy(row => ValueOf(row, Sort) is null).ThenBy(row => ValueOf(row, Sort), StringComparer.OrdinalIgnoreCase)];
            return [.. sorted.Skip((Page - 1) * PageSize).Take(PageSize)];
        }
    }

    public bool HasMore => Matching.Count > Page * PageSize;

    public static string? ValueOf(SampleRef row, string dimension) => dimension switch
    {
        "browser" => row.Browser,
        "os" => row.Os,
        "device" => row.Device,
        "release" => row.Release,
        "environment" => row.Environment,
        "page" => row.Page,
        "user" => row.UserKey,
        _ => null,
    };

    public IReadOnlyList<string> ValuesOf(string dimension) =>
        [.. All.Select(row => ValueOf(row, dimension)).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.OrdinalIgnoreCase)];

    /// <summary>The address of this table, which stays a table of what it can show.</summary>
    public string ToQueryString()
    {
        var query = QueryString.Empty;
        foreach (var (dimension, value) in Only)
            query = query.Add(dimension, value);
        if (Sort != "time")
            query = query.Add("sort", Sort);
        if (Page > 1)
            query = query.Add("page-number", Page.ToString(CultureInfo.InvariantCulture));
        return query.ToString();
    }

    public EventTable Without(string dimension) =>
        this with { Only = Only.Where(one => one.Key != dimension).ToDictionary(StringComparer.Ordinal), Page = 1 };

    private bool Matches(SampleRef row) => Only.All(one => ValueOf(row, one.Key) == one.Value);
}
