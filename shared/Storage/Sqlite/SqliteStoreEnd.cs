using System.Text.Json;
using System.Text.Json.Nodes;
using ErrorPipeline.Shared.Storage.Copying;
using Microsoft.Data.Sqlite;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>A file as one end of a copy. Rows and how far they go are written in one transaction.</summary>
internal sealed class SqliteStoreEnd : IStoreEnd
{
    private const int IssuesAtATime = 200;

    private readonly StorePart _part;
    private readonly bool _isTarget;
    private readonly string _path;
    private readonly SqliteThreads _threads;

    public SqliteStoreEnd(StorePart part, string path, bool isTarget)
    {
        (_part, _path, _isTarget) = (part, path, isTarget);
        var file = new SqliteFile(path, TimeSpan.FromSeconds(5));
        _threads = new(path, 1, () => new SqliteSession(file.OpenForWriting()));
    }

    public string Name => $"sqlite:{_path}";

    private IReadOnlyList<CopiedTable> Tables => StoreParts.TablesOf(_part);

    public Task<bool> ExistsAsync(CancellationToken cancel) => Task.FromResult(File.Exists(_path));

    public Task PrepareAsync(CancellationToken cancel) => Run(
        session =>
        {
            Migrations.Apply(session, _path);
            if (_isTarget)
                session.Execute("CREATE TABLE IF NOT EXISTS copying (state TEXT NOT NULL)");
            return true;
        },
        cancel);

    public Task<bool> IsEmptyAsync(CancellationToken cancel) =>
        Run(session => Tables.All(table => session.Scalar($"SELECT 1 FROM {table.Name} LIMIT 1") is null), cancel);

    public Task EmptyAsync(CancellationToken cancel) => Run(
        session => session.InTransaction(s =>
        {
            if (_part == StorePart.Errors)
                s.Execute("DELETE FROM search");
            if (_part == StorePart.Config)
                s.Execute("DELETE FROM project_origins");
            foreach (var table in Tables.Reverse())
                s.Execute($"DELETE FROM {table.Name}");
            return s.Execute("DELETE FROM copying");
        }),
        cancel);

    public Task<string> SealAsync(CancellationToken cancel) => Run(
        session =>
        {
            if (_part == StorePart.Errors)
                session.InTransaction(s => Leadership.Take(s, "store copy"));
            return Stamp(session);
        },
        cancel);

    public Task<string> ReadStampAsync(CancellationToken cancel) => Run(Stamp, cancel);

    public Task<long> CountAsync(CopiedTable table, CancellationToken cancel) => Run(session => session.Number($"SELECT count(*) FROM {table.Name}"), cancel);

    public Task<IReadOnlyList<CopiedRow>> ReadAsync(CopiedTable table, string? after, CancellationToken cancel) => Run<IReadOnlyList<CopiedRow>>(
        session =>
        {
            var keys = string.Join(", ", table.Columns.Take(table.Keys).Select(column => $"\"{column.Sql}\""));
            var columns = string.Join(", ", table.Columns.Select(column => column.Expression ?? $"\"{column.Sql}\""));
            var place = after is null ? [] : ReadPlace(after);
            var where = after is null ? "" : $"WHERE ({keys}) > ({string.Join(", ", place.Select((_, index) => $"?{index + 1}"))})";
            return session.Query($"SELECT {columns} FROM {table.Name} {where} ORDER BY {keys} LIMIT {table.Batch}", row => Read(table, row), place);
        },
        cancel);

    public Task WriteAsync(CopiedTable table, IReadOnlyList<CopiedRow> rows, CopyState state, CancellationToken cancel) => Run(
        session => session.InTransaction(s =>
        {
            if (Stamp(s) != state.TargetStamp)
                throw new CopyRefusedException($"{Name} is being written to: nothing may use it before the copy is over");
            var written = table.Columns.Select((column, index) => (column, index)).Where(one => one.column.Expression is null).ToList();
            var insert = $"INSERT INTO {table.Name} ({string.Join(", ", written.Select(one => $"\"{one.column.Sql}\""))}) VALUES ({string.Join(", ", written.Select((_, n) => $"?{n + 1}"))})";
            foreach (var row in rows)
            {
                s.Execute(insert, [.. written.Select(one => row.Values[one.index])]);
                if (_part == StorePart.Config && table.Name == "projects")
                    WriteOrigins(s, row.Number(0), row.Text(table.IndexOf("origins")));
            }

            return Save(s, state);
        }),
        cancel);

    public Task<long> ReadSequenceAsync(CopiedTable table, CancellationToken cancel) => Run(
        session => session.Number(
            $"SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = ?1), 0), coalesce((SELECT max({table.Numbered}) FROM {table.Name}), 0))", table.Name),
        cancel);

    /// <summary>Tables without AUTOINCREMENT go on after the highest number that is there, which is what they did where they were.</summary>
    public Task RaiseSequenceAsync(CopiedTable table, long least, CancellationToken cancel) => Run(
        session => session.InTransaction(s =>
        {
            if (s.Scalar("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1 AND sql LIKE '%AUTOINCREMENT%'", table.Name) is null)
                return 0;
            return s.Execute("UPDATE sqlite_sequence SET seq = max(seq, ?2) WHERE name = ?1", table.Name, least) > 0
                ? 1
                : s.Execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?1, ?2)", table.Name, least);
        }),
        cancel);

    public Task<long?> DeriveAsync(long afterIssue, CancellationToken cancel) => Run<long?>(
        session => _part != StorePart.Errors ? null : session.InTransaction<long?>(s =>
        {
            var issues = s.Query($"SELECT id FROM issues WHERE id > ?1 ORDER BY id LIMIT {IssuesAtATime}", row => row.GetInt64(0), afterIssue);
            issues.ForEach(issue => SearchIndex.Write(s, issue));
            return issues.Count == 0 ? null : issues[^1];
        }),
        cancel);

    public Task<CopyState?> ReadStateAsync(CancellationToken cancel) => Run(
        session => session.Scalar("SELECT state FROM copying LIMIT 1") is string json ? JsonSerializer.Deserialize(json, CopyJson.Default.CopyState) : null, cancel);

    public Task SaveStateAsync(CopyState state, CancellationToken cancel) => Run(session => session.InTransaction(s => Save(s, state)), cancel);

    public Task ForgetStateAsync(CancellationToken cancel) => Run(
        session =>
        {
            if (_part == StorePart.Config)
                session.Execute(SqliteConfigStore.Touch);
            session.Execute("DROP TABLE IF EXISTS copying");
            return session.Execute("PRAGMA optimize");
        },
        cancel);

    public ValueTask DisposeAsync() => _threads.DisposeAsync();

    private SqliteMigrations Migrations => _part switch
    {
        StorePart.Errors => SqliteMigrations.Errors,
        StorePart.Config => SqliteMigrations.Config,
        _ => SqliteMigrations.Artifacts,
    };

    /// <summary>Only the errors have a token. Of the others what is copied into is not watched, and what is copied from by what its changes leave.</summary>
    private string Stamp(SqliteSession session) => _part switch
    {
        StorePart.Errors => $"{session.Number("SELECT token FROM leadership WHERE id = 1")}",
        _ when _isTarget => "",
        StorePart.Config => string.Join('|', (string[])
        [
            $"{session.Number("SELECT number FROM revision WHERE id = 1")}", $"{session.Number("SELECT count(*) FROM users")}",
            $"{session.Number("SELECT coalesce(max(position), 0) FROM outbox")}", $"{session.Number("SELECT count(*) FROM upload_tokens")}",
        ]),
        _ => $"{session.Number("SELECT coalesce(max(id), 0) FROM artifacts")}|{session.Number("SELECT count(*) FROM artifacts")}",
    };

    private static int Save(SqliteSession session, CopyState state)
    {
        session.Execute("DELETE FROM copying");
        return session.Execute("INSERT INTO copying VALUES (?1)", JsonSerializer.Serialize(state, CopyJson.Default.CopyState));
    }

    private static void WriteOrigins(SqliteSession session, long project, string lines)
    {
        var origins = lines.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < origins.Length; i++)
            session.Execute("INSERT INTO project_origins VALUES (?1, ?2, ?3)", project, i, origins[i]);
    }

    private static CopiedRow Read(CopiedTable table, SqliteRow row)
    {
        var values = new object?[table.Columns.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = row.GetValue(i);
        return new(values, new JsonArray([.. values.Take(table.Keys).Select(value => value is long number ? JsonValue.Create(number) : JsonValue.Create((string)value!))]).ToJsonString());
    }

    private static object?[] ReadPlace(string place) =>
        [.. JsonNode.Parse(place)!.AsArray().Select(value => value!.GetValueKind() == JsonValueKind.Number ? value.GetValue<long>() : (object)value.GetValue<string>())];

    private Task<T> Run<T>(Func<SqliteSession, T> work, CancellationToken cancel) => _threads.RunAsync(work, interruptible: false, cancel);
}
