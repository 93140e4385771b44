using System.Reflection;
using System.Text.Json.Nodes;
using ErrorPipeline.Shared.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace ErrorPipeline.Shared.Streams;

/// <summary>Beats for this process until it stops. A Redis that is away is told once by the health check, not here.</summary>
/// <param name="facts">What to tell beside the process itself; called at every beat.</param>
public sealed class Heartbeat(
    ProcessRegistry registry, string role, Func<JsonObject> facts, TimeProvider time, ILogger<Heartbeat> log) : BackgroundService
{
    private readonly string _id = Guid.NewGuid().ToString("N")[..12];
    private readonly long _startedAt = time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Random per start; also part of consumer names.</summary>
    public string ProcessId => _id;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await TryAsync(() => registry.BeatAsync(Describe()));
                await Beat.WaitAsync(ProcessRegistry.Interval, time, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            await TryAsync(() => registry.LeaveAsync(Describe()));
        }
    }

    private async Task TryAsync(Func<Task> beat)
    {
        try
        {
            await beat();
        }
        catch (Exception e) when (e is RedisUnavailableException or RedisException)
        {
            HeartbeatLog.Missed(log, e.Message);
        }
    }

    private ProcessRecord Describe() => new()
    {
        Role = role,
        Id = _id,
        Host = Environment.MachineName,
        Pid = Environment.ProcessId,
        Version = Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "",
        StartedAt = _startedAt,
        At = time.GetUtcNow().ToUnixTimeMilliseconds(),
        Facts = facts(),
    };
}

internal static partial class HeartbeatLog
{
    [LoggerMessage(1400, LogLevel.Debug, "Heartbeat missed: {Reason}")]
    public static partial void Missed(ILogger logger, string reason);
}
