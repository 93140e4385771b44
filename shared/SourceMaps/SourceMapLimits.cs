namespace ErrorPipeline.Shared.SourceMaps;

/// <summary>
/// What a map may cost. Beyond a limit the map is refused and the message names the limit. The defaults take every
/// bundle that we know of and keep a hostile upload under about 300 MB of working memory.
/// </summary>
public sealed record SourceMapLimits
{
    public static SourceMapLimits Default { get; } = new();

    /// <summary>Bytes of the whole text.</summary>
    public int Bytes { get; init; } = 128 * 1024 * 1024;

    /// <summary>Segments, over all sections.</summary>
    public int Segments { get; init; } = 5_000_000;

    /// <summary>Lines of the generated file.</summary>
    public int Lines { get; init; } = 2_000_000;

    /// <summary>Sections of an index map, over all levels.</summary>
    public int Sections { get; init; } = 20_000;

    /// <summary>How deep index maps may be nested; 1 is an index map of plain maps.</summary>
    public int Depth { get; init; } = 4;

    /// <summary>Entries of sources and of names, each over all sections.</summary>
    public int Entries { get; init; } = 1_000_000;

    /// <summary>UTF-8 bytes of one name.</summary>
    public int NameLength { get; init; } = 4096;

    /// <summary>UTF-8 bytes of one entry of sources, sourceRoot included.</summary>
    public int SourceLength { get; init; } = 8192;
}
