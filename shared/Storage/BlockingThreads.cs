using System.Collections.Concurrent;

namespace ErrorPipeline.Shared.Storage;

/// <summary>A bounded number of threads for calls that block. They start when they are needed; what finds them all busy waits its turn.</summary>
internal sealed class BlockingThreads(int limit) : IAsyncDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly List<Task> _running = [];
    private int _idle;

    /// <summary>Returns when the work is over. Cancelling takes back at once what has not begun; what has is waited for.</summary>
    public async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var isTaken = 0;
        await using var givingUp = cancel.Register(() =>
        {
            if (Interlocked.Exchange(ref isTaken, 1) == 0)
                done.SetCanceled(cancel);
        });
        _work.Add(
            () =>
            {
                if (Interlocked.Exchange(ref isTaken, 1) == 0)
                    Run(work, done);
            },
            CancellationToken.None);
        StartOneWhereNoneIsFree();
        return await done.Task;
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

    private static void Run<T>(Func<T> work, TaskCompletionSource<T> done)
    {
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
