using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize.Reading;
using ErrorPipeline.Workers.Normalize.Stacks;

namespace ErrorPipeline.Workers.Normalize.Protocols;

/// <summary>A frame as a client parsed it.</summary>
internal readonly record struct FrameParts(string? Function, string? File, int? Line, int? Column, bool Foreign = false)
{
    /// <summary>What Rollbar names the file of a value that has no stack.</summary>
    private const string Nowhere = "(unknown)";

    /// <summary>What TrackJS names it.</summary>
    private const string Unnamed = "Empty String";

    /// <param name="parts">Newest first.</param>
    public static IReadOnlyList<StackFrame> ToFrames(IEnumerable<FrameParts> parts)
    {
        var frames = new FrameList();
        foreach (var part in parts)
        {
            if ((part.File is null or Nowhere) && part.Line is null && (part.Function is null || IsAnonymous(part.Function)))
                continue;
            var frame = FrameList.ToFrame(new(IsAnonymous(part.Function) ? default : part.Function, part.File, part.Line, part.Column));
            frames.Add(part.Foreign ? frame with { InApp = false } : frame);
        }

        return frames.ToList();
    }

    public static string? NameOf(JsonValue value) => value.Text(FrameList.LongestFunction);

    public static string? FileOf(JsonValue value) => value.Text(FrameList.LongestFile) is { } file and not Unnamed ? file : null;

    private static bool IsAnonymous(string? function) => function is "[anonymous]" or "?" or "async" or Nowhere or "unknown" or "UnknownFunction";
}
