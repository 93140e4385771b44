using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;
using ErrorPipeline.Shared.Watching;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Web.Pipeline;

/// <summary>Reads the state of the pipeline from Redis and the store. Redis being away is part of the answer, not an error.</summary>
internal sealed class PipelineReader(
    LaneLedger ledger, ProcessRegistry processes, IErrorReader errors, IOptions<PipelineOptions> options, IOptions<WatchOptions> limits,
    TimeProvider clock)
{
    private const int MostRefused = 20;
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(900);

    private volatile Shared? _last;

    /// <summary>However many pages look at it, it is read once a second.</summary>
    public async Task<PipelineState> ReadAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var last = _last;
        if (last is null || now - last.At > Fresh || last.State.IsFaulted)
            _last = last = new(now, ReadNowAsync(CancellationToken.None));
        return await last.State.WaitAsync(cancel);
    }

    private async Task<PipelineState> ReadNowAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var readings = new List<LaneReading>();
        IReadOnlyList<ProcessRecord> living = [];
        string? problem = null;
        try
        {
            foreach (var lane in Lane.All(options.Value.Lanes))
                readings.Add(await ledger.ReadAsync(lane));

            living = await processes.ListAsync();
        }
        catch (RedisUnavailableException e)
        {
            problem = e.Message;
        }

        return new(
            now.ToUnixTimeMilliseconds(), problem, [.. readings.Select(Of)], living,
            [.. (await errors.ListRefusedAsync(MostRefused, cancel)).Select(Of)],
            await errors.ListApproximateAsync(20, cancel), await errors.SummarizeAsync(cancel),
            problem is null ? PipelineSigns.Of(readings, living, limits.Value) : [new(SignKind.RedisDown, "", problem)]);
    }

    public static DeadState Of(KeptLetter kept) => new(
        kept.Lane.Index, kept.Lane.Name, kept.Id.ToString(), kept.Letter.Stage, kept.Letter.ProjectId, kept.Letter.EventId, kept.Letter.Error, kept.Letter.At,
        kept.Letter.Payload.Data.Length);

    private static LaneState Of(LaneReading reading) => new(
        reading.Lane.Name, reading.IsBalanced, reading.Accepted, reading.Terminal, reading.InFlight, reading.LagSeconds, reading.SeenWindowSeconds,
        reading.DeadLetters, reading.Totals, reading.Notes, reading.NotedBalance is { } noted && noted.IsBalanced == reading.IsBalanced ? noted.Since : null,
        reading.Streams);

    private static RefusedState Of(RefusedDelta refused) => new(
        refused.Entry.ToString(), refused.Delta.ProjectId, refused.Delta.Title, refused.Delta.Count, refused.Reason);

    private sealed record Shared(DateTimeOffset At, Task<PipelineState> State);
}
