using System.Buffers;
using System.Globalization;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Collector.Replaying;

/// <summary>
/// Sends events of a log to their lanes again, under a producer of its own: exactly once each, whatever has to be resent. They are accepted once
/// more and counted as replayed; what dedupe remembers ends as a duplicate, so that the ledger balances.
/// Throws <see cref="RedisUnavailableException"/>.
/// </summary>
internal sealed class Replay(LaneForwarding forwarding, Func<Lane, DeltaStream> deltas, Func<Lane, Task<LaneReading>> read)
{
    private const int MostEvents = 500;
    private const int MostBytes = 1 << 20;

    private readonly string _producer = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
    private readonly Dictionary<Lane, long> _sent = [];

    public async Task<Replayed> RunAsync(IEnumerable<LoggedEvent> events)
    {
        var waiting = new Dictionary<Lane, List<LoggedEvent>>();
        var total = new Replayed(0, 0);
        foreach (var logged in events)
        {
            var lane = new Lane(logged.Lane);
            if (!waiting.TryGetValue(lane, out var batch))
            {
                waiting[lane] = batch = [];
                total = total with { InDoubt = total.InDoubt + await DoubtAsync(lane, logged.ReceivedAt) };
            }

            batch.Add(logged);
            if (batch.Count >= MostEvents || batch.Sum(b => (long)b.Body.Length) >= MostBytes)
                total = total with { Events = total.Events + await SendAsync(lane, batch) };
        }

        foreach (var (lane, batch) in waiting)
        {
            total = total with { Events = total.Events + await SendAsync(lane, batch) };
            await forwarding.ForgetAsync(lane, _producer);
        }

        return total;
    }

    /// <summary>Where dedupe does not remember as far back as this event, doubles are possible: the store is told before anything is sent.</summary>
    private async Task<int> DoubtAsync(Lane lane, long oldest)
    {
        var reading = await read(lane);
        if (reading.At - (reading.SeenWindowSeconds * 1000) <= oldest)
            return 0;
        await deltas(lane).DoubtAsync(new(oldest, reading.At, "the log was replayed over more than dedupe remembers"));
        return 1;
    }

    private async Task<long> SendAsync(Lane lane, List<LoggedEvent> batch)
    {
        if (batch.Count == 0)
            return 0;
        var previous = _sent.GetValueOrDefault(lane);
        var message = new ForwardBatch
        {
            Producer = _producer,
            Previous = previous,
            Last = previous + batch.Count,
            Raw = Frame(batch.Where(b => !b.IsBulk), out var raw),
            RawEvents = raw,
            Bulk = Frame(batch.Where(b => b.IsBulk), out var bulk),
            BulkEvents = bulk,
            Outcomes = [.. batch.GroupBy(b => (b.ProjectId, Minute: b.ReceivedAt / 60_000)).SelectMany(g => new OutcomeCount[]
            {
                new(g.Key.ProjectId, g.Key.Minute, Outcome.Accepted, g.Count()), new(g.Key.ProjectId, g.Key.Minute, Outcome.Replayed, g.Count()),
            })],
        };
        var answer = await SendAsync(lane, message);
        if (!answer.Applied && answer.Stored != message.Last)
            throw new RedisUnavailableException("Redis lost its data during the replay: run it again");
        _sent[lane] = message.Last;
        var count = batch.Count;
        batch.Clear();
        return count;
    }

    /// <summary>An answer that does not come is asked for again with the same batch: the sequence tells whether it had arrived.</summary>
    private async Task<ForwardAnswer> SendAsync(Lane lane, ForwardBatch message)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await forwarding.ForwardAsync(lane, message);
            }
            catch (RedisUnavailableException) when (tries < 20)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500));
            }
        }
    }

    private static byte[] Frame(IEnumerable<LoggedEvent> events, out int count)
    {
        var framed = new ArrayBufferWriter<byte>();
        count = 0;
        foreach (var logged in events)
        {
            MessageFrames.Append(framed, logged.Body.Span);
            count++;
        }

        return framed.WrittenSpan.ToArray();
    }
}

/// <param name="InDoubt">Lanes whose dedupe does not remember as far back as what was sent.</param>
internal sealed record Replayed(long Events, int InDoubt);
