using System.Globalization;

namespace ErrorPipeline.Web.Settings;

/// <summary>What people type about a project, and whether it can be used.</summary>
public sealed record ProjectForm
{
    public string? Name { get; init; }
    public string? Origins { get; init; }
    public string? EventsPerMinute { get; init; }

    private const int LongestName = 80;
    private const int MostOrigins = 50;

    public IReadOnlyList<string> OriginList => (Origins ?? "")
        .Split(['\n', '\r', ',', ' ', '\t'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Select(o => o.TrimEnd('/').ToLowerInvariant()).Distinct(StringComparer.Ordinal).ToList();

    public int? Limit => int.TryParse(EventsPerMinute, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null;

    public string CleanName => (Name ?? "").Trim();

    /// <summary>What to correct, or null.</summary>
    public string? Problem()
    {
        if (CleanName.Length is 0 or > LongestName || CleanName.Any(char.IsControl))
            return $"Give the project a name of 1 to {LongestName} characters.";
        if (OriginList.Count > MostOrigins)
            return $"At most {MostOrigins} origins.";
        if (OriginList.FirstOrDefault(o => !IsOrigin(o)) is { } bad)
            return $"'{bad}' is not an origin. Write https://example.com or https://*.example.com, one a line, without a path.";
        if (!string.IsNullOrWhiteSpace(EventsPerMinute) && Limit is null or < 1 or > 10_000_000)
            return "Events per minute is a number from 1 to 10,000,000, or empty for the collector's default.";
        return null;
    }

    private static bool IsOrigin(string text)
    {
        var plain = text.Replace("://*.", "://any.", StringComparison.Ordinal);
        return Uri.TryCreate(plain, UriKind.Absolute, out var url) && (url.Scheme is "http" or "https")
            && url.PathAndQuery == "/" && url.Fragment.Length == 0 && url.UserInfo.Length == 0 && !plain.Contains('*', StringComparison.Ordinal)
            && plain.Length < 300;
    }
}
