namespace ErrorPipeline.Shared.SourceMaps;

/// <summary>The sources and names of all plain maps in a map, one after the other.</summary>
internal sealed class MapParts(MapFields top)
{
    public MapFields Top { get; } = top;
    public List<string> Names { get; } = [];
    public List<string?> Urls { get; } = [];
    public List<bool> Ignored { get; } = [];
    public List<JsonSlice?> Contents { get; } = [];
    public List<FunctionMap?> Functions { get; } = [];

    /// <summary>Adds a plain map and makes its segments, from <paramref name="first"/> on, point at what was added.</summary>
    public void Append(MapFields map, string path, SegmentBuffer segments, int first, SourceMapLimits limits)
    {
        int sourceBase = Urls.Count, nameBase = Names.Count;
        var sources = map.Sources!;
        for (var i = 0; i < sources.Count; i++)
        {
            Urls.Add(Url(map.SourceRoot, sources[i], path, limits));
            Ignored.Add(false);
            Contents.Add(i < map.SourcesContent.Count ? map.SourcesContent[i] : null);
            Functions.Add(i < map.FunctionMaps.Count ? map.FunctionMaps[i] : null);
        }

        foreach (var index in map.IgnoreList ?? map.OldIgnoreList ?? [])
        {
            if (index >= sources.Count)
                throw new SourceMapException($"{path}ignoreList: {index} is beyond the {sources.Count} entries of sources");
            Ignored[sourceBase + index] = true;
        }

        Names.AddRange(map.Names);
        segments.Rebase(first, sourceBase, nameBase);
    }

    /// <summary>
    /// The root goes before the source, with one slash between. An empty root counts as none, since compilers write it
    /// where they mean none; a source with a scheme of its own stands alone.
    /// </summary>
    private static string? Url(string? root, string? source, string path, SourceMapLimits limits)
    {
        if (source is null || string.IsNullOrEmpty(root) || HasScheme(source))
            return source;
        if (root.Length + source.Length > limits.SourceLength)
            throw new SourceMapException($"{path}sources: an entry with its sourceRoot is longer than the limit of {limits.SourceLength}");
        return root.EndsWith('/') ? root + source : $"{root}/{source}";
    }

    private static bool HasScheme(string source)
    {
        var colon = source.IndexOf("://", StringComparison.Ordinal);
        return colon > 0 && char.IsAsciiLetter(source[0]) && source.AsSpan(0, colon).IndexOfAnyExcept("+-.0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") < 0;
    }
}
