using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Streams;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Workers.Pumping;

/// <summary>Runs the chosen stages, each on every lane at once.</summary>
internal sealed class PumpHost(IServiceProvider provider, IReadOnlyList<PipelineStage> stages, ILogger<PumpHost> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var consumer = $"{Environment.MachineName}-{provider.GetRequiredService<Heartbeat>().ProcessId}";
        var time = provider.GetRequiredService<TimeProvider>();
        var roll = new RollCall(provider.GetRequiredService<WorkerRoll>(), consumer, provider.GetRequiredService<WakeUps>(), time, log);
        var services = new PumpServices(
            provider,
            provider.GetRequiredService<RedisConnection>(),
            provider.GetRequiredService<LaneHop>(),
            provider.GetRequiredService<Attempts>(),
            provider.GetRequiredService<ParkedEntries>(),
            provider.GetRequiredService<WakeUps>(),
            roll,
            provider.GetRequiredService<StageBoard>(),
            provider.GetRequiredService<QuarantineCommand>(),
            provider.GetRequiredService<IOptions<PumpOptions>>().Value,
            time,
            log,
            consumer);
        var lanes = provider.GetRequiredService<IOptions<PipelineOptions>>().Value.Lanes;
        using var over = new CancellationTokenSource();
        var answering = roll.RunAsync(over.Token);
        await Task.WhenAll(
            from stage in stages
            where stage.RunAsync is not null
            from lane in Lane.All(lanes)
            select Task.Run(() => stage.RunAsync!(lane, services, stoppingToken), CancellationToken.None));
        await over.CancelAsync();
        await answering;
    }
}
