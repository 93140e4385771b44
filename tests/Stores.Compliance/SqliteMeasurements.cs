using System.Diagnostics;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>Numbers for people, not a gate: run by name, on a quiet machine.</summary>
[TestFixture, Explicit("measures for about two minutes")]
internal sealed class SqliteMeasurements
{
    /// <summary>Alternated runs with and without receipts: what one costs, an event, in the writer and in aggregate; and what a look-up takes.</summary>
    [Test]
    public async Task Receipts_Cost()
    {
        const int PerDelta = 50;
        const int DeltasPerCommit = 80;
        using var file = new SqliteTestFile();
        await using var store = file.Open();
        await store.MigrateAsync(default);
        var token = await store.TakeLeadershipAsync("measure", default);
        var (cursor, events) = (StreamId.Zero, 0);
        var cost = new Dictionary<bool, TimeSpan> { [false] = default, [true] = default };
        for (var round = 0; round < 24; round++)
        {
            var with = round % 2 == 1;
            var ids = Enumerable.Range(0, DeltasPerCommit).Select(_ => Enumerable.Range(0, PerDelta).Select(_ => $"{events++:x32}").ToArray()).ToList();
            var cpu = Environment.CpuUsage.TotalTime;
            for (var commit = 0; commit < 20; commit++)
            {
                var deltas = ids.Select((of, i) => Some.Delta($"f{i}", PerDelta) with
                {
                    EventIds = with ? ShortIds.Pack(of.Select(e => EventIdentity.Of(Some.Project, e).Short ^ (ulong)commit)) : null,
                });
                var previous = cursor;
                cursor = new(1000, previous.Seq + 1);
                await store.ApplyAsync(token, "lane-00", previous, [new(cursor, new DeltaBatch { Issues = [.. deltas] })], default);
            }

            if (round >= 4)
                cost[with] += Environment.CpuUsage.TotalTime - cpu;
        }

        var counted = 10.0 * 20 * DeltasPerCommit * PerDelta;
        await Tell("microseconds of CPU an event, without receipts", cost[false].TotalMicroseconds / counted);
        await Tell("microseconds of CPU an event, with receipts (hash, sort, row)", cost[true].TotalMicroseconds / counted);
        await TimeAsync($"look-up in {events * 10} receipts", () => store.FindReceiptsAsync([Some.Project], $"{7:x32}", default));
    }

    private static async Task TimeAsync<T>(string name, Func<Task<T>> read)
    {
        await read();
        var times = new List<double>();
        for (var n = 0; n < 15; n++)
        {
            var watch = Stopwatch.StartNew();
            await read();
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        times.Sort();
        await Tell($"ms (median; worst {times[^1]:0.0}) {name}", times[7]);
    }

    private static Task Tell(string what, double number) => TestContext.Progress.WriteLineAsync($"{number,12:0.0}  {what}");
}
