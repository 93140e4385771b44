using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Storage.Mongo.Bson;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>
/// Who writes, and how far each stream has been applied. An old writer is turned away when it begins; what it had begun before changes nothing
/// that counts, by the guards of the documents.
/// </summary>
internal sealed class Leading(ErrorCollections errors)
{
    internal const string Leader = "leader";

    public long Take(string owner)
    {
        var token = errors.Counters.Increment(Leader, "n"u8);
        errors.Counters.Update(BsonQuery.Id(Leader), w => w.Set(fields => fields.String("owner"u8, StoreText.Clean(owner, 200))));
        return token;
    }

    public void Require(long token)
    {
        if (Guard.Holds(Guard.Fence) && errors.Counters.Query(BsonQuery.Id(Leader), leader => leader["n"u8].Int64()).FirstOrDefault() != token)
            throw new FencedException(token);
    }

    public StreamId ReadCursor(string stream) =>
        errors.Lanes.First(BsonQuery.Id(stream), lane => lane["cursor"u8].String()) is { } cursor ? StreamId.FromSortable(cursor) : StreamId.Zero;

    /// <summary>The last entry that may have been applied in part; the cursor where none was.</summary>
    public StreamId ReadBegun(string stream) => errors.Lanes.First(BsonQuery.Id(stream), lane => lane.StringOrNull("open"u8) ?? lane["cursor"u8].String()) is { } begun
        ? StreamId.FromSortable(begun)
        : StreamId.Zero;

    /// <summary>
    /// Before entries are applied: those after <paramref name="previous"/> that are applied together, all that was asked for, or what another
    /// had begun and not ended. That is repeated as it was: its documents know it by its last entry, and would take the rest of a longer one for known.
    /// </summary>
    /// <exception cref="StoreUnavailableException">What was begun reaches beyond what there is to apply.</exception>
    public Begun Begin(long token, string stream, StreamId previous, StreamId last)
    {
        Require(token);
        if (previous == StreamId.Zero)
            errors.Lanes.Insert(w =>
            {
                w.String("_id"u8, stream);
                w.String("cursor"u8, previous.ToSortable());
            });
        if (Open(token, stream, previous, last))
            return new(last, IsRepeated: false);
        var lane = errors.Lanes.First(BsonQuery.Id(stream), found => new Lane(found["cursor"u8].String(), found.StringOrNull("open"u8), found.Int64OrNull("token"u8) ?? 0));
        if (lane?.Cursor != previous.ToSortable() && Guard.Holds(Guard.Cursor))
            throw new CursorMovedException(stream, ReadCursor(stream));
        if (lane?.Open is null)
            return lane?.Token > token && Guard.Holds(Guard.Fence) ? throw new FencedException(token) : new(last, IsRepeated: false);
        var open = StreamId.FromSortable(lane.Open);
        return open <= last ? new(open, IsRepeated: true) : throw new StoreUnavailableException($"entries of {stream} up to {open} were begun together, and can be read up to {last} only: they wait for the rest");
    }

    /// <summary>After every document has them.</summary>
    public void End(long token, string stream, StreamId previous, StreamId last)
    {
        var moved = errors.Lanes.Update(At(stream, previous), w =>
        {
            w.Set(fields => fields.String("cursor"u8, last.ToSortable()));
            using var unset = w.Document("$unset"u8);
            w.Bool("open"u8, true);
        });
        if (moved > 0 || !Guard.Holds(Guard.Cursor))
            return;
        Require(token);
        throw new CursorMovedException(stream, ReadCursor(stream));
    }

    /// <summary>True where an entry of a lane was begun and not ended: commands wait for it.</summary>
    public bool AnyOpen(string but) => errors.Lanes.Query(w => w.Exists("open"u8, true), lane => lane["_id"u8].String()).Exists(lane => lane != but);

    /// <summary>The time of the slowest lane's cursor; 0 where there is no lane.</summary>
    public long SlowestMs(string but) => errors.Lanes.Query(_ => { }, lane => (Name: lane["_id"u8].String(), Cursor: lane["cursor"u8].String()))
        .Where(lane => lane.Name != but).Select(lane => (long)Math.Min(StreamId.FromSortable(lane.Cursor).Ms, long.MaxValue)).DefaultIfEmpty(0).Min();

    /// <summary>In one step, so that of two writers one begins and the other finds what was begun.</summary>
    private bool Open(long token, string stream, StreamId previous, StreamId last) => errors.Lanes.Update(
        w =>
        {
            At(stream, previous)(w);
            w.Exists("open"u8, false);
            using var by = w.Document("token"u8);
            using var not = w.Document("$not"u8);
            w.Int64("$gt"u8, token);
        },
        w => w.Set(fields =>
        {
            fields.String("open"u8, last.ToSortable());
            fields.Int64("token"u8, token);
        })) > 0;

    private static Action<BsonWriter> At(string stream, StreamId cursor) => w =>
    {
        w.String("_id"u8, stream);
        w.String("cursor"u8, cursor.ToSortable());
    };

    private sealed record Lane(string Cursor, string? Open, long Token);
}

/// <param name="Last">The last of the entries that are applied together.</param>
/// <param name="IsRepeated">They may have been applied in part.</param>
internal readonly record struct Begun(StreamId Last, bool IsRepeated);
