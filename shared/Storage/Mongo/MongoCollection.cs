using ErrorPipeline.Shared.Storage.Mongo.Bson;
using ErrorPipeline.Shared.Storage.Mongo.Native;

namespace ErrorPipeline.Shared.Storage.Mongo;

/// <summary>One collection, as a client on its thread sees it. Filters and updates are written value by value: no text of a person ever becomes part of a query.</summary>
internal readonly struct MongoCollection(MongoSession session, string name)
{
    /// <param name="filter">Writes it.</param>
    /// <param name="read">What is wanted of a document.</param>
    /// <param name="options">Such as sort, limit and projection; null for none.</param>
    public List<T> Query<T>(Action<BsonWriter> filter, Func<BsonView, T> read, Action<BsonWriter>? options = null)
    {
        using var where = new BsonWriter();
        using var how = new BsonWriter();
        filter(where);
        options?.Invoke(how);
        using var cursor = session.Find(name, where, how);
        List<T> found = [];
        while (cursor.Next(out var document))
            found.Add(read(document));
        return found;
    }

    public T? First<T>(Action<BsonWriter> filter, Func<BsonView, T> read)
        where T : class
        => Query(filter, read, options => options.Int64("limit"u8, 1)).FirstOrDefault();

    /// <summary>Of the documents themselves: the count command answers from statistics where it may.</summary>
    /// <param name="filter">Writes it.</param>
    /// <param name="limit">Counts no further; 0 for all.</param>
    public long Count(Action<BsonWriter> filter, int limit = 0)
    {
        using var pipeline = new BsonWriter();
        using (pipeline.Array("pipeline"u8))
        {
            using (pipeline.Document(default))
            using (pipeline.Document("$match"u8))
                filter(pipeline);
            if (limit > 0)
            {
                using (pipeline.Document(default))
                    pipeline.Int32("$limit"u8, limit);
            }

            using (pipeline.Document(default))
            using (pipeline.Document("$group"u8))
            {
                pipeline.Null("_id"u8);
                using var sum = pipeline.Document("n"u8);
                pipeline.Int32("$sum"u8, 1);
            }
        }

        using var cursor = session.Aggregate(name, pipeline);
        return cursor.Next(out var counted) ? counted["n"u8].Int64() : 0;
    }

    /// <summary>How many documents have each value of a field.</summary>
    /// <param name="filter">Writes it.</param>
    /// <param name="field">Its name.</param>
    /// <param name="read">The field's value, which all of them have.</param>
    public Dictionary<T, long> CountBy<T>(Action<BsonWriter> filter, string field, Func<BsonElement, T> read) where T : notnull
    {
        using var pipeline = new BsonWriter();
        using (pipeline.Array("pipeline"u8))
        {
            using (pipeline.Document(default))
            using (pipeline.Document("$match"u8))
                filter(pipeline);
            using (pipeline.Document(default))
            using (pipeline.Document("$group"u8))
            {
                pipeline.String("_id"u8, $"${field}");
                using var sum = pipeline.Document("n"u8);
                pipeline.Int32("$sum"u8, 1);
            }
        }

        using var cursor = session.Aggregate(name, pipeline);
        var counts = new Dictionary<T, long>();
        while (cursor.Next(out var counted))
            counts.Add(read(counted["_id"u8]), counted["n"u8].Int64());
        return counts;
    }

    /// <summary>Which of these keys there are documents of.</summary>
    public HashSet<string> Known(IReadOnlyCollection<string> ids) =>
        ids.Count == 0 ? [] : [.. Query(w => w.In("_id"u8, ids), found => found["_id"u8].String(), BsonQuery.Only("_id"))];

    /// <summary>In one step. Which of them (from 0) were there already.</summary>
    public HashSet<int> InsertAll<T>(IReadOnlyList<T> items, Action<BsonWriter, T> write)
    {
        using var bulk = session.Bulk(name);
        using var document = new BsonWriter();
        foreach (var item in items)
        {
            document.Reset();
            write(document, item);
            bulk.Insert(document);
        }

        var failed = bulk.Execute().Errors;
        RefuseOthers(failed);
        return [.. failed.Select(error => error.Index)];
    }

    /// <summary>In one step, in any order.</summary>
    public void UpdateAll<T>(IReadOnlyList<T> items, Action<BsonWriter, T> filter, Action<BsonWriter, T> update, bool upsert = false)
    {
        for (var pending = items; pending.Count > 0;)
        {
            using var bulk = session.Bulk(name);
            using var where = new BsonWriter();
            using var what = new BsonWriter();
            foreach (var item in pending)
            {
                where.Reset();
                what.Reset();
                filter(where, item);
                update(what, item);
                bulk.Update(where, what, upsert);
            }

            var failed = bulk.Execute().Errors;
            RefuseOthers(failed);
            // Another process has made the document at this moment.
            pending = [.. failed.Select(error => pending[error.Index])];
        }
    }

    /// <summary>False where a document of that key is there already.</summary>
    public bool Insert(Action<BsonWriter> document)
    {
        using var command = new BsonWriter();
        command.String("insert"u8, name);
        using (command.Array("documents"u8))
        using (command.Document(default))
            document(command);
        try
        {
            session.Write(command);
            return true;
        }
        catch (MongoException e) when (e.Code == MongoException.DuplicateKey)
        {
            return false;
        }
    }

    /// <summary>The number of documents that were found.</summary>
    public long Update(Action<BsonWriter> filter, Action<BsonWriter> update, bool upsert = false, bool multi = false)
    {
        using var command = new BsonWriter();
        command.String("update"u8, name);
        using (command.Array("updates"u8))
        using (command.Document(default))
        {
            using (command.Document("q"u8))
                filter(command);
            using (command.Document("u"u8))
                update(command);
            command.Bool("upsert"u8, upsert);
            command.Bool("multi"u8, multi);
        }

        return session.Write(command).View["n"u8].Int64();
    }

    /// <summary>How many went.</summary>
    public long Delete(Action<BsonWriter> filter)
    {
        using var command = new BsonWriter();
        command.String("delete"u8, name);
        using (command.Array("deletes"u8))
        using (command.Document(default))
        {
            using (command.Document("q"u8))
                filter(command);
            command.Int32("limit"u8, 0);
        }

        return session.Write(command).View["n"u8].Int64();
    }

    /// <summary>Adds to a number of one document, which is made where it is missing, and tells the sum.</summary>
    public long Increment(string id, ReadOnlySpan<byte> field, long by = 1)
    {
        using var command = new BsonWriter();
        command.String("findAndModify"u8, name);
        using (command.Document("query"u8))
            command.String("_id"u8, id);
        using (command.Document("update"u8))
        using (command.Document("$inc"u8))
            command.Int64(field, by);
        command.Bool("new"u8, true);
        command.Bool("upsert"u8, true);
        return session.Modify(command).View["value"u8].Document()[field].Int64();
    }

    /// <summary>Nothing happens where it is there. Servers build it beside other work.</summary>
    public void EnsureIndex(string index, Action<BsonWriter> keys, bool unique = false)
    {
        using var command = new BsonWriter();
        command.String("createIndexes"u8, name);
        using (command.Array("indexes"u8))
        using (command.Document(default))
        {
            using (command.Document("key"u8))
                keys(command);
            command.String("name"u8, index);
            if (unique)
                command.Bool("unique"u8, true);
        }

        session.Write(command);
    }

    /// <summary>The server deletes documents by itself, some time after a date in them.</summary>
    /// <param name="index">Its name.</param>
    /// <param name="field">The date; a document without it stays.</param>
    /// <param name="after">May be another than last time.</param>
    public void EnsureExpiry(string index, ReadOnlySpan<byte> field, TimeSpan after)
    {
        using var create = new BsonWriter();
        create.String("createIndexes"u8, name);
        using (create.Array("indexes"u8))
        using (create.Document(default))
        {
            using (create.Document("key"u8))
                create.Int32(field, 1);
            create.String("name"u8, index);
            create.Int64("expireAfterSeconds"u8, (long)after.TotalSeconds);
        }

        try
        {
            session.Write(create);
        }
        catch (MongoException e) when (e.FromServer && !e.IsTransient)
        {
            // It is there with another time.
            using var drop = new BsonWriter();
            drop.String("dropIndexes"u8, name);
            drop.String("index"u8, index);
            session.Write(drop);
            session.Write(create);
        }
    }

    private static void RefuseOthers(IReadOnlyList<WriteError> failed)
    {
        if (failed.FirstOrDefault(error => error.Code != MongoException.DuplicateKey) is { } other)
            throw new MongoException(other.Message, other.Code, [], fromServer: true);
    }
}
