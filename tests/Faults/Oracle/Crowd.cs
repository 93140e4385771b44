using System.Diagnostics;
using System.Text.Json.Nodes;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Faults.Oracle;

/// <summary>
/// Concurrent clients that send numbered events until told to stop; every request is repeated until it was answered 202, and every third event
/// is sent again later in another request. Knows exactly how often each issue must be counted.
/// </summary>
internal sealed class Crowd
{
    private readonly CrowdOptions _options;
    private readonly string _url;
    private readonly string _key;
    private readonly CancellationToken _cancel;
    private readonly Random _random;
    private readonly Lock _gate = new();
    private readonly Dictionary<int, long> _ofKind = [];
    private readonly Queue<(int Number, int Kind, int Nth)> _again = new();
    private readonly List<(long At, long Accepted)> _history = [];
    private readonly Task _sending;
    private volatile bool _stop;
    private int _next;
    private long _accepted;

    private Crowd(Installation site, CrowdOptions options, int seed, string? key, CancellationToken cancel)
    {
        (_options, _url, _key, _cancel, _random) = (options, site.Collector.Url, key ?? site.Key, cancel, new Random(seed));
        _sending = Task.WhenAll(Enumerable.Range(0, options.Clients).Select(_ => Task.Run(SendAsync, cancel)));
    }

    /// <summary>Different events answered 202 so far.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>Requests answered 202.</summary>
    public int Requests { get; private set; }

    /// <summary>Requests that were not answered, or by a 5xx, and sent again.</summary>
    public int Unanswered { get; private set; }

    /// <summary>Events in requests that had been in an earlier one.</summary>
    public int Resent { get; private set; }

    public TimeSpan SlowestAnswer { get; private set; }

    public bool Done => _sending.IsCompleted;

    /// <summary>Kind to the events made of it; exact once it has stopped.</summary>
    public IReadOnlyDictionary<int, long> Expected => _ofKind;

    /// <summary>Begins to send.</summary>
    /// <param name="key">Of another project than the installation's own.</param>
    public static Crowd Start(Installation site, CrowdOptions options, int seed, CancellationToken cancel, string? key = null) =>
        new(site, options, seed, key, cancel);

    /// <summary>What had been accepted so long ago.</summary>
    public long AcceptedBefore(TimeSpan ago)
    {
        var at = Stopwatch.GetTimestamp() - (long)(ago.TotalSeconds * Stopwatch.Frequency);
        lock (_gate)
        {
            for (var i = _history.Count - 1; i >= 0; i--)
            {
                if (_history[i].At <= at)
                    return _history[i].Accepted;
            }
        }

        return 0;
    }

    /// <summary>Events a second accepted in the time just past.</summary>
    public double Rate(TimeSpan past) => (Accepted - AcceptedBefore(past)) / past.TotalSeconds;

    /// <summary>How long ago so many had been accepted: what stored events lag behind.</summary>
    public TimeSpan LagOf(long events)
    {
        lock (_gate)
        {
            var first = _history.FindIndex(h => h.Accepted > events);
            return first < 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(_history[first].At);
        }
    }

    public Task UntilAcceptedAsync(long events, TimeSpan? patience = null) =>
        Deadline.Until(
            async () =>
            {
                if (_sending.IsFaulted)
                    await _sending;
                return Accepted >= events;
            },
            patience ?? TimeSpan.FromSeconds(60), () => $"{Accepted} accepted", $"{events} events are accepted");

    /// <summary>No new requests; returns when every one that was begun has been answered 202.</summary>
    public async Task StopAsync()
    {
        _stop = true;
        await _sending;
    }

    private async Task SendAsync()
    {
        using var sender = new EventSender(_url, _key) { Retry = _options.Retry };
        while (!_stop && Next() is { } batch)
        {
            for (var copy = 0; copy < _options.Copies; copy++)
            {
                var began = Stopwatch.GetTimestamp();
                await sender.PostUntilAcceptedAsync(batch.Body, _cancel);
                Note(copy == 0 ? batch.New : 0, Stopwatch.GetElapsedTime(began));
            }

            await Task.Delay(_options.Pause, _cancel);
        }

        lock (_gate)
            Unanswered += sender.Unanswered;
    }

    private void Note(int events, TimeSpan took)
    {
        lock (_gate)
        {
            Requests++;
            if (took > SlowestAnswer)
                SlowestAnswer = took;
            _history.Add((Stopwatch.GetTimestamp(), Interlocked.Add(ref _accepted, events)));
        }
    }

    private (string Body, int New)? Next()
    {
        lock (_gate)
        {
            if (_next >= _options.Events)
                return null;
            var batch = new JsonArray();
            var fresh = 0;
            for (var i = _random.Next(1, _options.MostEvents + 1); i > 0 && (_next < _options.Events || batch.Count == 0); i--)
            {
                // One request in between at least: ids that repeat within one are another matter.
                if (_again.Count > 2 * _options.MostEvents && _random.Next(4) == 0)
                {
                    batch.Add((JsonNode)Make(_again.Dequeue()));
                    Resent++;
                    continue;
                }

                var kind = _options.KindOf?.Invoke(_next) ?? _next % _options.Kinds;
                var nth = (int)(_ofKind[kind] = _ofKind.GetValueOrDefault(kind) + 1) - 1;
                if (_next % 3 == 0)
                    _again.Enqueue((_next, kind, nth));
                batch.Add((JsonNode)Make((_next++, kind, nth)));
                fresh++;
            }

            return (batch.ToJsonString(), fresh);
        }
    }

    private JsonObject Make((int Number, int Kind, int Nth) which)
    {
        var made = NumberedErrors.Event(_options.Run, which.Kind, which.Nth);
        _options.Dress(which.Number, made);
        return made;
    }
}
