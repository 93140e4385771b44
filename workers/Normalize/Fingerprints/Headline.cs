using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize.Protocols;

namespace ErrorPipeline.Workers.Normalize.Fingerprints;

/// <summary>What people read in a list of issues.</summary>
internal static class Headline
{
    private const int LongestTitle = 200;
    private const int LongestCulprit = 200;

    public static string Title(string type, string message) => (type, message) switch
    {
        // Alone these words look like a mistake of ours.
        (Wording.Rejection, "" or "undefined" or "null") => $"{type}: no reason was given ({(message.Length == 0 ? "an empty text" : message)})",
        (Wording.Thrown, "" or "undefined" or "null") => $"{type}: {(message.Length == 0 ? "an empty text" : message)} was thrown",
        _ => Line(string.IsNullOrWhiteSpace(message) ? type : $"{type}: {message.AsSpan().Trim()}"),
    };

    /// <summary>The first line, cut.</summary>
    public static string Line(string text)
    {
        var line = text.AsSpan().Trim();
        if (line.IndexOfAny('\r', '\n') is >= 0 and var end)
            line = line[..end].TrimEnd();
        return Cut(line.ToString(), LongestTitle);
    }

    /// <summary>"function in file" of the newest in-app frame, else of the newest with a file; null where there is none.</summary>
    public static string? Culprit(IReadOnlyList<StackFrame> frames)
    {
        var frame = frames.FirstOrDefault(f => f.InApp) ?? frames.FirstOrDefault(f => f.File is not null);
        if (frame?.File is null)
            return null;
        var path = FrameFile.Path(frame.File);
        return Cut(frame.Function is null ? path.ToString() : $"{frame.Function} in {path}", LongestCulprit);
    }

    private static string Cut(string text, int longest)
    {
        if (text.Length <= longest)
            return text;
        var end = char.IsHighSurrogate(text[longest - 2]) ? longest - 2 : longest - 1;
        return text[..end] + "…";
    }
}
