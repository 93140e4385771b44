using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.SourceMaps;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Workers.Normalize.Policies;
using ErrorPipeline.Workers.Pumping;

namespace ErrorPipeline.Workers.Normalize.SourceMaps;

/// <summary>
/// Finds and decodes the maps that a batch needs. Errors matter more than maps: where the store cannot be read, the events go on
/// without and say so. Costs nothing but one query where no project of the batch has maps.
/// </summary>
/// <param name="survey">Release and files of an event.</param>
internal sealed class MapLoader(IArtifactReader artifacts, Func<UniqueError, Policy, IReadOnlyList<MappedFile>> survey, PumpOptions options, TimeProvider time)
{
    /// <summary>Bytes of decoded maps that are kept; also what one batch may hold at once.</summary>
    private const long Budget = 256L * 1024 * 1024;

    private readonly SourceMapCache _cache = new(Budget);

    public async Task<MapFacts> LoadAsync(IReadOnlyList<UniqueError> batch, PolicySet policies, CancellationToken cancel)
    {
        var files = new List<MappedFile>();
        try
        {
            var mapped = await artifacts.FindProjectsAsync([.. batch.Select(e => e.ProjectId).Distinct()], cancel);
            files = Survey(batch.Where(e => mapped.Contains(e.ProjectId)), policies);
            return await LoadAsync(files, cancel);
        }
        catch (Exception e) when (e is StoreUnavailableException or StoreCorruptException)
        {
            return new(files.ToDictionary(f => f, _ => Without("The store of source maps could not be read when this event arrived.")));
        }
    }

    /// <summary>The maps of some files. Throws where the store cannot be read.</summary>
    public async Task<MapFacts> LoadAsync(IReadOnlyList<MappedFile> files, CancellationToken cancel)
    {
        if (files.Count == 0)
            return MapFacts.None;
        var matches = await artifacts.MatchAsync([.. files.Select(f => new ArtifactQuestion(f.ProjectId, f.Release, f.File.Name, f.Dist, f.File.DebugId))], cancel);
        var found = new Dictionary<MappedFile, FileMap>();
        var inBatch = new Dictionary<string, SourceMap>(StringComparer.Ordinal);
        for (var i = 0; i < files.Count; i++)
            found[files[i]] = await ReadAsync(files[i], matches[i], inBatch, cancel);
        return new(found);
    }

    private static FileMap Without(string? problem) => new($"- {problem}", new(null, problem), null);

    private async Task<FileMap> ReadAsync(MappedFile file, ArtifactMatch match, Dictionary<string, SourceMap> inBatch, CancellationToken cancel)
    {
        if (match.MapHash is not { } hash)
            return Without(match.Problem);
        if (!inBatch.TryGetValue(hash, out var map))
        {
            if (inBatch.Values.Sum(m => m.Bytes) > Budget)
                return Without($"The source map of {file.File.Name} was not loaded: too many large ones were needed at once.");
            try
            {
                map = await _cache.GetAsync(hash, () => DecodeAsync(hash), cancel);
            }
            catch (SourceMapException e)
            {
                return Without($"The source map of {file.File.Name} cannot be used: {e.Message}.");
            }
        }

        if (map is null)
            return Without($"The source map of {file.File.Name} was deleted.");
        inBatch[hash] = map;
        return await WithSourcesAsync(file, hash, map, inBatch, cancel) is var (key, whole)
            ? new($"{key} {match.DebugId}", new(whole), match.DebugId)
            : new($"{hash} {match.DebugId}", new(map), match.DebugId);
    }

    /// <summary>Sources that were uploaded beside a map that does not hold them; null where there are none.</summary>
    private async Task<(string Key, SourceMap Map)?> WithSourcesAsync(MappedFile file, string hash, SourceMap map, Dictionary<string, SourceMap> inBatch, CancellationToken cancel)
    {
        if (!UploadedSources.AreMissing(map))
            return null;
        var found = UploadedSources.Match(map, await artifacts.FindBesidesAsync(file.ProjectId, hash, file.Release, cancel));
        if (found.Count == 0 || inBatch.Values.Sum(m => m.Bytes) > Budget)
            return null;
        var key = UploadedSources.Key(hash, found);
        if (!inBatch.TryGetValue(key, out var whole))
            inBatch[key] = whole = (await _cache.GetAsync(key, async () => await UploadedSources.ReadAsync(map, found, artifacts), cancel))!;
        return (key, whole);
    }

    private async Task<SourceMap?> DecodeAsync(string hash) =>
        await artifacts.ReadAsync(hash, CancellationToken.None) is { } json ? SourceMap.Decode(json) : null;

    /// <summary>Parses what the stage will parse again from its cache. Under its own watchdog, because a message may hang here as it may there.</summary>
    private List<MappedFile> Survey(IEnumerable<UniqueError> events, PolicySet policies)
    {
        using var limit = time.CreateTimer(
            _ => Environment.FailFast("reading a batch for its source maps did not end; its entries come back by reclaim and go to quarantine"),
            null, options.Watchdog, Timeout.InfiniteTimeSpan);
        return [.. events.SelectMany(unique => Survey(unique, policies)).Distinct()];
    }

    private IReadOnlyList<MappedFile> Survey(UniqueError unique, PolicySet policies)
    {
        try
        {
            return survey(unique, policies.Of(unique.ProjectId));
        }
        catch (Exception)
        {
            // The stage meets the same fault, where it is counted and set aside.
            return [];
        }
    }
}
