using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.EndToEnd.Delivery;

/// <summary>Concurrent clients that send the same errors over and over; knows how often each must be counted.</summary>
internal sealed class Crowd(string run, int kinds, int events, int seed)
{
    private readonly ConcurrentQueue<string> _bodies = new(Bodies(run, kinds, events, new Random(seed)));
    private int _accepted;

    /// <summary>Requests answered 202.</summary>
    public int Accepted => _accepted;

    public int Unanswered { get; private set; }

    public bool Done => _bodies.IsEmpty;

    public int Kinds => kinds;

    public long CountOf(int kind) => (events / kinds) + (kind < events % kinds ? 1 : 0);

    /// <summary>Until every body was answered 202.</summary>
    public async Task SendAsync(Installation installation, int clients, CancellationToken cancel, TimeSpan pause = default)
    {
        await Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
        {
            using var sender = new EventSender(installation.Collector.Url, installation.Key);
            while (_bodies.TryDequeue(out var body))
            {
                await sender.PostUntilAcceptedAsync(body, cancel);
                Interlocked.Increment(ref _accepted);
                if (pause > TimeSpan.Zero)
                    await Task.Delay(pause, cancel);
            }

            lock (_bodies)
                Unanswered += sender.Unanswered;
        }));
    }

    /// <summary>Batches of 1 to 20 events in random order; every third event is in two of them, with the same id.</summary>
    private static IEnumerable<string> Bodies(string run, int kinds, int events, Random random)
    {
        var numbers = Enumerable.Range(0, events).SelectMany(n => n % 3 == 0 ? new[] { n, n } : [n]).ToArray();
        random.Shuffle(numbers);
        for (var at = 0; at < numbers.Length;)
        {
            var size = Math.Min(random.Next(1, 21), numbers.Length - at);
            var batch = new JsonArray([.. numbers.AsSpan(at, size).ToArray().Select(n => (JsonNode)SomeErrors.Event(run, n % kinds, n / kinds))]);
            at += size;
            yield return batch.ToJsonString();
        }
    }
}
