using ErrorPipeline.Workers.LateMaps;

namespace ErrorPipeline.Workers.Write;

/// <summary>What a leader does besides writing, in short steps between its commits.</summary>
internal sealed class WriterChores(RetentionSweep retention, LateMapSweep lateMaps, WakeSweep waking)
{
    /// <summary>Ends with the leadership.</summary>
    public Task RunAsync(long token, CancellationToken leading) => Task.WhenAll(retention.RunAsync(token, leading), lateMaps.RunAsync(token, leading), waking.RunAsync(token, leading));
}
