using ErrorPipeline.Shared.SourceMaps;

namespace ErrorPipeline.Workers.Normalize.SourceMaps;

/// <summary>The source maps that a batch needs, decoded; loaded before the stage, which knows no store.</summary>
internal sealed record MapFacts(IReadOnlyDictionary<MappedFile, FileMap> Files)
{
    public static readonly MapFacts None = new(new Dictionary<MappedFile, FileMap>());

    /// <summary>Null where the project has no source maps at all: then nothing is missing.</summary>
    public FileMap? Find(int projectId, string? release, RanFile file, string? dist = null) =>
        Files.GetValueOrDefault(new(projectId, release, file, dist));
}

/// <param name="Dist">Tells builds of one release apart.</param>
internal readonly record struct MappedFile(int ProjectId, string? Release, RanFile File, string? Dist = null);

/// <summary>A file that the browser ran.</summary>
/// <param name="DebugId">What the client told of it.</param>
internal readonly record struct RanFile(string Name, Guid? DebugId);

/// <param name="Identity">Equal for equal answers only: the map's hash, or the problem.</param>
/// <param name="Answer">The map, or why there is none.</param>
/// <param name="DebugId">What the uploaded minified file says of itself.</param>
internal sealed record FileMap(string Identity, MapAnswer Answer, Guid? DebugId);
