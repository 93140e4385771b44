using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo.Native;

/// <summary>
/// One client of the pool, on one thread. Every call blocks until the server has answered or a time limit of the connection has run out.
/// Failures are <see cref="MongoException"/>.
/// </summary>
internal sealed class MongoSession(ClientHandle client, string database)
{
    /// <summary>The reply of a command that only reads; tried again once by the driver where a connection breaks.</summary>
    public BsonDocument Read(BsonWriter command)
    {
        using var native = DocumentHandle.Of(command.Finish());
        using var reply = new ReplyHandle();
        return Answer(
            Libmongoc.mongoc_client_read_command_with_opts(client, database, native, 0, DocumentHandle.None, reply, out var error), reply, error);
    }

    /// <summary>The reply of a command that writes, once the majority has it in the journal. Errors of single writes throw too.</summary>
    public BsonDocument Write(BsonWriter command)
    {
        using var native = DocumentHandle.Of(command.Finish());
        using var reply = new ReplyHandle();
        return Answer(
            Libmongoc.mongoc_client_write_command_with_opts(client, database, native, DocumentHandle.None, reply, out var error), reply, error);
    }

    /// <summary>The reply of a command that both writes and answers a document, such as findAndModify.</summary>
    public BsonDocument Modify(BsonWriter command)
    {
        using var native = DocumentHandle.Of(command.Finish());
        using var reply = new ReplyHandle();
        return Answer(
            Libmongoc.mongoc_client_read_write_command_with_opts(client, database, native, 0, DocumentHandle.None, reply, out var error), reply, error);
    }

    public MongoCursor Find(string collection, BsonWriter filter, BsonWriter? options = null)
    {
        using var from = Collection(collection);
        using var where = DocumentHandle.Of(filter.Finish());
        using var how = options is null ? new() : DocumentHandle.Of(options.Finish());
        return new(Libmongoc.mongoc_collection_find_with_opts(from, where, how, 0));
    }

    /// <param name="collection">Where it starts.</param>
    /// <param name="pipeline">With the stages as an array in "pipeline".</param>
    public MongoCursor Aggregate(string collection, BsonWriter pipeline)
    {
        using var from = Collection(collection);
        using var stages = DocumentHandle.Of(pipeline.Finish());
        return new(Libmongoc.mongoc_collection_aggregate(from, 0, stages, DocumentHandle.None, 0));
    }

    public MongoBulk Bulk(string collection)
    {
        using var to = Collection(collection);
        using var options = DocumentHandle.Of(Unordered);
        return new(Libmongoc.mongoc_collection_create_bulk_operation_with_opts(to, options));
    }

    private static readonly byte[] Unordered = MakeUnordered();

    private CollectionHandle Collection(string name) => Libmongoc.mongoc_client_get_collection(client, database, name);

    private static BsonDocument Answer(bool done, ReplyHandle reply, in NativeError error)
    {
        var told = reply.View();
        if (!done)
            throw MongoException.Of(error, told);
        if (told.TryFind("writeErrors"u8, out var errors) && !errors.Document().IsEmpty)
        {
            var first = errors.Document()["0"u8].Document();
            throw new MongoException(first["errmsg"u8].String(), first["code"u8].Int32(), [], fromServer: true);
        }

        return new(told.Bytes.ToArray());
    }

    private static byte[] MakeUnordered()
    {
        using var options = new BsonWriter();
        options.Bool("ordered"u8, false);
        return options.Finish().ToArray();
    }
}
