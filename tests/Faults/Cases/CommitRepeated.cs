using ErrorPipeline.Faults.Suite;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Storage.Sqlite;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Faults.Cases;

/// <summary>A commit took effect and its answer was lost, so the writer repeats it: the store must see that it has it.</summary>
internal static class CommitRepeated
{
    private const string Lane = "lane-00";

    public static readonly FaultCase Case = new(4, "commit-repeated", "each commit is sent to the store twice, as after an answer that was lost", RunAsync) { Seconds = 5, IsQuick = true };

    private static async Task RunAsync(FaultRun run)
    {
        using var folder = new TempFolder();
        await using var store = new SqliteErrorStore(new() { Path = folder["errors.db"] });
        await store.MigrateAsync(run.Cancel);
        var token = await store.TakeLeadershipAsync("suite", run.Cancel);
        var (cursor, expected, refused) = (StreamId.Zero, 0L, 0);
        for (var i = 1; i <= 50; i++)
        {
            var delta = Delta(run.Random.Next(1, 50));
            var entry = new LaneEntry(new StreamId((ulong)i, 0), new() { Issues = [delta] });
            expected += delta.Count;
            await store.ApplyAsync(token, Lane, cursor, [entry], run.Cancel);
            try
            {
                await store.ApplyAsync(token, Lane, cursor, [entry], run.Cancel);
            }
            catch (CursorMovedException)
            {
                refused++;
            }

            cursor = entry.Id;
        }

        var stored = (await store.SummarizeAsync(run.Cancel)).Events;
        run.Add(new(expected, stored, Math.Max(0, expected - stored), Math.Max(0, stored - expected), 0));
        run.Check(stored == expected, $"{expected} events were committed, each commit twice, and {stored} are counted: {stored - expected} are counted twice");
        run.Check(refused == 50, $"{refused} of 50 repeated commits were refused");
    }

    private static IssueDelta Delta(int count) => new()
    {
        ProjectId = 1,
        Grouping = new("v1", new string('a', 32), ["token"]),
        Title = "TypeError: basket is not ready",
        Culprit = "shop.js",
        Type = "TypeError",
        Level = "error",
        Class = "ours",
        Count = count,
        FirstSeen = 1_000,
        LastSeen = 2_000,
        LastReceived = 2_000,
        Hours = [new(0, "", count)],
        Facets = [],
        Users = [],
        Samples = [],
    };
}
