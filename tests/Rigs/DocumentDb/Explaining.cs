using ErrorPipeline.Shared.Storage.Mongo.Bson;
using Npgsql;

namespace ErrorPipeline.DocumentDb;

/// <summary>Tells of a query whether it goes by an index, in the words of a server's <c>explain</c>; the plan of PostgreSQL lies beside it.</summary>
internal static class Explaining
{
    /// <remarks>The primary key serves every query of a collection, so that alone is none: an index of the collection counts, or a condition on the id.</remarks>
    public static async Task<byte[]> AnswerAsync(NpgsqlDataSource source, string database, byte[] command, CancellationToken cancel)
    {
        var (function, inner) = Inner(command);
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // Tables of a test are small: what is asked is which index there would be at all.
        await using (var prefer = new NpgsqlCommand("SET LOCAL enable_seqscan = off", connection))
            await prefer.ExecuteNonQueryAsync(cancel);
        await using var ask = new NpgsqlCommand($"EXPLAIN SELECT document FROM documentdb_api_catalog.{function}('{database.Replace("'", "''", StringComparison.Ordinal)}', '{Convert.ToHexString(inner).Insert(0, "BSONHEX")}')", connection);
        List<string> plan = [];
        await using (var reader = await ask.ExecuteReaderAsync(cancel))
        {
            while (await reader.ReadAsync(cancel))
                plan.Add(reader.GetString(0));
        }

        var scans = !plan.Exists(line => line.Contains("documents_rum_index", StringComparison.Ordinal) || (line.Contains("Index Cond", StringComparison.Ordinal) && line.Contains("object_id", StringComparison.Ordinal)));
        using var reply = new BsonWriter();
        using (reply.Document("queryPlanner"u8))
        using (reply.Document("winningPlan"u8))
            reply.String("stage"u8, scans ? "COLLSCAN" : "IXSCAN");
        using (reply.Array("postgres"u8))
            plan.ForEach(line => reply.String(default, line));
        reply.Double("ok"u8, 1);
        return reply.Finish().ToArray();
    }

    private static (string Function, byte[] Inner) Inner(byte[] command)
    {
        var explained = new BsonView(command)["explain"u8].Document();
        var function = explained.TryFind("aggregate"u8, out _) ? "bson_aggregation_pipeline"
            : explained.TryFind("count"u8, out _) ? "bson_aggregation_count" : "bson_aggregation_find";
        return (function, explained.Bytes.ToArray());
    }
}
