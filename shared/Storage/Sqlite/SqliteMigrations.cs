using System.Globalization;

namespace ErrorPipeline.Shared.Storage.Sqlite;

internal sealed record SqliteMigration(int Number, string Name, string Sql);

/// <summary>
/// Numbered .sql files embedded in this assembly. Each is applied in one transaction together with the file's user_version,
/// so a stop at any point leaves a version that the next start continues from.
/// </summary>
internal sealed class SqliteMigrations(IReadOnlyList<SqliteMigration> steps)
{
    public static readonly SqliteMigrations Errors = Embedded("Errors");
    public static readonly SqliteMigrations Config = Embedded("Config");
    public static readonly SqliteMigrations Artifacts = Embedded("Artifacts");

    public int Latest => steps.Count == 0 ? 0 : steps[^1].Number;

    public void Apply(SqliteSession session, string path)
    {
        foreach (var step in steps)
        {
            RefuseNewer(session, path);
            if (Version(session) >= step.Number)
                continue;
            session.InTransaction(s =>
            {
                // Another process may have done it while this one waited for the lock.
                if (Version(s) < step.Number)
                {
                    s.Script(step.Sql);
                    s.Script($"PRAGMA user_version = {step.Number}");
                }

                return 0;
            });
        }

        RefuseNewer(session, path);
    }

    /// <summary>For readers: they cannot bring the schema up to date, only wait until the writer has.</summary>
    public void RequireLatest(SqliteSession session, string path)
    {
        RefuseNewer(session, path);
        if (Version(session) < Latest)
            throw new StoreUnavailableException($"the store {path} is not ready: its schema is {Version(session)}, and the process that writes it has not brought it to {Latest} yet");
    }

    private void RefuseNewer(SqliteSession session, string path)
    {
        if (Version(session) > Latest)
            throw new InvalidOperationException($"the store {path} has schema {Version(session)}, made by a newer build; this build knows {Latest}. Run the newer build, or restore a backup");
    }

    private static long Version(SqliteSession session) => session.Number("PRAGMA user_version");

    private static SqliteMigrations Embedded(string set)
    {
        var assembly = typeof(SqliteMigrations).Assembly;
        var prefix = $"{typeof(SqliteMigrations).Namespace}.Migrations.{set}.";
        return new([.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                var file = name[prefix.Length..];
                return new SqliteMigration(int.Parse(file.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture), file, reader.ReadToEnd());
            })]);
    }
}
