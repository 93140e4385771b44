namespace ErrorPipeline.Web.SourceMaps.Fetching;

/// <summary>From where a project lets scripts and maps be fetched: origins without a port, so that only the web's own ports are ever asked.</summary>
internal static class FetchOrigins
{
    private const int Most = 20;

    /// <summary>One a line; what to correct where it is no such list.</summary>
    public static (IReadOnlyList<string> Origins, string? Problem) Read(string? text)
    {
        var origins = (text ?? "").Split(['\n', '\r', ',', ' ', '\t'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(o => o.TrimEnd('/').ToLowerInvariant()).Distinct(StringComparer.Ordinal).ToList();
        if (origins.Count > Most)
            return (origins, $"At most {Most} origins.");
        return (origins, origins.Find(o => !IsOrigin(o)) is { } bad ? $"'{bad}' is no origin to fetch from. Write https://cdn.example.com, one a line, without a port and a path." : null);
    }

    public static bool Allows(IReadOnlyList<string>? origins, Uri address) => origins?.Contains(address.GetLeftPart(UriPartial.Authority).ToLowerInvariant()) == true;

    private static bool IsOrigin(string text) => text.Length < 300 && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
        && url.IsDefaultPort && url.UserInfo.Length == 0 && url.GetLeftPart(UriPartial.Authority) == text;
}
