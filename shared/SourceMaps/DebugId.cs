using System.Text;

namespace ErrorPipeline.Shared.SourceMaps;

/// <summary>
/// Debug ids: a UUID that a bundler writes into both the generated file and its map, so that the two find each other
/// whatever their addresses are.
/// </summary>
public static class DebugId
{
    /// <summary>A UUID with or without dashes, of any case; null for anything else.</summary>
    public static Guid? Parse(string? text) =>
        text is { Length: 36 } && Guid.TryParseExact(text, "D", out var id) || text is { Length: 32 } && Guid.TryParseExact(text, "N", out id) ? id : null;

    /// <summary>
    /// The id of a generated file: its last line comment "//# debugId=UUID". Looked for in the last 8 KB, where every
    /// tool puts it. Null where there is none.
    /// </summary>
    public static Guid? OfGeneratedFile(ReadOnlySpan<byte> file)
    {
        var tail = file[Math.Max(0, file.Length - 8192)..];
        while (true)
        {
            var at = tail.LastIndexOf("# debugId="u8);
            if (at < 0)
                return null;
            if (at >= 2 && tail[at - 1] == (byte)'/' && tail[at - 2] == (byte)'/' && Parse(Word(tail[(at + 10)..])) is { } id)
                return id;
            tail = tail[..at];
        }
    }

    private static string Word(ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOfAny(" \t\r\n"u8);
        return end > 100 ? "" : Encoding.UTF8.GetString(end < 0 ? rest[..Math.Min(rest.Length, 100)] : rest[..end]);
    }
}
