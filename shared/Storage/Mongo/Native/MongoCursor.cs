using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo.Native;

/// <summary>Documents of a query, batch by batch, each where the driver holds it.</summary>
internal sealed class MongoCursor(CursorHandle cursor) : IDisposable
{
    /// <param name="document">Valid until the next call.</param>
    /// <exception cref="MongoException">The query failed.</exception>
    public bool Next(out BsonView document)
    {
        if (Libmongoc.mongoc_cursor_next(cursor, out var found))
        {
            document = NativeDocument.View(found);
            return true;
        }

        if (Libmongoc.mongoc_cursor_error_document(cursor, out var error, out var reply))
            throw MongoException.Of(error, reply == 0 ? new(EmptyDocument) : NativeDocument.View(reply));
        document = default;
        return false;
    }

    public void Dispose() => cursor.Dispose();

    private static ReadOnlySpan<byte> EmptyDocument => [5, 0, 0, 0, 0];
}
