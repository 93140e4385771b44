namespace ErrorPipeline.Web.Issues;

/// <summary>The path of a frame's file as a repository would have it: no scheme, no host, no query, no dots.</summary>
internal static class RepositoryPath
{
    private const int Longest = 400;

    /// <summary>Null where the file names no path.</summary>
    public static string? Of(string? file)
    {
        if (string.IsNullOrEmpty(file) || file.Length > Longest || file[0] == '<' || file.Any(char.IsControl))
            return null;
        var path = file;
        if (path.IndexOf("://", StringComparison.Ordinal) is > 0 and var scheme)
            path = path[(scheme + 3)..] is var behind && behind.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? behind[(slash + 1)..] : "";
        if (path.IndexOfAny(['?', '#']) is >= 0 and var end)
            path = path[..end];
        var parts = path.Replace('\\', '/').Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part is not ("." or ".."));
        return string.Join('/', parts) is { Length: > 0 } tidy ? tidy : null;
    }

    /// <summary>One of them is the end of the other: builds and repositories disagree on where a path begins.</summary>
    public static bool AreOne(string a, string b) => a.Length >= b.Length ? EndsWith(a, b) : EndsWith(b, a);

    private static bool EndsWith(string longer, string shorter) =>
        longer.EndsWith(shorter, StringComparison.Ordinal) && (longer.Length == shorter.Length || longer[^(shorter.Length + 1)] == '/');
}
