using System.Diagnostics.Metrics;
using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Streams;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ErrorPipeline.Shared.Watching;

/// <summary>
/// Looks at the whole pipeline every few seconds and tells what is wrong: as the metric <c>errorpipeline_sign</c>, in the log, and as the
/// ready check "pipeline", which is at worst degraded, since a process is not to be taken away for what others do.
/// The one place where a lane's balance is judged.
/// </summary>
public sealed class PipelineWatch : BackgroundService, IHealthCheck
{
    /// <summary>Several looks fit into every limit of <see cref="WatchOptions"/>, and one costs a script a lane.</summary>
    public static TimeSpan Every { get; } = TimeSpan.FromSeconds(5);

    private readonly LaneLedger _ledger;
    private readonly ProcessRegistry _registry;
    private readonly IReadOnlyList<Lane> _lanes;
    private readonly WatchOptions _limits;
    private readonly TimeProvider _time;
    private readonly ILogger<PipelineWatch> _log;
    private readonly Dictionary<(string Kind, string Where), bool> _told = [];

    public PipelineWatch(
        LaneLedger ledger, ProcessRegistry registry, IOptions<PipelineOptions> options, IOptions<WatchOptions> limits, TimeProvider time, ILogger<PipelineWatch> log)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(limits);
        (_ledger, _registry, _limits, _time, _log) = (ledger, registry, limits.Value, time, log);
        _lanes = [.. Lane.All(options.Value.Lanes)];
        PipelineMeter.Instance.CreateObservableGauge("errorpipeline_sign", Told, description: "1 for each thing that is wrong now: alarm on any");
    }

    /// <summary>The last reading of every lane; none while Redis does not answer.</summary>
    public IReadOnlyList<LaneReading> Lanes { get; private set; } = [];

    public IReadOnlyList<PipelineSign> Signs { get; private set; } = [];

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Signs is { Count: > 0 } signs
            ? HealthCheckResult.Degraded(string.Join("; ", signs.Select(s => s.Text)))
            : HealthCheckResult.Healthy("balanced"));

    /// <summary>One look.</summary>
    public async Task LookAsync()
    {
        try
        {
            var lanes = await Task.WhenAll(_lanes.Select(_ledger.ReadAsync));
            foreach (var lane in lanes)
                await _ledger.NoteBalanceAsync(lane);
            Signs = PipelineSigns.Of(lanes, await _registry.ListAsync(), _limits);
            Lanes = lanes;
        }
        catch (Exception e) when (e is RedisUnavailableException or RedisException)
        {
            Lanes = [];
            Signs = [new(SignKind.RedisDown, "", $"Redis does not answer: {e.Message}")];
        }
        catch (Exception e)
        {
            // Whatever was written there, watching goes on.
            Lanes = [];
            Signs = [new(SignKind.Unreadable, "", $"The lanes cannot be read: {e.GetType().Name}")];
            WatchLog.Unreadable(_log, e);
        }

        Tell();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await LookAsync();
            await Beat.WaitAsync(Every, _time, stoppingToken);
        }
    }

    /// <summary>A sign is logged when it is seen twice in a row, so that a start or a hand-over is no news, and when it is gone.</summary>
    private void Tell()
    {
        var present = Signs.ToLookup(s => (s.Kind, s.Where));
        foreach (var gone in _told.Keys.Where(k => !present.Contains(k)).ToList())
        {
            if (_told.Remove(gone, out var wasTold) && wasTold)
                WatchLog.Gone(_log, gone.Kind, gone.Where);
        }

        foreach (var signs in present)
        {
            var isNew = _told.TryAdd(signs.Key, false);
            if (!_told[signs.Key] && (!isNew || signs.Key.Kind == SignKind.Unbalanced))
                _told[signs.Key] = Tell(signs.First());
        }
    }

    private bool Tell(PipelineSign sign)
    {
        if (sign.Kind == SignKind.Unbalanced)
            WatchLog.Unbalanced(_log, sign.Where, sign.Text);
        else
            WatchLog.Sign(_log, sign.Kind, sign.Where);
        return true;
    }

    private IEnumerable<Measurement<int>> Told() => Signs
        .Select(s => (s.Kind, s.Where)).Distinct()
        .Select(s => new Measurement<int>(1, new("kind", s.Kind), new KeyValuePair<string, object?>("where", s.Where)));
}

internal static partial class WatchLog
{
    [LoggerMessage(1460, LogLevel.Error, "{Lane} does not balance: {Text}. Events are not accounted for")]
    public static partial void Unbalanced(ILogger logger, string lane, string text);

    [LoggerMessage(1461, LogLevel.Warning, "Something is wrong: {Kind} {Where}. The pipeline page and /healthz/ready say more")]
    public static partial void Sign(ILogger logger, string kind, string where);

    [LoggerMessage(1463, LogLevel.Error, "The lanes cannot be read")]
    public static partial void Unreadable(ILogger logger, Exception why);

    [LoggerMessage(1462, LogLevel.Information, "No longer wrong: {Kind} {Where}")]
    public static partial void Gone(ILogger logger, string kind, string where);
}
