using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>
/// Runs work on threads of its own, one connection each. SQLite blocks its caller (disk, locks up to the busy timeout);
/// here it blocks nobody else's thread. Connections are opened at first use and again after an error that may have broken them.
/// </summary>
internal sealed class SqliteThreads : IAsyncDisposable
{
    private readonly BlockingCollection<Action<Slot>> _work = [];
    private readonly string _path;
    private readonly Func<SqliteSession> _open;
    private readonly int _limit;
    private readonly List<Task> _running = [];
    private int _idle;

    public SqliteThreads(string path, int threads, Func<SqliteSession> open) => (_path, _limit, _open) = (path, threads, open);

    /// <summary>Cancelling interrupts a running statement only where <paramref name="interruptible"/>: reads.</summary>
    public async Task<T> RunAsync<T>(Func<SqliteSession, T> work, bool interruptible, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(slot => Run(slot, work, interruptible, done, cancel), CancellationToken.None);
        StartThreadWhereNoneIsFree();
        return await done.Task;
    }

    private void Run<T>(Slot slot, Func<SqliteSession, T> work, bool interruptible, TaskCompletionSource<T> done, CancellationToken cancel)
    {
        if (cancel.IsCancellationRequested)
        {
            done.SetCanceled(cancel);
            return;
        }

        try
        {
            var session = slot.Session ??= _open();
            using var interrupt = interruptible
                ? cancel.Register(() => SQLitePCL.raw.sqlite3_interrupt(session.Connection.Handle))
                : default;
            done.SetResult(work(session));
        }
        catch (SqliteException failure)
        {
            if (SqliteFailure.BlamesTheConnection(failure))
                slot.Close();
            done.SetException(SqliteFailure.Describe(failure, _path));
        }
        catch (Exception failure)
        {
            done.SetException(failure);
        }
    }

    private void StartThreadWhereNoneIsFree()
    {
        lock (_running)
        {
            if (_running.Count >= _limit || _idle >= _work.Count)
                return;
            _running.Add(Task.Factory.StartNew(Loop, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        }
    }

    private void Loop()
    {
        using var slot = new Slot();
        while (true)
        {
            Interlocked.Increment(ref _idle);
            var more = _work.TryTake(out var next, Timeout.Infinite);
            Interlocked.Decrement(ref _idle);
            if (!more)
                return;
            next!(slot);
        }
    }

    /// <summary>Finishes what was asked for, then closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        _work.CompleteAdding();
        Task[] running;
        lock (_running)
            running = [.. _running];
        await Task.WhenAll(running);
        _work.Dispose();
    }

    private sealed class Slot : IDisposable
    {
        public SqliteSession? Session;

        public void Close()
        {
            Session?.Dispose();
            Session = null;
        }

        public void Dispose() => Close();
    }
}
