using System.Threading.Channels;
using ErrorPipeline.Collector.Spool;
using ErrorPipeline.Shared.Streams;
using StackExchange.Redis;

namespace ErrorPipeline.Collector.Forwarding;

/// <summary>
/// Moves one lane's records from the log to Redis: in order, one batch in flight. An answer that does not come is asked for again
/// with the same batch; what Redis says it has stored decides where to go on.
/// </summary>
internal sealed class LaneForwarder(
    Lane lane, SegmentFolder folder, ForwardCalls redis, ForwardOptions options, SettledFile settledFile, ILogger logger) : IDisposable
{
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>A call costs Redis, this process and the workers behind far more than an event in it. What comes after a pause is sent at once.</summary>
    private readonly Gathering _gathering = new(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(20), TimeProvider.System);
    private readonly Lock _gate = new();
    private readonly Dictionary<Producer, Track> _tracks = [];
    private readonly LaneReader _reader = new(folder, lane.Index);
    private readonly LaneBatch _batch = new(options.ForwardEvents, options.ForwardBytes);
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(2), Random.Shared);
    private volatile bool _lost;
    private long _waitingSince;

    public Lane Lane => lane;

    /// <summary>Everything that was durable when it was last looked at has been confirmed.</summary>
    public bool IsDrained { get; private set; }

    /// <summary>Received-at of the oldest record that Redis has not confirmed, ms since 1970; 0 without one.</summary>
    public long WaitingSince => Volatile.Read(ref _waitingSince);

    /// <summary>There may be more to send.</summary>
    public void Wake()
    {
        IsDrained = false;
        _wake.Writer.TryWrite(true);
    }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await SendAllAsync(stop);
                await _wake.Reader.ReadAsync(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever it is, the events are safe in the log; a lane that gave up would fill it without a word.
                if (e is IOException or InvalidDataException or UnauthorizedAccessException)
                    ForwardLog.Unreadable(logger, e, lane.Name);
                else
                    ForwardLog.Unexpected(logger, e, lane.Name);
                _reader.Restart();
                await Task.Delay(_backoff.Next(), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                Wake();
            }
        }
    }

    /// <summary>Appended and confirmed records of all producers that are kept.</summary>
    public (long Appended, long Confirmed) Progress()
    {
        var producers = Producers();
        lock (_gate)
            return (producers.Sum(p => p.Appended(lane.Index)), producers.Sum(p => TrackOf(p).Sent));
    }

    public bool IsDurable(Segment segment)
    {
        lock (_gate)
            return segment.Last(lane.Index) <= TrackOf(segment.Producer).Durable;
    }

    public long SettledOf(Producer producer)
    {
        lock (_gate)
            return TrackOf(producer).Settled;
    }

    /// <summary>Redis answers after its own fsync: what it confirmed is durable.</summary>
    public void TakeSentForDurable()
    {
        lock (_gate)
            foreach (var track in _tracks.Values)
                track.TakeSentForDurable();
    }

    /// <summary>Asks what has reached the store, and whether Redis still has what it confirmed.</summary>
    public async Task SettleAsync(TimeProvider time)
    {
        foreach (var producer in Producers())
        {
            long sent;
            lock (_gate)
            {
                var track = TrackOf(producer);
                if (!track.WasConfirmed)
                    continue;
                sent = track.Sent;
            }

            if (await redis.Stored(lane, producer.Name) < sent)
            {
                _lost = true;
                Wake();
                return;
            }

            lock (_gate)
                TrackOf(producer).StillThere(time.GetTimestamp(), time);
            if (sent > SettledOf(producer) && await redis.Settled(lane, producer.Name) is { } settled)
                lock (_gate)
                    TrackOf(producer).Settle(settled);
        }
    }

    /// <summary>Nothing of this producer is left in the log.</summary>
    public void Forget(Producer producer)
    {
        lock (_gate)
            _tracks.Remove(producer);
    }

    public void Dispose() => _reader.Dispose();

    private async Task SendAllAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (_lost)
                RewindAll(-1);
            if (!_reader.Fill(_batch, SentOf))
            {
                IsDrained = true;
                Volatile.Write(ref _waitingSince, 0);
                return;
            }

            Volatile.Write(ref _waitingSince, _batch.OldestAt);
            await SendAsync(_batch, stop);
            var gathering = _gathering.After(_batch.Events);
            if (_batch.Events < options.ForwardEvents / 2)
                await Task.Delay(gathering, stop);
        }
    }

    private async Task SendAsync(LaneBatch batch, CancellationToken stop)
    {
        ForwardBatch message;
        lock (_gate)
        {
            var track = TrackOf(batch.Producer!);
            message = batch.ToMessage(track.Sent, track.Adopt);
        }

        while (true)
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                Take(batch, message, await redis.Forward(lane, message));
                if (_backoff.Reset())
                    ForwardLog.Back(logger, lane.Name);
                return;
            }
            catch (Exception e) when (e is RedisUnavailableException or RedisException)
            {
                var wait = _backoff.Next();
                if (_backoff.IsWorthLogging)
                    ForwardLog.Waiting(logger, lane.Name, e.Message, _backoff.Failures);
                await Task.Delay(wait, stop);
            }
        }
    }

    private void Take(LaneBatch batch, ForwardBatch sent, ForwardAnswer answer)
    {
        // Stored up to here without being applied now: an earlier try had arrived, only its answer had not.
        if (answer.Applied || answer.Stored == batch.Last)
        {
            lock (_gate)
                TrackOf(batch.Producer!).Confirm(batch.Last);
            ForwardMetrics.Forwarded.Add(batch.Events);
            return;
        }

        if (answer.IsMissing || answer.Stored < sent.Previous)
            RewindAll(answer.Stored);
        if (!answer.IsMissing)
            lock (_gate)
                TrackOf(batch.Producer!).Confirm(answer.Stored);
        _reader.Restart();
    }

    private void RewindAll(long stored)
    {
        _lost = false;
        ForwardMetrics.Rewinds.Add(1);
        ForwardLog.Rewinding(logger, lane.Name, stored);
        var producers = Producers();
        lock (_gate)
            foreach (var producer in producers)
                TrackOf(producer).Rewind(BeforeFirst(producer));
        _reader.Restart();
    }

    private long SentOf(Producer producer)
    {
        lock (_gate)
            return TrackOf(producer).Sent;
    }

    private Track TrackOf(Producer producer)
    {
        if (_tracks.TryGetValue(producer, out var track))
            return track;
        var settled = settledFile.Of(producer, lane);
        return _tracks[producer] = new(Math.Max(BeforeFirst(producer), settled), settled);
    }

    private long BeforeFirst(Producer producer)
    {
        foreach (var segment in folder.Segments)
            if (segment.Producer == producer && segment.First(lane.Index) is > 0 and var first)
                return first - 1;
        return 0;
    }

    private List<Producer> Producers() => [.. folder.Segments.Select(s => s.Producer).Distinct()];
}
