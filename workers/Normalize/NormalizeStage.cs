using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Policies;
using ErrorPipeline.Shared.Streams;
using ErrorPipeline.Workers.Normalize.Agents;
using ErrorPipeline.Workers.Normalize.Caching;
using ErrorPipeline.Workers.Normalize.Policies;
using ErrorPipeline.Workers.Normalize.Protocols;
using ErrorPipeline.Workers.Normalize.Reading;
using ErrorPipeline.Workers.Normalize.SourceMaps;
using ErrorPipeline.Workers.Pumping;

namespace ErrorPipeline.Workers.Normalize;

/// <summary>
/// Reads, parses, scrubs, applies source maps and rules, classifies, filters and fingerprints. The same input gives the same output; the caches
/// only save the work of a repeat. What the project does not want is counted with its reason and goes no further.
/// </summary>
internal sealed class NormalizeStage
{
    private const long ParsedBudget = 16 * 1024 * 1024;
    private const long AgentsBudget = 4_000;
    private const int MsPerMinute = 60_000;

    private readonly RecentCache<UInt128, ParsedError> _parsed = new(ParsedBudget, (_, error) => error.Weight);
    private readonly RecentCache<(string Header, string? Hints), UserAgent> _agents = new(AgentsBudget, (_, _) => 1);

    public StageResult<NormalizedError> Run(IReadOnlyList<UniqueError> batch, NormalizeFacts facts, DateTimeOffset now)
    {
        var judged = batch.SelectMany(unique => Judge(unique, facts)).ToLookup(j => j.Filtered is null);
        return new([.. judged[true].Select(j => EventTime.HoldToNow(j.Error, now))], [.. judged[false].SelectMany(Outcomes)])
        {
            Fates = [.. judged[false].SelectMany(j => j.Error.Occurrences.Select(o => new EventFate(Outcome.FilteredPrefix + j.Filtered, EventIdentity.Of(j.Error.ProjectId, o.EventId))))],
        };
    }

    /// <summary>The files of an event that source maps may be for.</summary>
    public IReadOnlyList<MappedFile> Files(UniqueError unique, Policy policy)
    {
        var read = Adapters.Of(unique.Protocol).Invoke(unique.Body);
        return [.. OriginalFrames.Files(Parse(read, policy, out _).Detail).Select(file => new MappedFile(unique.ProjectId, read.Release, file, read.Dist))];
    }

    /// <summary>As <see cref="Judge"/>, with what filters would take.</summary>
    public IReadOnlyList<NormalizedError> Normalize(UniqueError unique, NormalizeFacts? facts = null) => [.. Judge(unique, facts ?? NormalizeFacts.None).Select(j => j.Error)];

    /// <summary>Mostly one record. Several where class, fate or grouping differ, because they depend on light facts: crawlers among people, other pages.</summary>
    public IReadOnlyList<Judged> Judge(UniqueError unique, NormalizeFacts facts)
    {
        var policy = facts.Policies.Of(unique.ProjectId);
        var read = Adapters.Of(unique.Protocol).Invoke(unique.Body);
        var parsed = Parse(read, policy, out var signature);
        if (facts.Maps.Files.Count > 0)
            parsed = Original(parsed, ref signature, file => facts.Maps.Find(unique.ProjectId, read.Release, file, read.Dist), policy);
        var context = ContextReader.Of(read, policy.Scrub, EventTime.Skew(unique.Occurrences[0].SentAt, unique.Occurrences[0].ReceivedAt));
        var error = Marked(parsed, signature, policy, context);
        var judgement = new Judgement(policy, read, error, context);
        var hints = read.AgentHints.Length is 0 or > AgentHints.Longest ? null : Encoding.UTF8.GetString(read.AgentHints.Span);
        var bodys = unique.Occurrences[0].EventId;
        return [.. unique.Occurrences
            .Select((raw, index) => (Raw: raw, Agent: Agent(raw.UserAgent ?? read.UserAgent, raw.AgentHints ?? hints), First: index == 0))
            .Select(o => (Facts: OccurrenceFacts.Of(o.Raw, read, unique.ProjectId, policy, o.Agent, o.First), o.Agent, IsErased: policy.Erased.Cover(o.Raw, read, o.First)))
            .GroupBy(o => o.IsErased ? judgement.Of(o.Facts, o.Agent) with { Filtered = FilterName.Erased } : judgement.Of(o.Facts, o.Agent), o => o.Facts)
            .Select(alike => new Judged(
                new()
                {
                    ProjectId = unique.ProjectId,
                    Protocol = unique.Protocol,
                    Grouping = judgement.Group(alike.Key),
                    Title = alike.Key.Title ?? error.Title,
                    Culprit = error.Culprit ?? alike.First().Page ?? "",
                    Error = error.Detail,
                    Context = (alike.First().EventId == bodys ? judgement.Context : judgement.Context.WithoutVisitor())
                        with { Class = alike.Key.Blame.Class, ClassEvidence = alike.Key.Blame.Evidence },
                    Occurrences = [.. alike],
                },
                alike.Key.Filtered))];
    }

    private static IEnumerable<OutcomeCount> Outcomes(Judged judged) => judged.Error.Occurrences
        .CountBy(o => o.ReceivedAt / MsPerMinute)
        .Select(minute => new OutcomeCount(judged.Error.ProjectId, minute.Key, Outcome.FilteredPrefix + judged.Filtered, minute.Value));

    private ParsedError Parse(ReadEvent read, Policy policy, out UInt128 signature)
    {
        if (read is { Damaged: true, Fault: { Type: null, Message: null, Stack: null, Frames.Count: 0 } })
            read = read with { Fault = read.Fault with { Message = "The event could not be read: it is not one JSON object" } };
        signature = ParsedError.Signature(read) ^ policy.ScrubIdentity;
        if (_parsed.TryGet(signature, out var known))
            return known;
        var parsed = ParsedError.Of(read, policy.Scrub);
        _parsed.Add(signature, parsed);
        return parsed;
    }

    private ParsedError Original(ParsedError parsed, ref UInt128 signature, Func<RanFile, FileMap?> find, Policy policy)
    {
        if (OriginalFrames.Signature(signature, parsed.Detail, find) is not { } mapped)
            return parsed;
        signature = mapped;
        if (_parsed.TryGet(mapped, out var known))
            return known;
        var original = parsed.WithMaps(find, policy.Scrub);
        _parsed.Add(mapped, original);
        return original;
    }

    private ParsedError Marked(ParsedError parsed, UInt128 signature, Policy policy, EventContext context)
    {
        if (!policy.Rules.MarksFrames || policy.Rules.MarkingFor(Judgement.Subject(parsed, context)) is not { Count: > 0 } marking)
            return parsed;
        Span<byte> key = stackalloc byte[32 + (marking.Count * sizeof(int))];
        BinaryPrimitives.WriteUInt128BigEndian(key, signature);
        BinaryPrimitives.WriteUInt128BigEndian(key[16..], policy.RulesIdentity);
        for (var i = 0; i < marking.Count; i++)
            BinaryPrimitives.WriteInt32BigEndian(key[(32 + (i * sizeof(int)))..], marking[i].Line);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(key, digest);
        var ruled = BinaryPrimitives.ReadUInt128BigEndian(digest);
        if (_parsed.TryGet(ruled, out var known))
            return known;
        var marked = parsed.WithMarks(marking);
        _parsed.Add(ruled, marked);
        return marked;
    }

    private UserAgent? Agent(string? header, string? hints)
    {
        if (string.IsNullOrWhiteSpace(header))
            return null;
        if (header.Length > AgentParser.Longest)
            header = header[..AgentParser.Longest];
        if (_agents.TryGet((header, hints), out var known))
            return known;
        // Header by header: few browsers, many ways to hint.
        var agent = hints is null ? AgentParser.Parse(header) : Agent(header, null)!;
        if (ClientHints.Read(hints) is { } told)
            agent = told.Refine(agent);
        _agents.Add((header, hints), agent);
        return agent;
    }
}

/// <param name="Filtered">The filter that takes it; null where it is kept.</param>
internal sealed record Judged(NormalizedError Error, string? Filtered);
