using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Workers.Normalize.Fingerprints;

/// <summary>
/// The name of an error within one build: its stack as the browser ran it. With and without source maps it is the same, so that what is
/// grouped by minified names and, once the maps are there, by original ones can be known for one error.
/// A named function counts by its name, because an error may be thrown at several places of it; an anonymous one by its place.
/// </summary>
internal static class BuildStack
{
    private const int FramesLookedAt = 10;
    private const int LongestRelease = 200;

    /// <summary>Null where no frame is in a file that a map could be for.</summary>
    public static string? Of(ErrorDetail detail, string template)
    {
        var text = new StringBuilder(detail.Type).Append('\0').Append(template);
        var any = false;
        foreach (var frame in detail.Frames.Take(FramesLookedAt))
        {
            if (frame.File is null || frame.Line is null)
                continue;
            any |= frame.InApp;
            text.Append('\0').Append(frame.File).Append('\0');
            if (FrameFunction.Stable(frame.Function) is var name && name != FrameFunction.Anonymous)
                text.Append(name);
            else
                text.Append(CultureInfo.InvariantCulture, $"{frame.Line}:{frame.Column}");
        }

        return any ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16)) : null;
    }

    /// <summary>Null where the fingerprint does not rest on the stack: then maps do not change it, and it shares nothing with another one.</summary>
    public static GroupingAlias? Alias(string? stack, Grouping grouping, IReadOnlyList<string> errorTokens, string? release, bool isMapped)
    {
        if (stack is null || errorTokens.Count == 0 || !errorTokens.All(grouping.Tokens.Contains))
            return null;
        var added = grouping.Tokens.Count == errorTokens.Count ? [] : grouping.Tokens.Except(errorTokens, StringComparer.Ordinal).ToList();
        var name = added.Count == 0 ? stack : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{stack}\0{string.Join('\0', added)}")).AsSpan(0, 16));
        return new(GroupingAlias.Build, $"{name}@{(release is { Length: > LongestRelease } ? release[..LongestRelease] : release)}", isMapped);
    }
}
