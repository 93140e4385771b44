using System.Globalization;
using StackExchange.Redis;

namespace ErrorPipeline.Shared.Streams;

/// <summary>What could not be processed, kept with its bytes.</summary>
/// <param name="Payload">As it was in the stream: replayed unchanged.</param>
/// <param name="Stage">The stage where it died.</param>
/// <param name="Stream">The stream it was read from, and goes back to.</param>
/// <param name="EventId">Of its first event; the entry's id where it could not be decoded.</param>
/// <param name="Error">For people: the exception, "crashed" or "timed out".</param>
/// <param name="At">ms since 1970 UTC.</param>
public sealed record DeadLetter(
    StreamPayload Payload, string Stage, string Stream, int ProjectId, string EventId, string Error, long At);

/// <summary>Shows, replays and drops dead letters. Throws <see cref="RedisUnavailableException"/>.</summary>
public sealed class DeadLetters(RedisConnection redis)
{
    private const int AtOnce = 20;

    /// <summary>Newest first, before <paramref name="before"/> where given.</summary>
    public async Task<IReadOnlyList<KeptLetter>> ListAsync(Lane lane, int most, StreamId? before = null)
    {
        var answer = (RedisResult[])await redis.ExecuteAsync(
            "XREVRANGE", (RedisKey)lane.Dead, before is { } id ? $"({id}" : "+", "-", "COUNT", most);
        return [.. answer.Select(entry => Read(lane, entry))];
    }

    /// <summary>
    /// All letters that a filter means, newest first, a few at a time: payloads can be big. What is added meanwhile is not met, so that a letter which
    /// is replayed and dies again is not replayed for ever.
    /// </summary>
    public async IAsyncEnumerable<KeptLetter> FindAsync(IEnumerable<Lane> lanes, DeadFilter filter)
    {
        ArgumentNullException.ThrowIfNull(lanes);
        ArgumentNullException.ThrowIfNull(filter);
        foreach (var lane in lanes)
        {
            StreamId? before = null;
            while (await ListAsync(lane, AtOnce, before) is { Count: > 0 } letters)
            {
                foreach (var letter in letters)
                {
                    if (filter.Matches(letter.Letter))
                        yield return letter;
                }

                before = letters[^1].Id;
            }
        }
    }

    /// <summary>Replays all that a filter means; how many.</summary>
    public Task<long> ReplayAllAsync(IEnumerable<Lane> lanes, DeadFilter filter) => AllAsync(lanes, filter, ReplayAsync);

    /// <summary>Drops all that a filter means; how many.</summary>
    public Task<long> DropAllAsync(IEnumerable<Lane> lanes, DeadFilter filter) => AllAsync(lanes, filter, DropAsync);

    /// <summary>Back to the stage where it died, in one step that keeps the ledger balanced. False where it is gone.</summary>
    public async Task<bool> ReplayAsync(Lane lane, StreamId id)
    {
        var letter = await redis.ExecuteAsync("XRANGE", (RedisKey)lane.Dead, id.ToString(), id.ToString());
        if (((RedisResult[])letter).Length == 0)
            return false;
        var stream = Read(lane, ((RedisResult[])letter)[0]).Letter.Stream;
        return (int)await redis.RunAsync(
            RedisScript.ReplayDead,
            [lane.Dead, lane.Ledger, lane.Outcomes, Attempts.KeyOf(lane), stream, Lane.SizesOf(stream), lane.Notes],
            [id.ToString()]) == 1;
    }

    /// <summary>Forgets the letter; its events stay counted as dead. False where it is gone.</summary>
    public async Task<bool> DropAsync(Lane lane, StreamId id) =>
        (long)await redis.ExecuteAsync("XDEL", (RedisKey)lane.Dead, id.ToString()) == 1;

    private async Task<long> AllAsync(IEnumerable<Lane> lanes, DeadFilter filter, Func<Lane, StreamId, Task<bool>> change)
    {
        var changed = 0L;
        await foreach (var letter in FindAsync(lanes, filter))
            changed += await change(letter.Lane, letter.Id) ? 1 : 0;
        return changed;
    }

    private static KeptLetter Read(Lane lane, RedisResult entry)
    {
        var parts = (RedisResult[])entry;
        var values = (RedisValue[])parts[1];
        var fields = new Dictionary<string, RedisValue>(StringComparer.Ordinal);
        for (var i = 0; i + 1 < values.Length; i += 2)
            fields[values[i]!] = values[i + 1];
        long Number(string name) => long.Parse((string?)fields.GetValueOrDefault(name) ?? "0", CultureInfo.InvariantCulture);
        string Text(string name) => (string?)fields.GetValueOrDefault(name) ?? "";
        var payload = new StreamPayload((int)Number("v"), Number("n"), (byte[]?)fields.GetValueOrDefault("d") ?? []);
        return new(lane, StreamId.Parse((string)parts[0]!), new(
            payload, Text("stage"), Text("stream"), (int)Number("project"), Text("event"), Text("error"), Number("at")));
    }
}

public sealed record KeptLetter(Lane Lane, StreamId Id, DeadLetter Letter);
