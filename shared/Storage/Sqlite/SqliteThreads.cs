using Microsoft.Data.Sqlite;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>
/// Runs work on threads of its own, one connection each. SQLite blocks its caller (disk, locks up to the busy timeout);
/// here it blocks nobody else's thread. Connections are opened at first use and again after an error that may have broken them.
/// </summary>
internal sealed class SqliteThreads(string path, int threads, Func<SqliteSession> open) : IAsyncDisposable
{
    private readonly BlockingThreads _threads = new(threads);
    private readonly ThreadLocal<SqliteSession?> _session = new(trackAllValues: true);

    /// <summary>Cancelling interrupts a running statement only where <paramref name="interruptible"/>: reads.</summary>
    public Task<T> RunAsync<T>(Func<SqliteSession, T> work, bool interruptible, CancellationToken cancel) =>
        _threads.RunAsync(() => Run(work, interruptible, cancel), cancel);

    /// <summary>Finishes what was asked for, then closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _threads.DisposeAsync();
        foreach (var session in _session.Values)
            session?.Dispose();
        _session.Dispose();
    }

    private T Run<T>(Func<SqliteSession, T> work, bool interruptible, CancellationToken cancel)
    {
        try
        {
            var session = _session.Value ??= open();
            using var interrupt = interruptible
                ? cancel.Register(() => SQLitePCL.raw.sqlite3_interrupt(session.Connection.Handle))
                : default;
            return work(session);
        }
        catch (SqliteException failure)
        {
            if (SqliteFailure.BlamesTheConnection(failure))
            {
                _session.Value?.Dispose();
                _session.Value = null;
            }

            throw SqliteFailure.Describe(failure, path);
        }
    }
}
