namespace ErrorPipeline.Shared.Storage;

/// <summary>
/// A bounded number of threads for calls that block. They start when they are needed; what finds them all busy waits its turn. A thread without work
/// sleeps at once: BlockingCollection spins first, which costs others more than it saves here.
/// </summary>
internal sealed class BlockingThreads(int limit) : IAsyncDisposable
{
    private readonly object _gate = new();
    private readonly Queue<Action> _work = [];
    private readonly List<Task> _running = [];
    private int _idle;
    private bool _ending;

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
        Add(() =>
        {
            if (Interlocked.Exchange(ref isTaken, 1) == 0)
                Run(work, done);
        });
        return await done.Task;
    }

    /// <summary>After what was asked for is done.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] running;
        lock (_gate)
        {
            _ending = true;
            Monitor.PulseAll(_gate);
            running = [.. _running];
        }

        await Task.WhenAll(running);
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

    private void Add(Action work)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_ending, this);
            _work.Enqueue(work);
            Monitor.Pulse(_gate);
            if (_running.Count < limit && _idle < _work.Count)
                _running.Add(Task.Factory.StartNew(Loop, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        }
    }

    private void Loop()
    {
        while (Next() is { } work)
            work();
    }

    /// <summary>Null at the end, when all that was asked for is done.</summary>
    private Action? Next()
    {
        lock (_gate)
        {
            while (_work.Count == 0)
            {
                if (_ending)
                    return null;
                _idle++;
                Monitor.Wait(_gate);
                _idle--;
            }

            return _work.Dequeue();
        }
    }
}
