using System.Globalization;
using System.Text;
using System.Text.Json;
using ErrorPipeline.Shared.Contracts;
using StackExchange.Redis;

namespace ErrorPipeline.Shared.Streams;

/// <summary>
/// Looks for one event in everything that its lane holds: the queues, what is parked, the dead letters, and the fates that wait for the writer.
/// Reads at most a budget of bytes. Throws <see cref="RedisUnavailableException"/>.
/// </summary>
public sealed class EventSearch(RedisConnection redis, DeadLetters dead)
{
    /// <summary>A backlog of more is not searched to its end: half a second of a local Redis.</summary>
    private const long Budget = 64L << 20;
    private const int EntriesAtOnce = 16;
    private const int MostFates = 500;

    public async Task<SearchedEvent> FindAsync(Lane lane, int projectId, string eventId)
    {
        var wanted = new Wanted(projectId, eventId, Encoding.UTF8.GetBytes(eventId), EventIdentity.Of(projectId, eventId).Short);
        var left = Budget;
        var found = new List<Sighting>();

        // In the order of the flow: what moves on meanwhile is met again further down, and whoever then asks the store misses nothing.
        foreach (var (name, stream, holds) in Queues(lane))
            left = await SearchAsync(name, stream, holds, wanted, left, found);
        foreach (var fate in (byte[][])(await redis.ExecuteAsync("LRANGE", (RedisKey)lane.Fates, 0, MostFates))!)
        {
            if (Read(fate, ContractsJson.Default.FateIds) is { } told && ShortIds.Unpack(told.Ids).Contains(wanted.Short))
                found.Add(new("fates", default, 0, null, told.Outcome));
        }

        left = await SearchAsync("deltas", lane.Deltas, InDelta, wanted, left, found);
        foreach (var letter in await dead.ListAsync(lane, EntriesAtOnce * 16))
        {
            left -= letter.Letter.Payload.Data.Length;
            if (letter.Letter.EventId == eventId && letter.Letter.ProjectId == projectId || letter.Letter.Payload.Data.AsSpan().IndexOf(wanted.Utf8) >= 0)
                found.Add(new("dead", letter.Id, 0, null, $"{letter.Letter.Stage}"));
        }

        return new(found, left > 0);
    }

    private static IEnumerable<(string Name, string Stream, Func<StreamEntry, Wanted, string?> Holds)> Queues(Lane lane) =>
    [
        ("parked", lane.Parked, (e, w) => e.Data.AsSpan().IndexOf(w.Utf8) >= 0 ? "" : null),
        ("raw", lane.Raw, InRaw),
        ("raw-bulk", lane.RawBulk, InRaw),
        ("unique", lane.Unique, (e, w) => InFramed(e, w, bytes => MessageCodec.ReadUnique(bytes) is var m && m.ProjectId == w.ProjectId && m.Occurrences.Any(o => o.EventId == w.EventId))),
        ("normalized", lane.Normalized, (e, w) => InFramed(e, w, bytes => Read(bytes.Span, ContractsJson.Default.NormalizedError) is { } m && m.ProjectId == w.ProjectId && m.Occurrences.Any(o => o.EventId == w.EventId))),
    ];

    private async Task<long> SearchAsync(
        string name, string stream, Func<StreamEntry, Wanted, string?> holds, Wanted wanted, long left, List<Sighting> found)
    {
        var after = "-";
        while (left > 0)
        {
            var entries = StreamEntry.FromList(await redis.ExecuteAsync("XRANGE", (RedisKey)stream, after, "+", "COUNT", EntriesAtOnce));
            foreach (var entry in entries)
            {
                left -= entry.Data.Length + 1;
                if (Holds(holds, entry, wanted) is { } detail)
                    found.Add(new(name, entry.Id, await AgeAsync(entry.Id), await HolderAsync(stream, entry.Id), detail.Length > 0 ? detail : null));
            }

            if (entries.Count < EntriesAtOnce)
                break;
            after = $"({entries[^1].Id}";
        }

        return left;
    }

    /// <summary>What cannot be read does not tell anything; the stage that meets it will.</summary>
    private static string? Holds(Func<StreamEntry, Wanted, string?> holds, StreamEntry entry, Wanted wanted)
    {
        try
        {
            return holds(entry, wanted);
        }
        catch (Exception e) when (e is FormatException or JsonException or UnknownVersionException or ArgumentException)
        {
            return null;
        }
    }

    private static string? InRaw(StreamEntry entry, Wanted wanted) => InFramed(
        entry, wanted, bytes => MessageCodec.ReadRaw(bytes) is var m && m.ProjectId == wanted.ProjectId && m.EventId == wanted.EventId);

    /// <summary>The id's bytes are looked for first: that is far quicker than reading the messages.</summary>
    private static string? InFramed(StreamEntry entry, Wanted wanted, Func<ReadOnlyMemory<byte>, bool> isIt) =>
        entry.Data.AsSpan().IndexOf(wanted.Utf8) >= 0
        && MessageFrames.Split(entry.Data).Exists(bytes => bytes.Span.IndexOf(wanted.Utf8) >= 0 && isIt(bytes)) ? "" : null;

    private static string? InDelta(StreamEntry entry, Wanted wanted)
    {
        if (entry.Data.Length == 0 || Read(entry.Data, ContractsJson.Default.DeltaBatch) is not { } batch)
            return null;
        var fate = batch.Fates?.FirstOrDefault(f => ShortIds.Unpack(f.Ids).Contains(wanted.Short));
        if (fate is not null)
            return fate.Outcome;
        return batch.Issues.Any(i => i.ProjectId == wanted.ProjectId && ShortIds.Unpack(i.EventIds).Contains(wanted.Short)) ? "" : null;
    }

    private static T? Read<T>(ReadOnlySpan<byte> json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) => JsonSerializer.Deserialize(json, type);

    private async Task<double> AgeAsync(StreamId id)
    {
        var time = (string[])(await redis.ExecuteAsync("TIME"))!;
        return Math.Max(0, double.Parse(time[0], CultureInfo.InvariantCulture) - (id.Ms / 1000.0));
    }

    /// <summary>The worker that has read the entry and not moved it yet; null where none has.</summary>
    private async Task<string?> HolderAsync(string stream, StreamId id)
    {
        try
        {
            var pending = (RedisResult[])await redis.ExecuteAsync("XPENDING", (RedisKey)stream, StreamGroup.Name, id.ToString(), id.ToString(), 1);
            return pending.Length == 0 ? null : (string?)((RedisResult[])pending[0])[1];
        }
        catch (RedisServerException)
        {
            return null; // no group: deltas and parked have none
        }
    }

    private sealed record Wanted(int ProjectId, string EventId, byte[] Utf8, ulong Short);
}

/// <param name="IsWhole">False where the lane holds more than a search looks at.</param>
public sealed record SearchedEvent(IReadOnlyList<Sighting> Sightings, bool IsWhole);

/// <param name="Where">raw, raw-bulk, unique, normalized, deltas, parked, fates or dead.</param>
/// <param name="Seconds">How long the entry has been there.</param>
/// <param name="Holder">The worker that works on it, where one does.</param>
/// <param name="Detail">The outcome, where it is on its way to the store; the stage, for a dead letter.</param>
public sealed record Sighting(string Where, StreamId Entry, double Seconds, string? Holder, string? Detail);
