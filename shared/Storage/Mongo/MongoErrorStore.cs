using ErrorPipeline.Shared.Storage.Mongo.Errors;
using ErrorPipeline.Shared.Storage.Mongo.Native;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Shared.Storage.Mongo;

/// <summary>
/// The store of issues, events and counts in a MongoDB database: the writer's side. There is no transaction over documents: each that counts
/// remembers the last entry that it took of each lane, and a cursor moves after all of them.
/// </summary>
public sealed class MongoErrorStore : MongoErrorReader, IErrorStore
{
    internal const string Commands = "commands";

    private readonly MongoErrorStoreOptions _options;
    private readonly MongoPool _writing;

    public MongoErrorStore(MongoErrorStoreOptions options) : base(options)
    {
        _options = options;
        _writing = new(options.Uri, 1);
    }

    public Task MigrateAsync(CancellationToken cancel) => Write(
        errors =>
        {
            ErrorIndexes.Ensure(errors, _options.EventsExpireAfter);
            return true;
        },
        cancel);

    public Task<long> TakeLeadershipAsync(string owner, CancellationToken cancel) => Write(errors => new Leading(errors).Take(owner), cancel);

    public Task<StreamId> ReadCursorAsync(string stream, CancellationToken cancel) => Write(errors => new Leading(errors).ReadCursor(stream), cancel);

    public Task<Applied> ApplyAsync(long token, string lane, StreamId previous, IReadOnlyList<LaneEntry> entries, CancellationToken cancel)
    {
        RequireOrder(previous, entries.Select(entry => entry.Id));
        return entries.Count == 0 ? Task.FromResult(new Applied([], [])) : Write(
            errors => Together(new(errors), token, lane, previous, entries, entry => entry.Id, (some, begun) => new DeltaApplier(errors, _options, lane, begun).Apply(some)), cancel);
    }

    public Task<StreamId> ReadBegunAsync(string stream, CancellationToken cancel) => Write(errors => new Leading(errors).ReadBegun(stream), cancel);

    public Task<long> CountRefusedAsync(string lane, StreamId from, StreamId to, CancellationToken cancel) => Write(
        errors => errors.Refused.Query(
            w =>
            {
                w.String("lane"u8, lane);
                using var between = w.Document("entry"u8);
                w.String("$gte"u8, from.ToSortable());
                w.String("$lte"u8, to.ToSortable());
            },
            found => StoredJson.ReadDelta(found["delta"u8].Binary().ToArray()).Count).Sum(),
        cancel);

    public Task<Applied> ApplyCommandsAsync(long token, StreamId previous, IReadOnlyList<CommandEntry> entries, CancellationToken cancel)
    {
        RequireOrder(previous, entries.Select(entry => entry.Id));
        return entries.Count == 0 ? Task.FromResult(new Applied([], [])) : Write(
            errors =>
            {
                var leading = new Leading(errors);
                return Together(leading, token, Commands, previous, entries, entry => entry.Id, (some, _) => leading.AnyOpen(but: Commands)
                    ? throw new StoreUnavailableException("an entry of a lane was applied in part: it is finished before any command")
                    : new CommandApplier(errors).Apply(some));
            },
            cancel);
    }

    public Task<Applied> WakeAsync(long token, DateTimeOffset now, CancellationToken cancel) => Write(
        errors =>
        {
            new Leading(errors).Require(token);
            return new Applied(new IssueStandings(errors).WakeDue(now), []);
        },
        cancel);

    public Task FlagApproximateAsync(long token, string lane, long fromMs, long toMs, string reason, CancellationToken cancel) => Write(
        errors =>
        {
            new Leading(errors).Require(token);
            var number = errors.Next("approximate");
            return errors.Approximate.Insert(w =>
            {
                w.Int64("_id"u8, number);
                w.String("lane"u8, lane);
                w.Int64("from"u8, fromMs);
                w.Int64("to"u8, toMs);
                w.String("reason"u8, StoreText.Clean(reason, 1000));
            });
        },
        cancel);

    public async Task<Purged> PurgeAsync(long token, RetentionPolicy policy, DateTimeOffset now, CancellationToken cancel)
    {
        var before = await Write(Purge.Bytes, cancel);
        var total = new Purged(0, 0, 0);
        for (var done = false; !done;)
        {
            var step = await Write(
                errors =>
                {
                    new Leading(errors).Require(token);
                    var purge = new Purge(errors, policy, now);
                    var went = purge.Step();
                    done = purge.IsDone;
                    return went;
                },
                cancel);
            total = new(total.Events + step.Events, total.Hours + step.Hours, 0);
        }

        return total with { Bytes = Math.Max(0, before - await Write(Purge.Bytes, cancel)) };
    }

    public Task<UnmappedGroup?> NextUnmappedAsync(int projectId, string? release, string? place, CancellationToken cancel)
        => Write(errors => new Remap(errors).Next(projectId, StoreText.CleanOrNull(release, 250), place), cancel);

    public Task<long> CountUnmappedAsync(int projectId, string? release, CancellationToken cancel)
        => Write(errors => new Remap(errors).Count(projectId, StoreText.CleanOrNull(release, 250)), cancel);

    public Task<Applied> RemapAsync(long token, RemapStep step, CancellationToken cancel) => Write(
        errors =>
        {
            new Leading(errors).Require(token);
            return new Remap(errors).Apply(step);
        },
        cancel);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _writing.DisposeAsync();
    }

    /// <summary>What another had begun first, if anything, and then the rest.</summary>
    private static Applied Together<T>(
        Leading leading, long token, string stream, StreamId previous, IReadOnlyList<T> entries, Func<T, StreamId> idOf, Func<IReadOnlyList<T>, Begun, Applied> apply)
    {
        List<Applied> parts = [];
        for (var rest = entries; rest.Count > 0; rest = [.. rest.Where(entry => idOf(entry) > previous)])
        {
            var begun = leading.Begin(token, stream, previous, idOf(rest[^1]));
            // Redis may have lost them meanwhile: they come again, as new ones.
            if (rest.Where(entry => idOf(entry) <= begun.Last).ToList() is { Count: > 0 } some)
                parts.Add(apply(some, begun));
            leading.End(token, stream, previous, begun.Last);
            previous = begun.Last;
        }

        return new([.. parts.SelectMany(part => part.Changed)], [.. parts.SelectMany(part => part.Refused)]);
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

    private Task<T> Write<T>(Func<ErrorCollections, T> work, CancellationToken cancel) => _writing.RunAsync(session => work(new(session)), cancel);
}
