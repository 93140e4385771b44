using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>Fencing: the token is checked inside the transaction it guards, so an old writer's changes have no effect however late it wakes.</summary>
internal static class Leadership
{
    public static long Take(SqliteSession session, string owner) => session.Number(
        "UPDATE leadership SET token = token + 1, owner = ?1 WHERE id = 1 RETURNING token", StoreText.Clean(owner, 200));

    public static void Require(SqliteSession session, long token)
    {
        if (Guard.Holds(Guard.Fence) && session.Number("SELECT token FROM leadership WHERE id = 1") != token)
            throw new FencedException(token);
    }

    public static StreamId ReadCursor(SqliteSession session, string stream)
        => session.Scalar("SELECT cursor FROM lanes WHERE lane = ?1", stream) is string cursor ? StreamId.FromSortable(cursor) : StreamId.Zero;

    /// <summary>Moves the cursor from one id to another, or throws and so rolls back everything around it.</summary>
    public static void MoveCursor(SqliteSession session, long token, string stream, StreamId previous, StreamId to)
    {
        if (previous == StreamId.Zero)
            session.Execute("INSERT INTO lanes (lane, cursor) VALUES (?1, ?2) ON CONFLICT DO NOTHING", stream, previous.ToSortable());
        if (!Guard.Holds(Guard.Cursor))
            previous = ReadCursor(session, stream);
        if (!Guard.Holds(Guard.Fence))
            token = session.Number("SELECT token FROM leadership WHERE id = 1");
        var moved = session.Execute(
            """
            UPDATE lanes SET cursor = ?3
            WHERE lane = ?1 AND cursor = ?2 AND EXISTS (SELECT 1 FROM leadership WHERE id = 1 AND token = ?4)
            """,
            stream, previous.ToSortable(), to.ToSortable(), token);
        if (moved == 1)
            return;
        Require(session, token);
        throw new CursorMovedException(stream, ReadCursor(session, stream));
    }
}
