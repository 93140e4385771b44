namespace ErrorPipeline.Shared.Contracts;

/// <summary>The low-entropy client hints that browsers send with every request, kept as one text until they are read: Sec-CH-UA, its platform and mobile, a line each.</summary>
public static class AgentHints
{
    public const int Longest = 500;

    /// <summary>Null where the browser sent no brands, or more than any browser does.</summary>
    public static string? Of(string? brands, string? platform, string? mobile) =>
        string.IsNullOrEmpty(brands) || brands.Length + (platform?.Length ?? 0) + (mobile?.Length ?? 0) > Longest ? null : $"{brands}\n{platform}\n{mobile}";
}
