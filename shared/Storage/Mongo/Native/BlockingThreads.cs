using System.Collections.Concurrent;

namespace ErrorPipeline.Shared.Storage.Mongo.Native;

/// <summary>A bounded number of threads for calls that block. They start when they are needed; what finds them all busy waits its turn.</summary>
internal sealed class BlockingThreads(int limit) : IAsyncDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly List<Task> _running = [];
    private int _idle;

    public async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() => Run(work, done, cancel), CancellationToken.None);
        StartOneWhereNoneIsFree();
        return await done.Task.WaitAsync(cancel);
    }

    /// <summary>After what was asked for is done.</summary>
    public async ValueTask DisposeAsync()
    {
        _work.CompleteAdding();
        Task[] running;
        lock (_running)
            running = [.. _running];
        await Task.WhenAll(running);
        _work.Dispose();
    }

    private static void Run<T>(Func<T> work, TaskCompletionSource<T> done, CancellationToken cancel)
    {
        if (cancel.IsCancellationRequested)
        {
            done.SetCanceled(cancel);
            return;
        }

        try
        {
            done.SetResult(work());
        }
        catch (Exception failure)
        {
            done.SetException(failure);
        }
    }

    private void StartOneWhereNoneIsFree()
    {
        lock (_running)
        {
            if (_running.Count < limit && _idle < _work.Count)
                _running.Add(Task.Factory.StartNew(Loop, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        }
    }

    private void Loop()
    {
        while (true)
        {
            Interlocked.Increment(ref _idle);
            var more = _work.TryTake(out var next, Timeout.Infinite);
            Interlocked.Decrement(ref _idle);
            if (!more)
                return;
            next!();
        }
    }
}
