using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.SourceMaps;

/// <summary>What is known of the map of a generated file.</summary>
/// <param name="Map">Null where there is none.</param>
/// <param name="Problem">Why there is none, one sentence; null lets the symbolicator say that no artifact was found.</param>
public readonly record struct MapAnswer(SourceMap? Map, string? Problem = null);

/// <summary>Finds the map of a generated file, by its debug id where the event tells one, otherwise by its address.</summary>
public delegate MapAnswer FindMap(string url, Guid? debugId);

/// <summary>
/// Puts frames back to where they were written. Pure: whatever needs a store is behind the delegate. A frame that cannot
/// be resolved stays as it is and says why in <see cref="StackFrame.MapProblem"/>.
/// </summary>
public static class Symbolicator
{
    /// <param name="frames">Newest first, as parsed: 1-based generated lines and columns.</param>
    /// <param name="find">Asked once per file.</param>
    /// <param name="debugIds">What the event told of its files, by address.</param>
    public static IReadOnlyList<StackFrame> Symbolicate(IReadOnlyList<StackFrame> frames, FindMap find, IReadOnlyDictionary<string, Guid>? debugIds = null)
    {
        var maps = new Dictionary<string, MapAnswer>(StringComparer.Ordinal);
        var found = new FoundFrame[frames.Count];
        for (var i = 0; i < found.Length; i++)
            found[i] = Find(frames[i], maps, find, debugIds);
        return [.. found.Select((frame, index) => Original(frame, index + 1 < found.Length ? found[index + 1] : null))];
    }

    private static FoundFrame Find(StackFrame frame, Dictionary<string, MapAnswer> maps, FindMap find, IReadOnlyDictionary<string, Guid>? debugIds)
    {
        // What was resolved before, or never was in a file that can have a map, is not ours to explain.
        if (frame.File is not { Length: > 0 } file || frame.Generated is not null)
            return new FoundFrame(frame, null, default, null);
        Guid? debugId = debugIds is not null && debugIds.TryGetValue(file, out var id) ? id : null;
        if (!maps.TryGetValue(file, out var answer))
            maps[file] = answer = find(file, debugId);
        if (MapDoctor.BeforeLookup(frame, answer, debugId) is { } problem)
            return new FoundFrame(frame, null, default, problem);
        var map = answer.Map!;
        var lookup = map.Find(frame.Line!.Value - 1, frame.Column!.Value - 1, out var position);
        return MapDoctor.AfterLookup(frame, map, lookup, position) is { } miss
            ? new FoundFrame(frame, null, default, miss) : new FoundFrame(frame, map, position, null);
    }

    private static StackFrame Original(FoundFrame found, FoundFrame? caller)
    {
        var frame = found.Frame;
        if (found.Map is not { } map)
            return found.Problem is null ? frame : frame with { MapProblem = found.Problem };
        var at = found.Position;
        return frame with
        {
            Function = FunctionNames.Of(found, caller),
            File = at.Source,
            Line = at.Line + 1,
            Column = at.Column + 1,
            InApp = frame.InApp && !map.Source(at.SourceIndex).Ignored && !IsLibrary(at.Source!),
            Generated = new GeneratedPlace(frame.File!, frame.Line, frame.Column, frame.Function),
            Context = SourceLines.Around(map, at),
            MapProblem = null,
        };
    }

    /// <summary>What package managers installed and what bundlers added is not the site's own.</summary>
    private static bool IsLibrary(string source) =>
        source.Contains("node_modules/", StringComparison.Ordinal) || source.Contains("/(webpack)", StringComparison.Ordinal)
        || (source.StartsWith("webpack://", StringComparison.Ordinal) && source.Contains("/webpack/", StringComparison.Ordinal));
}

/// <summary>A frame and what its map says of it; the map is null where it was not resolved.</summary>
internal sealed record FoundFrame(StackFrame Frame, SourceMap? Map, OriginalPosition Position, string? Problem);
