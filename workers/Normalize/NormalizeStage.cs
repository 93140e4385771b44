using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize.Agents;
using ErrorPipeline.Workers.Normalize.Caching;
using ErrorPipeline.Workers.Normalize.Fingerprints;
using ErrorPipeline.Workers.Normalize.Protocols;
using ErrorPipeline.Workers.Normalize.Reading;
using ErrorPipeline.Workers.Normalize.Scrubbing;
using ErrorPipeline.Workers.Normalize.SourceMaps;
using ErrorPipeline.Workers.Pumping;

namespace ErrorPipeline.Workers.Normalize;

/// <summary>
/// Reads, parses, scrubs, applies source maps, classifies and fingerprints. The same input gives the same output; the caches only save the work of a repeat.
/// Filters nothing: as many events come out as went in.
/// </summary>
internal sealed class NormalizeStage
{
    private const long ParsedBudget = 16 * 1024 * 1024;
    private const long AgentsBudget = 4_000;

    private readonly RecentCache<UInt128, ParsedError> _parsed = new(ParsedBudget, (_, error) => error.Weight);
    private readonly RecentCache<string, UserAgent> _agents = new(AgentsBudget, (_, _) => 1);

    public StageResult<NormalizedError> Run(IReadOnlyList<UniqueError> batch, MapFacts maps, DateTimeOffset now) =>
        new([.. batch.SelectMany(unique => Normalize(unique, maps)).Select(error => EventTime.HoldToNow(error, now))], []);

    /// <summary>The files of an event that source maps may be for.</summary>
    public IReadOnlyList<MappedFile> Files(UniqueError unique)
    {
        var read = Adapters.Of(unique.Protocol).Invoke(unique.Body);
        return [.. OriginalFrames.Files(Parse(read, out _).Detail).Select(file => new MappedFile(unique.ProjectId, read.Release, file, read.Dist))];
    }

    /// <summary>Mostly one record. Several where class or grouping differ, because they depend on light facts: crawlers among people, other pages.</summary>
    public IReadOnlyList<NormalizedError> Normalize(UniqueError unique, MapFacts? maps = null)
    {
        var read = Adapters.Of(unique.Protocol).Invoke(unique.Body);
        var error = Parse(read, out var signature);
        if (maps is { Files.Count: > 0 })
            error = Original(error, signature, file => maps.Find(unique.ProjectId, read.Release, file, read.Dist));
        var context = ContextReader.Of(read);
        var bodys = unique.Occurrences[0].EventId;
        var client = read.Fingerprint.Select(part => Scrub.Text(part)).ToList();
        return [.. unique.Occurrences
            .Select((raw, index) => (Occurrence: Facts(raw, read, unique.ProjectId, index == 0), Agent: Agent(raw.UserAgent ?? read.UserAgent)))
            .GroupBy(o => (
                Blame: (o.Agent?.Bot is null ? read.Blame : null) ?? Blame.Of(error.Detail.Type, error.Detail.Message, error.Canonical, error.FramesAsRun, o.Occurrence.Page, o.Agent?.Bot),
                Page: error.Tokens.Count > 0 ? null : o.Occurrence.Page))
            .Select(alike => new NormalizedError
            {
                ProjectId = unique.ProjectId,
                Protocol = unique.Protocol,
                Grouping = error.Describe(FingerprintV1.Group(error.Tokens, client, error.Detail.Type, alike.Key.Page), read.Release),
                Title = error.Title,
                Culprit = error.Culprit ?? alike.First().Occurrence.Page ?? "",
                Error = error.Detail,
                Context = (alike.First().Occurrence.EventId == bodys ? context : context.WithoutVisitor()) with { Class = alike.Key.Blame.Class, ClassEvidence = alike.Key.Blame.Evidence },
                Occurrences = [.. alike.Select(o => o.Occurrence)],
            })];
    }

    private NormalizedOccurrence Facts(Occurrence raw, ReadEvent read, int projectId, bool first) =>
        OccurrenceFacts.Of(raw, read, projectId, Agent(raw.UserAgent ?? read.UserAgent), first);

    private ParsedError Parse(ReadEvent read, out UInt128 signature)
    {
        if (read is { Damaged: true, Fault: { Type: null, Message: null, Stack: null, Frames.Count: 0 } })
            read = read with { Fault = read.Fault with { Message = "The event could not be read: it is not one JSON object" } };
        signature = ParsedError.Signature(read);
        if (_parsed.TryGet(signature, out var known))
            return known;
        var parsed = ParsedError.Of(read);
        _parsed.Add(signature, parsed);
        return parsed;
    }

    private ParsedError Original(ParsedError parsed, UInt128 signature, Func<RanFile, FileMap?> find)
    {
        if (OriginalFrames.Signature(signature, parsed.Detail, find) is not { } mapped)
            return parsed;
        if (_parsed.TryGet(mapped, out var known))
            return known;
        var original = parsed.WithMaps(find);
        _parsed.Add(mapped, original);
        return original;
    }

    private UserAgent? Agent(string? header)
    {
        if (string.IsNullOrWhiteSpace(header))
            return null;
        if (header.Length > AgentParser.Longest)
            header = header[..AgentParser.Longest];
        if (_agents.TryGet(header, out var known))
            return known;
        var agent = AgentParser.Parse(header);
        _agents.Add(header, agent);
        return agent;
    }
}
