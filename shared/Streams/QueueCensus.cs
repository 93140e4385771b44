using System.Text.Json;
using ErrorPipeline.Shared.Contracts;
using StackExchange.Redis;

namespace ErrorPipeline.Shared.Streams;

/// <summary>
/// Counts what is in flight by project, by reading the queues: their lengths tell nothing of projects. Reads at most a budget of bytes, and not in
/// one moment: what moves on meanwhile may be counted in two queues. Throws <see cref="RedisUnavailableException"/>.
/// </summary>
public sealed class QueueCensus(RedisConnection redis)
{
    /// <summary>What cannot be read here (an unknown version, torn) is counted for no project.</summary>
    public const int NoProject = 0;

    private const long Budget = 8L << 20;
    private const int EntriesAtOnce = 16;

    public async Task<QueuedEvents> CountAsync(IEnumerable<Lane> lanes)
    {
        var events = new Dictionary<int, long>();
        var left = Budget;
        foreach (var (stream, read) in lanes.SelectMany(Queues))
            left = await CountAsync(stream, read, left, events);
        return new(events, left > 0);
    }

    private static IEnumerable<(string Stream, Func<StreamEntry, IEnumerable<(int Project, long Events)>> Read)> Queues(Lane lane) =>
    [
        (lane.Parked, e => [(NoProject, e.Events)]),
        (lane.Raw, OfRaw),
        (lane.RawBulk, OfRaw),
        (lane.Unique, e => MessageFrames.Split(e.Data).Select(bytes => MessageCodec.ReadUnique(bytes)).Select(m => (m.ProjectId, (long)m.Count))),
        (lane.Normalized, e => MessageFrames.Split(e.Data).Select(bytes => Json(bytes.Span, ContractsJson.Default.NormalizedError)).Select(m => (m.ProjectId, (long)m.Count))),
        (lane.Deltas, e => e.Events == 0 ? [] : Json(e.Data, ContractsJson.Default.DeltaBatch).Issues.Select(i => (i.ProjectId, i.Count))),
    ];

    private static IEnumerable<(int Project, long Events)> OfRaw(StreamEntry entry) =>
        MessageFrames.Split(entry.Data).Select(bytes => (MessageCodec.ReadRaw(bytes).ProjectId, 1L));

    private async Task<long> CountAsync(
        string stream, Func<StreamEntry, IEnumerable<(int Project, long Events)>> read, long left, Dictionary<int, long> events)
    {
        var after = "-";
        while (left > 0)
        {
            var entries = StreamEntry.FromList(await redis.ExecuteAsync("XRANGE", (RedisKey)stream, after, "+", "COUNT", EntriesAtOnce));
            foreach (var entry in entries)
            {
                left -= entry.Data.Length + 1;
                foreach (var (project, count) in Read(read, entry))
                    events[project] = events.GetValueOrDefault(project) + count;
            }

            if (entries.Count < EntriesAtOnce)
                break;
            after = $"({entries[^1].Id}";
        }

        return left;
    }

    private static List<(int Project, long Events)> Read(Func<StreamEntry, IEnumerable<(int Project, long Events)>> read, StreamEntry entry)
    {
        try
        {
            return [.. read(entry)];
        }
        catch (Exception e) when (e is FormatException or JsonException or UnknownVersionException or ArgumentException)
        {
            return [(NoProject, entry.Events)];
        }
    }

    private static T Json<T>(ReadOnlySpan<byte> json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(json, type) ?? throw new FormatException("null");
}

/// <param name="Events">Project to its events in the queues; those that cannot be read under <see cref="QueueCensus.NoProject"/>.</param>
/// <param name="IsWhole">False where the queues hold more than is read for a count.</param>
public sealed record QueuedEvents(IReadOnlyDictionary<int, long> Events, bool IsWhole);
