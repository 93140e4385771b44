using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;
using ErrorPipeline.Workers.Normalize.Policies;
using ErrorPipeline.Workers.Normalize.SourceMaps;
using ErrorPipeline.Workers.Write;

namespace ErrorPipeline.Workers.LateMaps;

/// <summary>
/// While this process leads: looks for uploads that came after their errors, and repairs the stored samples in small steps between the
/// writer's commits. How far it is stands in the store, in the transaction of each step, so it goes on wherever it was stopped.
/// </summary>
internal sealed class LateMapSweep(WriterParts parts, IArtifactReader artifacts, MapLoader maps, PolicyFeed policies, ILogger<LateMapSweep> log)
{
    /// <summary>One indexed question in a file that mostly has not changed.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Between two steps, for whoever else needs the processor.</summary>
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(20);

    /// <summary>A build uploads many files; they are taken together once none has come for so long, or some have waited for longer.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    /// <summary>What was normalized before the upload is in the store by then, unless the workers are far behind.</summary>
    private static readonly TimeSpan SecondLook = TimeSpan.FromSeconds(60);

    private readonly IErrorStore _store = parts.Store;
    private readonly TimeProvider _time = parts.Time;
    private bool _isWaiting;

    /// <summary>Ends with the leadership; failures wait for the next turn.</summary>
    public async Task RunAsync(long token, CancellationToken leading)
    {
        while (!leading.IsCancellationRequested)
        {
            try
            {
                await PassAsync(token, leading);
                _isWaiting = false;
                await Task.Delay(Pause, _time, leading);
            }
            catch (Exception e) when (e is OperationCanceledException or FencedException)
            {
                return;
            }
            catch (Exception e) when (e is StoreUnavailableException or StoreCorruptException or RedisUnavailableException)
            {
                if (!_isWaiting)
                    LateMapLog.Waiting(log, e.Message);
                _isWaiting = true;
                await Task.Delay(Quiet, _time, leading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception e)
            {
                // Nothing here may end the writer. The kind alone is said: a message may quote a sample.
                LateMapLog.Failed(log, e.GetType().Name);
                await Task.Delay(LongestWait, _time, leading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Goes on with the walk over what was uploaded, or begins one where it is time. False where it is not.</summary>
    public async Task<bool> PassAsync(long token, CancellationToken cancel)
    {
        var progress = await _store.GetRemapProgressAsync(cancel) ?? new();
        var uploads = await artifacts.ListUploadsAsync(progress.Done, progress.IsWalking ? progress.Upto : null, cancel);
        if (!progress.IsWalking)
        {
            if (uploads.Builds.Count == 0 || !IsTime(uploads, progress))
                return false;
            progress = await BeginAsync(progress, uploads, cancel);
        }

        foreach (var build in uploads.Builds.Where(build => IsAhead(build, progress)))
            progress = await RepairAsync(token, build, progress, cancel);
        progress = progress with
        {
            IsWalking = false,
            Done = progress.IsSecond ? progress.Upto : progress.Done,
            ProjectId = null,
            Release = null,
            Place = null,
            FinishedAt = Now,
        };
        await _store.RemapAsync(token, new(progress, []), cancel);
        if (progress.Looked > 0 && !progress.IsSecond)
            LateMapLog.Finished(log, progress.Repaired, progress.Looked);
        return true;
    }

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private bool IsTime(Uploads uploads, RemapProgress progress) => uploads.Upto == progress.Upto
        ? Now - progress.FinishedAt >= SecondLook.TotalMilliseconds
        : Now - uploads.Newest >= Quiet.TotalMilliseconds || Now - uploads.Oldest >= LongestWait.TotalMilliseconds;

    private async Task<RemapProgress> BeginAsync(RemapProgress last, Uploads uploads, CancellationToken cancel)
    {
        var samples = 0L;
        foreach (var build in uploads.Builds)
            samples += await _store.CountUnmappedAsync(build.ProjectId, build.Release, cancel);
        var isSecond = uploads.Upto == last.Upto;
        if (samples > 0 && !isSecond)
            LateMapLog.Begun(log, samples);
        // The second look adds to what people were told of the first.
        return isSecond
            ? last with { IsWalking = true, IsSecond = true, Samples = last.Looked + samples }
            : new() { Done = last.Done, Upto = uploads.Upto, IsWalking = true, Samples = samples, StartedAt = Now };
    }

    private async Task<RemapProgress> RepairAsync(long token, UploadedBuild build, RemapProgress progress, CancellationToken cancel)
    {
        var place = IsSame(build, progress) ? progress.Place : null;
        while (await _store.NextUnmappedAsync(build.ProjectId, build.Release, place, cancel) is { } group)
        {
            var repaired = await RepairAsync(build.ProjectId, group, cancel);
            place = group.Place;
            progress = progress with
            {
                ProjectId = build.ProjectId,
                Release = build.Release,
                Place = place,
                Looked = progress.Looked + group.Samples.Count,
                Repaired = progress.Repaired + repaired.Count,
            };
            var applied = await _store.RemapAsync(token, new(progress, repaired), cancel);
            await Changes.PublishAsync(parts.Redis, applied.Changed);
            await Task.Delay(Breath, _time, cancel);
        }

        return progress;
    }

    private async Task<List<RemappedSample>> RepairAsync(int project, UnmappedGroup group, CancellationToken cancel)
    {
        var facts = await maps.LoadAsync([.. group.Samples.SelectMany(sample => SampleRepair.Files(project, sample)).Distinct()], cancel);
        var policy = (await policies.CurrentAsync()).Of(project);
        return [.. group.Samples.Select(sample => Try(project, sample, group.Grouping, facts, policy)).OfType<RemappedSample>()];
    }

    /// <summary>A sample that breaks the repair stays as it is, and holds nothing up.</summary>
    private RemappedSample? Try(int project, EventSample sample, Grouping was, MapFacts facts, Policy policy)
    {
        try
        {
            return SampleRepair.Of(project, sample, was, facts, policy);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LateMapLog.Failed(log, e.GetType().Name);
            return null;
        }
    }

    /// <summary>Builds are walked in one order, so the last place tells which are done.</summary>
    private static bool IsAhead(UploadedBuild build, RemapProgress progress) =>
        progress.ProjectId is not { } project || build.ProjectId > project
        || (build.ProjectId == project && string.CompareOrdinal(build.Release ?? "", progress.Release ?? "") >= 0);

    private static bool IsSame(UploadedBuild build, RemapProgress progress) => build.ProjectId == progress.ProjectId && build.Release == progress.Release;
}
