using System.Globalization;
using ErrorPipeline.Shared.Contracts;
using StackExchange.Redis;

namespace ErrorPipeline.Shared.Streams;

/// <summary>
/// How a collector's log reaches its lane: each producer's records exactly once and in order, whatever is resent.
/// Throws <see cref="RedisUnavailableException"/>; then send the same batch again.
/// </summary>
public sealed class LaneForwarding(RedisConnection redis)
{
    /// <summary>
    /// Takes the batch only if the stored sequence of its producer equals <see cref="ForwardBatch.Previous"/>; otherwise nothing happens and
    /// the answer says what is stored: rewind to it.
    /// </summary>
    public async Task<ForwardAnswer> ForwardAsync(Lane lane, ForwardBatch batch)
    {
        var arguments = new List<RedisValue>(9 + batch.Outcomes.Count * 2)
        {
            batch.Producer, batch.Previous, batch.Last, batch.Adopt ? 1 : 0, RawError.CurrentVersion,
            batch.RawEvents, batch.Raw, batch.BulkEvents, batch.Bulk,
        };
        OutcomeFields.AddTo(arguments, batch.Outcomes);
        var answer = (RedisResult[])await redis.RunAsync(
            RedisScript.Forward,
            [lane.Producers, lane.Raw, Lane.SizesOf(lane.Raw), lane.RawBulk, Lane.SizesOf(lane.RawBulk), lane.Ledger, lane.Outcomes, lane.Notes],
            [.. arguments]);
        return new((int)answer[0] == 1, Number(answer[1]));
    }

    /// <summary>
    /// The last sequence of a producer that is certainly in the store, from one atomic reading of the lane;
    /// null while anything is still on its way, or where nothing is known of the producer.
    /// </summary>
    public async Task<long?> SettledAsync(Lane lane, string producer)
    {
        var answer = await redis.RunAsync(
            RedisScript.Settled,
            [lane.Producers, lane.Deltas, lane.Floor, lane.Raw, lane.RawBulk, lane.Unique, lane.Normalized, lane.Parked],
            [producer]);
        var sequence = Number(answer);
        return sequence < 0 ? null : sequence;
    }

    /// <summary>Nothing more will come from this producer.</summary>
    public Task ForgetAsync(Lane lane, string producer) => redis.ExecuteAsync("HDEL", (RedisKey)lane.Producers, producer);

    /// <summary>Counts outcomes of the edge (rate_limited, rejected:..., suppressed). Not repeated safely: a time-out may count twice.</summary>
    public Task CountAsync(Lane lane, IReadOnlyCollection<OutcomeCount> outcomes)
    {
        var arguments = new List<RedisValue>(outcomes.Count * 2);
        OutcomeFields.AddTo(arguments, outcomes);
        return redis.RunAsync(RedisScript.CountOutcomes, [lane.Outcomes], [.. arguments]);
    }

    private static long Number(RedisResult answer) => long.Parse((string)answer!, CultureInfo.InvariantCulture);
}

/// <summary>Consecutive records of one producer for one lane. A part with 0 events adds no entry.</summary>
public sealed record ForwardBatch
{
    /// <summary>Random id of the log that the records are in, hex.</summary>
    public required string Producer { get; init; }

    /// <summary>Sequence before the first record; 0 before the very first.</summary>
    public required long Previous { get; init; }

    /// <summary>Sequence of the last record.</summary>
    public required long Last { get; init; }

    /// <summary>Take <see cref="Previous"/> for stored where Redis knows nothing of the producer (after it lost its data).</summary>
    public bool Adopt { get; init; }

    public int RawEvents { get; init; }

    /// <summary>Framed <see cref="RawError"/>s.</summary>
    public byte[] Raw { get; init; } = [];

    public int BulkEvents { get; init; }

    public byte[] Bulk { get; init; } = [];

    /// <summary>At least <c>accepted</c> per project and minute.</summary>
    public IReadOnlyCollection<OutcomeCount> Outcomes { get; init; } = [];
}

/// <param name="Stored">The producer's stored sequence; -1 where Redis knows nothing of it.</param>
public sealed record ForwardAnswer(bool Applied, long Stored)
{
    public bool IsMissing => Stored == -1;
}
