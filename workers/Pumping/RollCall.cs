using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Workers.Pumping;

/// <summary>
/// Gives this worker's word every second, and knows which workers have gone silent, so that what they owe is taken over in seconds instead of
/// waiting until it has been idle for long. Judges nobody until this worker has itself been heard for as long as silence takes: after an outage
/// of Redis everyone seems to have been silent.
/// </summary>
internal sealed class RollCall(WorkerRoll roll, string consumer, WakeUps wakeUps, TimeProvider time, ILogger log)
{
    private volatile IReadOnlyList<SilentWorker> _silent = [];
    private long? _heardSince;
    private long _heard;

    public IReadOnlyList<SilentWorker> Silent => _silent;

    /// <summary>Until <paramref name="over"/>: that is when this worker owes nothing that it still works on.</summary>
    public async Task RunAsync(CancellationToken over)
    {
        try
        {
            while (true)
            {
                await CallAsync();
                await Beat.WaitAsync(WorkerRoll.Interval, time, over);
            }
        }
        catch (OperationCanceledException)
        {
            await LeaveAsync();
        }
    }

    private async Task CallAsync()
    {
        try
        {
            var silent = await roll.AnswerAsync(consumer);
            if (_heardSince is null || time.GetElapsedTime(_heard) >= WorkerRoll.Silence)
                _heardSince = time.GetTimestamp();
            _heard = time.GetTimestamp();
            if (time.GetElapsedTime(_heardSince.Value) >= WorkerRoll.Silence)
                Note(silent);
        }
        catch (Exception e) when (e is RedisUnavailableException or StackExchange.Redis.RedisServerException)
        {
            // The pumps tell that Redis is away.
            _heardSince = null;
            _silent = [];
        }
    }

    private void Note(IReadOnlyList<SilentWorker> silent)
    {
        var news = silent.Except(_silent).ToList();
        _silent = silent;
        foreach (var worker in news)
            PumpLog.WorkerSilent(log, worker.Consumer, WorkerRoll.Silence.TotalSeconds);
        if (news.Count > 0)
            wakeUps.AnnounceAll();
    }

    private async Task LeaveAsync()
    {
        try
        {
            await roll.LeaveAsync(consumer);
        }
        catch (Exception e) when (e is RedisUnavailableException or StackExchange.Redis.RedisServerException)
        {
            // Its silence will tell.
        }
    }
}
