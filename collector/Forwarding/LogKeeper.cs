using ErrorPipeline.Collector.Spool;
using ErrorPipeline.Shared.Streams;
using StackExchange.Redis;

namespace ErrorPipeline.Collector.Forwarding;

/// <summary>
/// Deletes segments once Redis has all of them on its disk and the replay window is over, oldest first. A log that nears its
/// budget gives up the window, never an event that is not confirmed.
/// </summary>
internal sealed class LogKeeper(
    SegmentFolder folder, LaneForwarder[] lanes, ForwardCalls redis, SettledFile settledFile, SpoolOptions options, TimeProvider time, ILogger logger)
{
    private readonly Dictionary<Segment, long> _durableSince = [];
    private bool _syncedAtReply;

    public async Task SettleAsync()
    {
        _syncedAtReply = await redis.IsSyncedAtReply();
        foreach (var lane in lanes)
            await lane.SettleAsync(time);
        SaveSettled();
    }

    public void SaveSettled()
    {
        var settled = new Dictionary<(string, int), long>();
        foreach (var producer in folder.Segments.Select(s => s.Producer).Distinct())
            foreach (var lane in lanes)
                if (lane.SettledOf(producer) is > 0 and var last)
                    settled[(producer.Name, lane.Lane.Index)] = last;
        try
        {
            settledFile.Save(settled);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ForwardLog.NotSaved(logger, e);
        }
    }

    public async Task TrimAsync()
    {
        if (_syncedAtReply)
            Array.ForEach(lanes, lane => lane.TakeSentForDurable());
        var durable = folder.Segments.TakeWhile(s => s.IsClosed && Array.TrueForAll(lanes, lane => lane.IsDurable(s))).ToList();
        var kept = durable.Sum(s => s.DurableBytes);
        // All of them, before the first that must stay ends the round: each one's window begins when it is durable.
        foreach (var segment in durable)
            _durableSince.TryAdd(segment, time.GetTimestamp());
        foreach (var segment in durable)
        {
            var isOver = time.GetElapsedTime(_durableSince[segment]) > options.LogReplayWindow || kept > options.LogReplayBytes || folder.Bytes > options.LogBudgetBytes / 10 * 9;
            if (!isOver || !TryDelete(segment))
                break;
            kept -= segment.DurableBytes;
            _durableSince.Remove(segment);
            if (!Array.Exists(folder.Segments, s => s.Producer == segment.Producer))
                await ForgetAsync(segment.Producer);
        }
    }

    private bool TryDelete(Segment segment)
    {
        try
        {
            folder.Delete(segment);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            SpoolLog.CannotDelete(logger, e, segment.Path);
            return false;
        }
    }

    private async Task ForgetAsync(Producer producer)
    {
        foreach (var lane in lanes)
        {
            lane.Forget(producer);
            try
            {
                await redis.Forget(lane.Lane, producer.Name);
            }
            catch (Exception e) when (e is RedisUnavailableException or RedisException)
            {
                // A few bytes stay in Redis.
            }
        }
    }
}
