using System.Collections.Concurrent;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ErrorPipeline.Workers.Pumping;

/// <summary>Which stages of this process have stopped, and why. Ready check "stages".</summary>
internal sealed class StageBoard(TimeProvider time) : IHealthCheck
{
    /// <summary>A stopped stage tries again that often, until a minute has passed in which nothing was wrong.</summary>
    private static readonly TimeSpan TryEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Forgiven = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, (string Reason, long At)> _stopped = new(StringComparer.Ordinal);

    /// <summary>True where it had not stopped before.</summary>
    public bool Stop(string stage, string lane, string reason)
    {
        var isNew = !_stopped.ContainsKey(Key(stage, lane));
        _stopped[Key(stage, lane)] = (reason, time.GetTimestamp());
        return isNew;
    }

    /// <summary>Returns at once where the stage runs; where it has stopped, when it may try again.</summary>
    public async Task WaitWhileStoppedAsync(string stage, string lane, CancellationToken cancel)
    {
        if (!_stopped.TryGetValue(Key(stage, lane), out var stop))
            return;
        if (time.GetElapsedTime(stop.At) > Forgiven)
            _stopped.TryRemove(Key(stage, lane), out _);
        else
            await Task.Delay(TryEvery, time, cancel);
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_stopped.IsEmpty
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy(string.Join("; ", _stopped.Select(s => $"{s.Key} has stopped: {s.Value.Reason}"))));

    private static string Key(string stage, string lane) => $"{stage} on {lane}";
}
