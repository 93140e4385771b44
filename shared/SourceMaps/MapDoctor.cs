using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.SourceMaps;

/// <summary>Says in one sentence why a frame was not resolved, so that the person who uploads maps knows what to change.</summary>
internal static class MapDoctor
{
    /// <summary>A line ends soon after its last mapping: beyond that is another file's line.</summary>
    private const int LongestToken = 1_000;

    public static string? BeforeLookup(StackFrame frame, MapAnswer answer, Guid? debugId)
    {
        if (answer.Map is not { } map)
            return answer.Problem ?? (debugId is { } wanted
                ? $"No source map was uploaded for {frame.File} (debug id {wanted})."
                : $"No source map was uploaded for {frame.File}.");
        if (debugId is { } file && map.DebugId is { } own && file != own)
            return $"The source map of {frame.File} has the debug id {own}, the file itself {file}: the map is for another build.";
        if (frame.Line is not > 0)
            return $"The browser gave no line for {frame.File}.";
        return frame.Column is > 0 ? null : $"The browser gave no column for line {frame.Line} of {frame.File}.";
    }

    public static string? AfterLookup(StackFrame frame, SourceMap map, MapLookup lookup, in OriginalPosition position) => lookup switch
    {
        MapLookup.LineBeyondMap =>
            $"The source map of {frame.File} describes {Lines(map.LineCount)}, but the frame is on line {frame.Line}: the map is for another build or another file.",
        MapLookup.LineWithoutMappings => $"The source map of {frame.File} has no mappings for line {frame.Line}.",
        MapLookup.ColumnBeforeMappings =>
            $"Column {frame.Column} is before the first mapping of line {frame.Line} in the source map of {frame.File}.",
        MapLookup.Generated => $"The source map says that line {frame.Line}, column {frame.Column} of {frame.File} was made by the bundler and has no source.",
        _ when map.LastColumn(frame.Line!.Value - 1) is >= 0 and var last && frame.Column - 1 - last > LongestToken =>
            $"Column {frame.Column} is far beyond column {last + 1}, the last that the source map of {frame.File} knows of line {frame.Line}: the map is for another build.",
        _ when position.Source is null => $"The source map of {frame.File} does not name the source of line {frame.Line}, column {frame.Column}.",
        _ => null,
    };

    private static string Lines(int count) => count == 1 ? "1 line" : $"{count} lines";
}
