using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>The store of issues, events and counts in one SQLite file: the writer's side. Other processes read it by <see cref="SqliteErrorReader"/>.</summary>
public sealed class SqliteErrorStore : SqliteErrorReader, IErrorStore
{
    private const string Commands = "commands";

    private readonly SqliteErrorStoreOptions _options;
    private readonly SqliteThreads _writing;

    public SqliteErrorStore(SqliteErrorStoreOptions options) : base(options)
    {
        _options = options;
        var file = new SqliteFile(options.Path, options.BusyTimeout);
        _writing = new(options.Path, 1, () => new SqliteSession(file.OpenForWriting()));
    }

    public Task MigrateAsync(CancellationToken cancel) => _writing.RunAsync(
        session =>
        {
            SqliteMigrations.Errors.Apply(session, _options.Path);
            return true;
        },
        interruptible: false, cancel);

    public Task<long> TakeLeadershipAsync(string owner, CancellationToken cancel) => Write(session => Leadership.Take(session, owner), cancel);

    public Task<StreamId> ReadCursorAsync(string stream, CancellationToken cancel)
        => _writing.RunAsync(session => Leadership.ReadCursor(session, stream), interruptible: false, cancel);

    public Task<Applied> ApplyAsync(long token, string lane, StreamId previous, IReadOnlyList<LaneEntry> entries, CancellationToken cancel)
    {
        RequireOrder(previous, entries.Select(entry => entry.Id));
        return entries.Count == 0 ? Task.FromResult(new Applied([], [])) : _writing.RunAsync(
            session =>
            {
                try
                {
                    return session.InTransaction(s => Apply(s, singly: false));
                }
                catch (UnstorableDeltaException)
                {
                    return session.InTransaction(s => Apply(s, singly: true));
                }
            },
            interruptible: false, cancel);

        Applied Apply(SqliteSession session, bool singly)
        {
            Leadership.MoveCursor(session, token, lane, previous, entries[^1].Id);
            return new DeltaApplier(session, _options, singly).Apply(lane, entries);
        }
    }

    public Task<long> CountRefusedAsync(string lane, StreamId from, StreamId to, CancellationToken cancel) => _writing.RunAsync(
        session => session.Query(
            "SELECT delta FROM refused WHERE lane = ?1 AND entry BETWEEN ?2 AND ?3",
            row => StoredJson.ReadDelta(row.GetBytes(0)).Count,
            lane, from.ToSortable(), to.ToSortable()).Sum(),
        interruptible: false, cancel);

    public Task<Applied> ApplyCommandsAsync(long token, StreamId previous, IReadOnlyList<CommandEntry> entries, CancellationToken cancel)
    {
        RequireOrder(previous, entries.Select(entry => entry.Id));
        return entries.Count == 0 ? Task.FromResult(new Applied([], [])) : Write(
            session =>
            {
                Leadership.MoveCursor(session, token, Commands, previous, entries[^1].Id);
                return new CommandApplier(session).Apply(entries);
            },
            cancel);
    }

    public Task<Applied> WakeAsync(long token, DateTimeOffset now, CancellationToken cancel) => Write(
        session =>
        {
            Leadership.Require(session, token);
            return new Applied(new IssueStandings(session).WakeDue(now), []);
        },
        cancel);

    public Task FlagApproximateAsync(long token, string lane, long fromMs, long toMs, string reason, CancellationToken cancel) => Write(
        session =>
        {
            Leadership.Require(session, token);
            return session.Execute(
                "INSERT INTO approximate (lane, from_ms, to_ms, reason) VALUES (?1, ?2, ?3, ?4)",
                lane, fromMs, toMs, StoreText.Clean(reason, 1000));
        },
        cancel);

    public async Task<Purged> PurgeAsync(long token, RetentionPolicy policy, DateTimeOffset now, CancellationToken cancel)
    {
        var before = await _writing.RunAsync(Purge.Bytes, interruptible: false, cancel);
        var total = new Purged(0, 0, 0);
        for (var done = false; !done;)
        {
            var step = await Write(
                session =>
                {
                    Leadership.Require(session, token);
                    var purge = new Purge(session, policy, now);
                    var went = purge.Step();
                    done = purge.IsDone;
                    return went;
                },
                cancel);
            total = new(total.Events + step.Events, total.Hours + step.Hours, 0);
            // Gives freed pages back to the file system a few at a time; the rest is used again.
            await _writing.RunAsync(session => session.Execute("PRAGMA incremental_vacuum(200)"), interruptible: false, cancel);
        }

        var after = await _writing.RunAsync(Purge.Bytes, interruptible: false, cancel);
        return total with { Bytes = Math.Max(0, before - after) };
    }

    public Task<UnmappedGroup?> NextUnmappedAsync(int projectId, string? release, string? place, CancellationToken cancel) => _writing.RunAsync(
        session => RemapApplier.Next(session, projectId, StoreText.CleanOrNull(release, 250), place), interruptible: false, cancel);

    public Task<long> CountUnmappedAsync(int projectId, string? release, CancellationToken cancel) => _writing.RunAsync(
        session => RemapApplier.Count(session, projectId, StoreText.CleanOrNull(release, 250)), interruptible: false, cancel);

    public Task<Applied> RemapAsync(long token, RemapStep step, CancellationToken cancel) => Write(
        session =>
        {
            Leadership.Require(session, token);
            return new RemapApplier(session).Apply(step);
        },
        cancel);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _writing.DisposeAsync(); // last: closing it checkpoints, which open readers could hold up
    }

    private static void RequireOrder(StreamId previous, IEnumerable<StreamId> ids)
    {
        foreach (var id in ids)
        {
            if (id <= previous)
                throw new ArgumentException($"entry {id} does not come after {previous}", nameof(ids));
            previous = id;
        }
    }

    private Task<T> Write<T>(Func<SqliteSession, T> work, CancellationToken cancel)
        => _writing.RunAsync(session => session.InTransaction(work), interruptible: false, cancel);
}
