using System.Collections.Concurrent;
using ErrorPipeline.Shared.Storage.Mongo.Bson;
using Npgsql;

namespace ErrorPipeline.DocumentDb;

/// <summary>Queries of which pages are left: each goes on by what the database said it has to be told, some on the connection they began on.</summary>
internal sealed class Cursors : IAsyncDisposable
{
    private readonly ConcurrentDictionary<long, (byte[] Continuation, NpgsqlConnection? Connection)> _open = new();

    public async Task<byte[]> OpenAsync(NpgsqlDataSource source, string kind, string database, byte[] command, CancellationToken cancel)
    {
        var connection = await source.OpenConnectionAsync(cancel);
        var keep = false;
        try
        {
            await using var ask = new NpgsqlCommand(
                $"SELECT cursorpage::bytea, continuation::bytea, persistconnection, cursorid FROM documentdb_api.{kind}_cursor_first_page($1, $2::bytea::documentdb_core.bson)",
                connection)
            {
                Parameters = { new() { Value = database }, new() { Value = command } },
            };
            await using var reader = await ask.ExecuteReaderAsync(cancel);
            await reader.ReadAsync(cancel);
            var page = reader.GetFieldValue<byte[]>(0);
            if (!reader.IsDBNull(1))
            {
                keep = reader.GetBoolean(2);
                _open[reader.GetInt64(3)] = (reader.GetFieldValue<byte[]>(1), keep ? connection : null);
            }

            return page;
        }
        finally
        {
            if (!keep)
                await connection.DisposeAsync();
        }
    }

    public async Task<byte[]> MoreAsync(NpgsqlDataSource source, string database, byte[] command, CancellationToken cancel)
    {
        var id = new BsonView(command)["getMore"u8].Int64();
        if (!_open.TryRemove(id, out var cursor))
            return ServerErrors.Reply(ServerErrors.CursorNotFound, $"cursor id {id} not found");
        var connection = cursor.Connection ?? await source.OpenConnectionAsync(cancel);
        var goesOn = false;
        try
        {
            await using var ask = new NpgsqlCommand(
                "SELECT cursorpage::bytea, continuation::bytea FROM documentdb_api.cursor_get_more($1, $2::bytea::documentdb_core.bson, $3::bytea::documentdb_core.bson)",
                connection)
            {
                Parameters = { new() { Value = database }, new() { Value = command }, new() { Value = cursor.Continuation } },
            };
            await using var reader = await ask.ExecuteReaderAsync(cancel);
            await reader.ReadAsync(cancel);
            var page = reader.GetFieldValue<byte[]>(0);
            goesOn = !reader.IsDBNull(1);
            if (goesOn)
                _open[id] = (reader.GetFieldValue<byte[]>(1), cursor.Connection);
            return page;
        }
        finally
        {
            if (!goesOn || cursor.Connection is null)
                await connection.DisposeAsync();
        }
    }

    public async Task<byte[]> KillAsync(byte[] command)
    {
        foreach (var id in Ids(command))
        {
            if (_open.TryRemove(id, out var cursor) && cursor.Connection is { } connection)
                await connection.DisposeAsync();
        }

        return Handshake.Ok();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, connection) in _open.Values)
        {
            if (connection is not null)
                await connection.DisposeAsync();
        }
    }

    private static List<long> Ids(byte[] command)
    {
        List<long> ids = [];
        foreach (var id in new BsonView(command)["cursors"u8].Document())
            ids.Add(id.Int64());
        return ids;
    }
}
