using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Workers.Write;

/// <summary>
/// One time of leadership: rounds over all lanes, then the commands. A round that fails ends there and the next one begins with
/// the lanes again, so that an entry applied in part is finished before any command.
/// </summary>
internal sealed class WriterRounds
{
    /// <summary>How often the floor is published and outcomes are drained while there is work.</summary>
    private static readonly TimeSpan Maintenance = TimeSpan.FromSeconds(1);

    /// <summary>The same where nothing happens. Outcomes alone announce nothing, so this is how late they can be. Every two seconds it was a quarter of what idle workers do.</summary>
    private static readonly TimeSpan IdleMaintenance = WakeUps.Fallback;

    /// <summary>After an announcement, what comes with it is taken along: one commit for all. Small beside the 2 s that an event may take.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(40);

    private readonly List<LaneWriter> _lanes;
    private readonly CommandWriter _commands;
    private readonly WriterParts _parts;
    private readonly ILogger _log;
    private readonly Backoff _backoff = new();
    private long _maintained;
    private bool _moreToTell;

    public WriterRounds(IReadOnlyList<Lane> lanes, WriterParts parts, ILogger log)
    {
        _lanes = [.. lanes.Select(lane => new LaneWriter(lane, parts, log))];
        _commands = new(parts, log);
        (_parts, _log) = (parts, log);
    }

    /// <summary>
    /// Until cancelled, which is looked at between rounds only. Throws <see cref="OperationCanceledException"/> then, and
    /// <see cref="FencedException"/> where another writer has taken over.
    /// </summary>
    public async Task RunAsync(long token, WakeUp wakeUp, CancellationToken leading)
    {
        foreach (var lane in _lanes)
            await lane.StartAsync(token);
        await _commands.StartAsync(token);
        await MaintainAsync();

        while (!leading.IsCancellationRequested)
        {
            try
            {
                var progress = await RoundAsync();
                NoteSuccess();
                if (progress == Progress.More)
                    continue;
                await wakeUp.WaitAsync(progress == Progress.Some || _moreToTell ? Maintenance : Beat.Rest(IdleMaintenance, _parts.Time), leading);
                await Task.Delay(Gathering, _parts.Time, leading);
            }
            catch (Exception e) when (e is RedisUnavailableException or StoreUnavailableException)
            {
                await Task.Delay(NoteFailure(e), _parts.Time, leading);
            }
        }

        leading.ThrowIfCancellationRequested();
    }

    private async Task<Progress> RoundAsync()
    {
        if (_parts.Time.GetElapsedTime(_maintained) >= Maintenance)
            await MaintainAsync();
        var most = Progress.None;
        foreach (var lane in _lanes)
            most = Max(most, await lane.ApplyAsync());
        return Max(most, await _commands.ApplyAsync());
    }

    private async Task MaintainAsync()
    {
        _moreToTell = false;
        foreach (var lane in _lanes)
            _moreToTell |= await lane.MaintainAsync(_parts.Time.GetUtcNow());
        await _commands.MaintainAsync();
        _maintained = _parts.Time.GetTimestamp();
    }

    private void NoteSuccess()
    {
        if (!_backoff.Reset())
            return;
        _parts.Status.Problem = null;
        WriterLog.GoingOn(_log);
    }

    private TimeSpan NoteFailure(Exception failure)
    {
        var cause = failure is StoreUnavailableException ? "the store" : "Redis";
        var pause = _backoff.Next();
        _parts.Status.Problem = $"waits for {cause}: {failure.Message}";
        WriterMetrics.Failures.Add(1, new KeyValuePair<string, object?>("cause", failure is StoreUnavailableException ? "store" : "redis"));
        if (_backoff.IsWorthLogging)
            WriterLog.Waiting(_log, cause, _backoff.Failures, failure.Message);
        return pause;
    }

    private static Progress Max(Progress a, Progress b) => a > b ? a : b;
}

internal enum Progress
{
    /// <summary>Nothing was waiting.</summary>
    None,

    /// <summary>All that was waiting is committed.</summary>
    Some,

    /// <summary>There is more than fits one commit.</summary>
    More,
}
