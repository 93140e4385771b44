using System.Globalization;
using ErrorPipeline.Shared.Outcomes;
using StackExchange.Redis;

namespace ErrorPipeline.Shared.Streams;

/// <summary>Reads one moment of a lane: what came in, what became of it, and what is measured to be in flight.</summary>
public sealed class LaneLedger(RedisConnection redis)
{
    public async Task<LaneReading> ReadAsync(Lane lane)
    {
        string[] streams = [lane.Raw, lane.RawBulk, lane.Unique, lane.Normalized, lane.Deltas, lane.Parked];
        string[] names = ["raw", "raw-bulk", "unique", "normalized", "deltas", "parked"];
        RedisKey[] keys =
        [
            lane.Ledger, lane.Seen, lane.Dead, lane.Floor, lane.Balance, lane.Notes,
            .. streams.SelectMany(s => new RedisKey[] { s, Lane.SizesOf(s) }),
        ];
        var answer = (RedisResult[])await redis.RunAsync(RedisScript.Ledger, keys, [StreamGroup.Name]);
        var now = Number(answer[0]);
        var totals = Pairs(answer[1]);
        var seen = Pairs(answer[2]);
        var depths = new List<StreamDepth>(streams.Length);
        for (var i = 0; i < streams.Length; i++)
        {
            var facts = (RedisResult[])answer[8 + i];
            var oldest = (string)facts[3]!;
            var age = oldest.Length == 0 ? 0 : Math.Max(0, now - (long)StreamId.Parse(oldest).Ms) / 1000.0;
            depths.Add(new(names[i], Number(facts[0]), Number(facts[1]), Number(facts[2]), age, Number(facts[4])));
        }

        var since = seen.Where(f => f.Key.StartsWith("since", StringComparison.Ordinal)).Select(f => f.Value).DefaultIfEmpty(now).Min();
        var noted = Pairs(answer[6]);
        return new(lane, now, depths, totals, Number(answer[3]), (now - since) / 1000.0)
        {
            NewestDeadAt = (string)answer[5]! is { Length: > 0 } dead ? (long)StreamId.Parse(dead).Ms : null,
            NotedBalance = noted.TryGetValue("since", out var at) ? new(noted.GetValueOrDefault("balanced") == 1, at) : null,
            Notes = Pairs(answer[7]),
            SeenEvents = seen.Where(f => f.Key.StartsWith("facts", StringComparison.Ordinal)).Sum(f => f.Value),
        };
    }

    /// <summary>Writes down that a lane balances now, or no longer does, where the note in <paramref name="reading"/> says otherwise.</summary>
    public async Task NoteBalanceAsync(LaneReading reading)
    {
        if (reading.NotedBalance is { } noted && noted.IsBalanced == reading.IsBalanced)
            return;
        var since = reading.NotedBalance?.Since.ToString(CultureInfo.InvariantCulture) ?? "";
        await redis.RunAsync(RedisScript.NoteBalance, [reading.Lane.Balance], [reading.IsBalanced ? 1 : 0, since]);
    }

    private static long Number(RedisResult answer) => long.Parse((string)answer!, CultureInfo.InvariantCulture);

    private static Dictionary<string, long> Pairs(RedisResult answer)
    {
        var pairs = new Dictionary<string, long>(StringComparer.Ordinal);
        var fields = (string[])answer!;
        for (var i = 0; i + 1 < fields.Length; i += 2)
            pairs[fields[i]] = long.Parse(fields[i + 1], CultureInfo.InvariantCulture);
        return pairs;
    }
}

/// <param name="At">Redis' clock, ms since 1970 UTC.</param>
/// <param name="Totals">Events by outcome since the lane was made (or Redis lost its data).</param>
/// <param name="DeadLetters">Letters kept, each one message.</param>
/// <param name="SeenWindowSeconds">How far back a re-sent event is recognized now.</param>
public sealed record LaneReading(
    Lane Lane, long At, IReadOnlyList<StreamDepth> Streams, IReadOnlyDictionary<string, long> Totals, long DeadLetters, double SeenWindowSeconds)
{
    /// <summary>When the newest dead letter that is kept arrived, ms since 1970 UTC; null where none is kept.</summary>
    public long? NewestDeadAt { get; init; }

    /// <summary>What was last written down of the balance; null before anybody looked.</summary>
    public NotedBalance? NotedBalance { get; init; }

    /// <summary>Counts beside the balance: "replayed", and "dead:" and the stage.</summary>
    public IReadOnlyDictionary<string, long> Notes { get; init; } = new Dictionary<string, long>();

    /// <summary>Events that are remembered, so that a re-sent one is recognized.</summary>
    public long SeenEvents { get; init; }

    /// <summary>How long the lane has not balanced; zero where it balances.</summary>
    public TimeSpan UnbalancedFor => !IsBalanced && NotedBalance is { IsBalanced: false } noted
        ? TimeSpan.FromMilliseconds(Math.Max(0, At - noted.Since))
        : TimeSpan.Zero;

    public long Accepted => Totals.GetValueOrDefault(Outcome.Accepted);

    /// <summary>Events that met their fate.</summary>
    public long Terminal => Totals.Where(t => t.Key != Outcome.Accepted).Sum(t => t.Value);

    /// <summary>Events measured in the streams.</summary>
    public long InFlight => Streams.Sum(s => s.Events);

    /// <summary>Every event has exactly one fate or is on its way, and every entry is measured.</summary>
    public bool IsBalanced => Accepted == Terminal + InFlight && Streams.All(s => s.Entries == s.SizedEntries);

    /// <summary>Age of the oldest entry anywhere in the lane (except parked), in seconds.</summary>
    public double LagSeconds => Streams.Where(s => s.Name != "parked").Max(s => s.OldestSeconds);
}

/// <param name="Since">ms since 1970 UTC, Redis' clock.</param>
public sealed record NotedBalance(bool IsBalanced, long Since);

/// <param name="SizedEntries">Entries whose size is kept; must equal <paramref name="Entries"/>.</param>
/// <param name="OldestSeconds">Age of the oldest entry; 0 where the stream is empty.</param>
/// <param name="Pending">Entries that a worker has read and not moved yet.</param>
public sealed record StreamDepth(string Name, long Entries, long SizedEntries, long Events, double OldestSeconds, long Pending);
