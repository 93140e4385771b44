using System.Text;
using ErrorPipeline.Shared.Storage.Mongo.Bson;
using Npgsql;

namespace ErrorPipeline.DocumentDb;

/// <summary>What becomes of a command: some are answered here, the others are a function of DocumentDB each.</summary>
internal sealed class Commands(NpgsqlDataSource source, Cursors cursors)
{
    private static readonly Dictionary<string, string> Functions = new(StringComparer.OrdinalIgnoreCase)
    {
        ["insert"] = Writing("insert"),
        ["update"] = Writing("update"),
        ["delete"] = Writing("delete"),
        ["findAndModify"] = "SELECT p_result::bytea FROM documentdb_api.find_and_modify($1, $2::bytea::documentdb_core.bson)",
        ["count"] = "SELECT document::bytea FROM documentdb_api.count_query($1, $2::bytea::documentdb_core.bson)",
        ["distinct"] = "SELECT document::bytea FROM documentdb_api.distinct_query($1, $2::bytea::documentdb_core.bson)",
        // In the background is what a server does by itself; here it would need a scheduler, and tests want the index at once.
        ["createIndexes"] = "SELECT documentdb_api_internal.create_indexes_non_concurrently($1, $2::bytea::documentdb_core.bson, true)::bytea",
        ["dropIndexes"] = "SELECT documentdb_api_internal.drop_indexes_non_concurrently($1, $2::bytea::documentdb_core.bson)::bytea",
        ["collMod"] = "SELECT documentdb_api.coll_mod($1, ($2::bytea::documentdb_core.bson ->> 'collMod'), $2::bytea::documentdb_core.bson)::bytea",
        ["dbStats"] = "SELECT documentdb_api.db_stats($1)::bytea FROM (SELECT $2::bytea) unused",
        ["collStats"] = "SELECT documentdb_api.coll_stats($1, ($2::bytea::documentdb_core.bson ->> 'collStats'))::bytea",
        ["drop"] = "SELECT CASE WHEN documentdb_api.drop_collection($1, ($2::bytea::documentdb_core.bson ->> 'drop')) THEN NULL END",
        ["dropDatabase"] = "SELECT NULL FROM (SELECT documentdb_api.drop_database($1), $2::bytea) done",
        ["create"] = "SELECT CASE WHEN documentdb_api.create_collection($1, ($2::bytea::documentdb_core.bson ->> 'create')) THEN NULL END",
    };

    private static readonly Dictionary<string, string> FirstPages = new(StringComparer.OrdinalIgnoreCase)
    {
        ["find"] = "find",
        ["aggregate"] = "aggregate",
        ["listCollections"] = "list_collections",
        ["listIndexes"] = "list_indexes",
    };

    // Of the protocol, not of the command.
    private static readonly HashSet<string> Passed =
    [
        "$db", "lsid", "$clusterTime", "$readPreference", "readConcern", "writeConcern", "txnNumber", "autocommit", "startTransaction",
        "apiVersion", "apiStrict", "apiDeprecationErrors", "maxTimeMS", "comment",
    ];

    public async Task<byte[]> AnswerAsync(WireMessage message, int connection, CancellationToken cancel)
    {
        var (name, database, command) = Read(message);
        try
        {
            return Handshake.Answer(name, connection) ?? await AskAsync(name, database, command, message.Sequence?.Documents, cancel);
        }
        catch (PostgresException e)
        {
            return ServerErrors.Reply(ServerErrors.CodeOf(e.SqlState), e.MessageText);
        }
        catch (NpgsqlException e)
        {
            // As a node does whose storage is gone: clients try again.
            return ServerErrors.Reply(ServerErrors.ShutdownInProgress, e.Message);
        }
    }

    private async Task<byte[]> AskAsync(string name, string database, byte[] command, byte[]? sequence, CancellationToken cancel)
    {
        if (FirstPages.TryGetValue(name, out var kind))
            return await cursors.OpenAsync(source, kind, database, command, cancel);
        if (name.Equals("getMore", StringComparison.OrdinalIgnoreCase))
            return await cursors.MoreAsync(source, database, command, cancel);
        if (name.Equals("killCursors", StringComparison.OrdinalIgnoreCase))
            return await cursors.KillAsync(command);
        if (!Functions.TryGetValue(name, out var sql))
            return ServerErrors.Reply(ServerErrors.CommandNotFound, $"no such command: '{name}'");
        await using var ask = source.CreateCommand(sql);
        ask.Parameters.Add(new() { Value = database });
        ask.Parameters.Add(new() { Value = command });
        if (sql.Contains("$3", StringComparison.Ordinal))
            ask.Parameters.Add(new() { Value = sequence ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bytea });
        var answer = await ask.ExecuteScalarAsync(cancel) as byte[];
        return answer is null ? Handshake.Ok() : ServerErrors.Translate(answer);
    }

    private static string Writing(string function) =>
        $"SELECT p_result::bytea FROM documentdb_api.{function}($1, $2::bytea::documentdb_core.bson, $3::bytea::documentdb_core.bsonsequence)";

    private static (string Name, string Database, byte[] Command) Read(WireMessage message)
    {
        using var writer = new BsonWriter(message.Body.Length + 16);
        var name = "";
        var database = message.QueryDatabase ?? "admin";
        foreach (var element in new BsonView(message.Body))
        {
            var key = element.KeyText;
            if (name.Length == 0)
                name = key;
            if (key == "$db")
                database = element.String();
            if (!Passed.Contains(key))
                writer.Copy(element.Key, element);
        }

        return (name, database, writer.Finish().ToArray());
    }
}
