using System.Globalization;
using ErrorPipeline.Faults.Oracle;
using ErrorPipeline.Faults.Suite;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using StackExchange.Redis;

namespace ErrorPipeline.Faults.Cases;

/// <summary>
/// The store of the first version, with data, is brought up to date by a writer that is killed on the way again and again. Then a build that is
/// older than the store has to refuse it in words and lose nothing.
/// </summary>
internal static class MigrationStopped
{
    public static readonly FaultCase Case = new(9, "migration-stopped", "the store's migration is killed half-way and resumed; an older build refuses a newer store and nothing is lost", RunAsync) { Seconds = 60 };

    private static async Task RunAsync(FaultRun run)
    {
        using var folder = new TempFolder();
        var file = folder["errors.db"];
        Execute(file, Resource("0001-issues.sql"), "PRAGMA user_version = 1", $"""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {run.Pick(100_000, 1_500_000)})
            INSERT INTO facets SELECT i, 'environment', 'e' || i % 1000, 1 FROM n
            """);
        var seen = new SortedSet<long>();
        var settings = new Dictionary<string, string> { ["Store:Errors"] = file, ["DataDirectory"] = folder.Path };
        var site = await run.StartAsync(new() { Workers = [["--stages", "dedupe,normalize,aggregate"]], Settings = new Dictionary<string, string> { ["Store:Errors"] = file } }, new StoreFile(file));
        settings["Redis"] = site.Apps.Redis.Endpoint;
        var crowd = run.Send(site, new() { Run = "migr" });

        var kills = 0;
        await using (var writer = AppProcess.Start("workers", settings, "--stages", "write"))
        {
            while (Version(file) < Latest && kills < 30)
            {
                // The size of SQLite's own log says that a step has begun.
                var random = run.Random.Next(0, 150);
                await Deadline.Until(() => new FileInfo(file + "-wal") is { Exists: true, Length: > 100_000 } || Version(file) >= Latest, TimeSpan.FromSeconds(60), () => writer.Output);
                await Task.Delay(random, run.Cancel);
                await writer.Kill9Async();
                kills++;
                seen.Add(Version(file));
                run.Check(site.Store.Integrity == "ok", $"integrity_check says {site.Store.Integrity}");
                // The lock of the dead writer would be waited for.
                await site.Books.Redis.ExecuteAsync("DEL", (RedisKey)"redlock:{ep:writer}");
                if (kills >= run.Pick(3, 8))
                    break;
                writer.StartAgain();
            }

            writer.StartAgain();
            await Deadline.Until(() => Version(file) == Latest, TimeSpan.FromSeconds(60), () => writer.Output, "the migration is finished");
            await run.RecoverAsync(site, crowd);
            run.Note($"killed {kills} times, at versions {string.Join(", ", seen)} of {Latest}");

            await writer.TerminateAsync();
            Execute(file, "PRAGMA user_version = 999");
            writer.StartAgain();
            _ = run.See("the writer refuses: cannot write, made by a newer build", () => Signs.IsUnreadyAsync(writer, "writer"));
            await run.WatchedAsync();
            await Deadline.Until(() => writer.Output.Contains("newer build", StringComparison.Ordinal), TimeSpan.FromSeconds(20), () => writer.Output);
            var stored = site.Store.Events;
            await crowd.UntilAcceptedAsync(crowd.Accepted + 100);
            run.Check(site.Store.Events == stored, "the older build wrote into the newer store");
            await writer.TerminateAsync();
            Execute(file, $"PRAGMA user_version = {Latest}");
            writer.StartAgain();

            await run.RecoverAsync(site, crowd);
            await run.CompareAsync(site, crowd, TimeSpan.FromSeconds(60));
        }
    }

    private static long Latest => typeof(SqliteErrorStore).Assembly.GetManifestResourceNames()
        .Where(n => n.Contains(".Migrations.Errors.", StringComparison.Ordinal)).Max(n => int.Parse(n.Split('.')[^2].AsSpan(0, 4), CultureInfo.InvariantCulture));

    private static string Resource(string name)
    {
        var assembly = typeof(SqliteErrorStore).Assembly;
        using var reader = new StreamReader(assembly.GetManifestResourceStream(assembly.GetManifestResourceNames().Single(n => n.EndsWith(".Migrations.Errors." + name, StringComparison.Ordinal)))!);
        return reader.ReadToEnd();
    }

    private static long Version(string file)
    {
        using var connection = Open(file);
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        return (long)command.ExecuteScalar()!;
    }

    private static void Execute(string file, params string[] statements)
    {
        using var connection = Open(file);
        foreach (var sql in statements)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }

    private static SqliteConnection Open(string file)
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 30 }.ConnectionString);
        connection.Open();
        return connection;
    }
}
