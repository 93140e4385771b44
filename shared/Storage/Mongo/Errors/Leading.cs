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

    /// <summary>Before entries are applied. True where some of them, up to <paramref name="last"/> or another, may have been applied in part.</summary>
    public bool Begin(long token, string stream, StreamId previous, StreamId last)
    {
        Require(token);
        if (previous == StreamId.Zero)
            errors.Lanes.Insert(w =>
            {
                w.String("_id"u8, stream);
                w.String("cursor"u8, previous.ToSortable());
            });
        var lane = errors.Lanes.First(BsonQuery.Id(stream), found => new Lane(found["cursor"u8].String(), found.StringOrNull("open"u8)));
        if (lane?.Cursor != previous.ToSortable() && Guard.Holds(Guard.Cursor))
            throw new CursorMovedException(stream, ReadCursor(stream));
        var careful = lane?.Open is not null;
        var open = last.ToSortable();
        if (string.CompareOrdinal(lane?.Open, open) < 0)
            errors.Lanes.Update(At(stream, previous), w => w.Set(fields => fields.String("open"u8, open)));
        return careful;
    }

    /// <summary>After every document has them.</summary>
    public void End(string stream, StreamId previous, StreamId last)
    {
        var moved = errors.Lanes.Update(At(stream, previous), w => w.Set(fields => fields.String("cursor"u8, last.ToSortable())));
        if (moved == 0 && Guard.Holds(Guard.Cursor))
            throw new CursorMovedException(stream, ReadCursor(stream));
        errors.Lanes.Update(
            w =>
            {
                w.String("_id"u8, stream);
                using var open = w.Document("open"u8);
                w.String("$lte"u8, last.ToSortable());
            },
            w =>
            {
                using var unset = w.Document("$unset"u8);
                w.Bool("open"u8, true);
            });
    }

    /// <summary>True where an entry of a lane was begun and not ended: commands wait for it.</summary>
    public bool AnyOpen(string but) => errors.Lanes.Query(w => w.Exists("open"u8, true), lane => lane["_id"u8].String()).Exists(lane => lane != but);

    /// <summary>The time of the slowest lane's cursor; 0 where there is no lane.</summary>
    public long SlowestMs(string but) => errors.Lanes.Query(_ => { }, lane => (Name: lane["_id"u8].String(), Cursor: lane["cursor"u8].String()))
        .Where(lane => lane.Name != but).Select(lane => (long)Math.Min(StreamId.FromSortable(lane.Cursor).Ms, long.MaxValue)).DefaultIfEmpty(0).Min();

    private static Action<BsonWriter> At(string stream, StreamId cursor) => w =>
    {
        w.String("_id"u8, stream);
        w.String("cursor"u8, cursor.ToSortable());
    };

    private sealed record Lane(string Cursor, string? Open);
}
