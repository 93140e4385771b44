namespace ErrorPipeline.Shared.SourceMaps;

/// <summary>A place in an original source.</summary>
/// <param name="SourceIndex">Index into the map's sources.</param>
/// <param name="Source">Its address as the map gives it, sourceRoot before it; null where the map does not say.</param>
/// <param name="Line">0-based.</param>
/// <param name="Column">0-based, in UTF-16 units.</param>
/// <param name="Name">What the token there was called in the source; null where the map does not say.</param>
public readonly record struct OriginalPosition(int SourceIndex, string? Source, int Line, int Column, string? Name);

/// <summary>How a lookup ended.</summary>
public enum MapLookup
{
    /// <summary>The position is known.</summary>
    Found,

    /// <summary>The map describes fewer lines: most likely it is for another file.</summary>
    LineBeyondMap,

    /// <summary>The map has nothing for this line.</summary>
    LineWithoutMappings,

    /// <summary>The column is before the first mapping of its line.</summary>
    ColumnBeforeMappings,

    /// <summary>The map says that this code has no original: the bundler made it.</summary>
    Generated,
}

/// <summary>One original source of a map.</summary>
/// <param name="Url">With sourceRoot before it, otherwise as written; null where the map does not name it.</param>
/// <param name="Ignored">The map's ignoreList says that it is third-party code.</param>
/// <param name="HasContent">The map holds its text.</param>
public readonly record struct MapSource(string? Url, bool Ignored, bool HasContent);
