using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo.Native;

/// <summary>
/// Writes of one collection that go together, in as many messages as they need. Unordered: one that fails stops no other.
/// </summary>
internal sealed class MongoBulk(BulkHandle bulk) : IDisposable
{
    private static readonly byte[] Upsert = MakeUpsert();

    public int Count { get; private set; }

    public void Insert(BsonWriter document)
    {
        using var native = DocumentHandle.Of(document.Finish());
        Added(Libmongoc.mongoc_bulk_operation_insert_with_opts(bulk, native, DocumentHandle.None, out var error), error);
    }

    public void Update(BsonWriter filter, BsonWriter update, bool upsert)
    {
        using var where = DocumentHandle.Of(filter.Finish());
        using var what = DocumentHandle.Of(update.Finish());
        using var options = upsert ? DocumentHandle.Of(Upsert) : new();
        Added(Libmongoc.mongoc_bulk_operation_update_one_with_opts(bulk, where, what, options, out var error), error);
    }

    public void Delete(BsonWriter filter)
    {
        using var where = DocumentHandle.Of(filter.Finish());
        Added(Libmongoc.mongoc_bulk_operation_remove_many_with_opts(bulk, where, DocumentHandle.None, out var error), error);
    }

    /// <summary>Each write that the server refused is told in the result; what failed as a whole is thrown.</summary>
    public BulkResult Execute()
    {
        if (Count == 0)
            return new(0, 0, 0, 0, []);
        using var reply = new ReplyHandle();
        var done = Libmongoc.mongoc_bulk_operation_execute(bulk, reply, out var error) != 0;
        var told = reply.View();
        List<WriteError> failed = [];
        if (told.TryFind("writeErrors"u8, out var errors))
        {
            foreach (var element in errors.Document())
            {
                var one = element.Document();
                failed.Add(new(one["index"u8].Int32(), one["code"u8].Int32(), one["errmsg"u8].String()));
            }
        }

        var unsure = told.TryFind("writeConcernErrors"u8, out var concerns) && !concerns.Document().IsEmpty;
        if (!done && (failed.Count == 0 || unsure))
            throw MongoException.Of(error, told);
        return new(Number(told, "nInserted"u8), Number(told, "nMatched"u8), Number(told, "nUpserted"u8), Number(told, "nRemoved"u8), failed);
    }

    public void Dispose() => bulk.Dispose();

    private void Added(bool added, in NativeError error)
    {
        if (!added)
            throw new MongoException(error.Message, (int)error.Code, [], fromServer: true);
        Count++;
    }

    private static long Number(BsonView reply, ReadOnlySpan<byte> key) => reply.TryFind(key, out var number) ? number.Int64() : 0;

    private static byte[] MakeUpsert()
    {
        using var options = new BsonWriter();
        options.Bool("upsert"u8, true);
        return options.Finish().ToArray();
    }
}

/// <param name="Matched">Found and updated, or found to be so already.</param>
internal sealed record BulkResult(long Inserted, long Matched, long Upserted, long Removed, IReadOnlyList<WriteError> Errors);

/// <param name="Index">Which of the writes, from 0.</param>
internal sealed record WriteError(int Index, int Code, string Message);
