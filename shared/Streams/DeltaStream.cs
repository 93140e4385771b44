using System.Globalization;
using StackExchange.Redis;

namespace ErrorPipeline.Shared.Streams;

/// <summary>
/// The writer's side of a lane's deltas: read after a cursor that is kept with the data, trim behind it after the commit.
/// Only the leading writer calls this. Throws <see cref="RedisUnavailableException"/>; everything may be repeated.
/// </summary>
public sealed class DeltaStream(RedisConnection redis, Lane lane)
{
    private const int TrimAtOnce = 200;

    /// <summary>How far before the cursor the logs may reach when Redis has lost everything: their replay window.</summary>
    private const long ReplayWindowMs = 10 * 60_000;

    /// <summary>A batch has one for each of its outcomes, and each at most some 50 KB.</summary>
    private const int MostFates = 50;

    /// <summary>Entries after <paramref name="cursor"/> in order. Version 0 marks an entry without a payload: pass over it.</summary>
    public async Task<List<StreamEntry>> ReadAfterAsync(StreamId cursor, int most) =>
        StreamEntry.FromList(await redis.ExecuteAsync("XRANGE", (RedisKey)lane.Deltas, $"({cursor}", "+", "COUNT", most));

    /// <summary>
    /// Deletes what is at or before the committed cursor and counts its events as stored, except for
    /// <paramref name="refusedEvents"/> of them, which are counted as dead.
    /// </summary>
    public async Task TrimAsync(StreamId cursor, long refusedEvents = 0)
    {
        long deleted;
        do
        {
            deleted = (long)await redis.RunAsync(
                RedisScript.Trim, [lane.Deltas, Lane.SizesOf(lane.Deltas), lane.Ledger, lane.Notes, lane.Floor], [cursor.ToString(), TrimAtOnce, refusedEvents]);
            refusedEvents = 0;
        }
        while (deleted == TrimAtOnce);
    }

    /// <summary>
    /// Publishes the cursor as the lane's floor and makes sure that every new id comes after it (XSETID where the stream has fallen back).
    /// Tells whether Redis has lost what the store had committed, also where it went on with new entries before it was asked.
    /// Call it at start, after every commit, and every few seconds: aggregate waits where there is no floor.
    /// </summary>
    public async Task<FloorAnswer> PublishFloorAsync(StreamId cursor)
    {
        var answer = (RedisResult[])await redis.RunAsync(
            RedisScript.Floor, [lane.Deltas, lane.Floor, Lane.SizesOf(lane.Deltas), lane.Doubt], [cursor.ToString(), ReplayWindowMs]);
        return new((int)answer[0] == 1, StreamId.Parse((string)answer[1]!))
        {
            Doubt = (string)answer[2]! is { Length: > 0 } from
                ? new(long.Parse(from, CultureInfo.InvariantCulture), long.Parse((string)answer[3]!, CultureInfo.InvariantCulture), (string)answer[4]!)
                : null,
        };
    }

    /// <summary>Says that counts between two moments may be too high. Kept until the writer has told the store.</summary>
    public Task DoubtAsync(LaneDoubt doubt)
    {
        ArgumentNullException.ThrowIfNull(doubt);
        return redis.RunAsync(RedisScript.Doubt, [lane.Doubt], [doubt.FromMs, doubt.ToMs, doubt.Reason]);
    }

    /// <summary>The store knows it. Nothing is forgotten where it has grown meanwhile.</summary>
    public Task ForgetAsync(LaneDoubt doubt)
    {
        ArgumentNullException.ThrowIfNull(doubt);
        return redis.RunAsync(RedisScript.Doubt, [lane.Doubt], [doubt.FromMs, doubt.ToMs, ""]);
    }

    /// <summary>
    /// Moves counted outcomes, and the events they are of, into an entry of this stream, in one step; returns how many.
    /// Call it every second while there are some, and every few seconds else. More than <paramref name="most"/> outcomes wait for the next call.
    /// </summary>
    public async Task<int> DrainOutcomesAsync(int most = 500) =>
        (int)await redis.RunAsync(
            RedisScript.DrainOutcomes, [lane.Outcomes, lane.Deltas, Lane.SizesOf(lane.Deltas), lane.Floor, lane.Fates], [1, most, MostFates]);
}

/// <param name="FellBack">Redis lost data that the store had committed. Flag the interval as approximate.</param>
/// <param name="LastLeft">The last id that Redis still knew of; after it things may be missing.</param>
public sealed record FloorAnswer(bool FellBack, StreamId LastLeft)
{
    /// <summary>What the store is to be told; null where nothing is in doubt.</summary>
    public LaneDoubt? Doubt { get; init; }
}

/// <param name="ToMs">0 for "until the store is told".</param>
public sealed record LaneDoubt(long FromMs, long ToMs, string Reason);
