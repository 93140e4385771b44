namespace ErrorPipeline.Shared.SourceMaps;

/// <summary>The fields of one map object as they were read; strings that may be large are still slices of the bytes.</summary>
internal sealed class MapFields
{
    public bool Version { get; set; }
    public string? File { get; set; }
    public string? SourceRoot { get; set; }
    public List<string?>? Sources { get; set; }
    public List<JsonSlice?> SourcesContent { get; set; } = [];
    public List<string> Names { get; set; } = [];
    public JsonSlice? Mappings { get; set; }
    public JsonSlice? RangeMappings { get; set; }
    public List<int>? IgnoreList { get; set; }
    public List<int>? OldIgnoreList { get; set; }
    public List<MapSection>? Sections { get; set; }
    public Guid? DebugId { get; set; }
    public List<FunctionMap?> FunctionMaps { get; set; } = [];
    public Dictionary<int, int[]>? HermesOffsets { get; set; }
}

internal sealed record MapSection(int Line, int Column, MapFields Map);
