using System.Diagnostics;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>Numbers for people, not a gate: run by name, on a quiet machine.</summary>
[TestFixture, Explicit("measures for about two minutes")]
internal sealed class SqliteMeasurements
{
    private const int PerBatch = 200;

    [TestCase(10_000)]
    [TestCase(100_000)]
    public async Task ApplyAndRead_AtSoManyIssues(int issues)
    {
        using var file = new SqliteTestFile();
        await using var store = file.Open();
        await store.MigrateAsync(default);
        var token = await store.TakeLeadershipAsync("measure", default);
        var cursor = StreamId.Zero;
        var random = new Random(1);

        async Task<double> ApplyAsync(int batches, Func<int, int> fingerprint)
        {
            var entries = Enumerable.Range(0, batches).Select(b => new LaneEntry(
                new(1000, cursor.Seq + 1 + (ulong)b), new DeltaBatch { Issues = [.. Enumerable.Range(0, PerBatch).Select(i => Delta(fingerprint((b * PerBatch) + i), random))] })).ToList();
            var (watch, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            foreach (var entry in entries)
            {
                await store.ApplyAsync(token, "lane-00", cursor, [entry], default);
                cursor = entry.Id;
            }

            await Tell("microseconds of CPU per delta of the next line", (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / (batches * PerBatch));
            return batches * PerBatch / watch.Elapsed.TotalSeconds;
        }

        for (var chunk = 0; chunk < 10; chunk++)
        {
            var first = chunk * issues / 10;
            await Tell("new issues/s", await ApplyAsync(issues / PerBatch / 10, n => first + n));
        }

        await Tell("known deltas/s, spread over all issues", await ApplyAsync(50, _ => random.Next(issues)));
        await Tell("known deltas/s, 200 busy fingerprints", await ApplyAsync(100, n => n % PerBatch));
        await Tell("MB on disk", (await store.SummarizeAsync(default)).Bytes / 1e6);
        foreach (var (name, query) in Queries())
            await TimeAsync(name, () => store.ListIssuesAsync(query, default));
        var id = (await store.ListIssuesAsync(Some.Query, default)).Rows[0].Id;
        await TimeAsync("issue", () => store.GetIssueAsync(Some.Project, id, default));
        await TimeAsync("facets", () => store.GetFacetsAsync(id, 10, default));
        await TimeAsync("series, 30 days", () => store.GetSeriesAsync(id, Some.Hour - 720, Some.Hour, null, default));
        await TimeAsync("samples", () => store.ListSamplesAsync(id, 50, default));
        await TimeAsync("summary", () => store.SummarizeAsync(default));
    }

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

    private static IEnumerable<(string, IssueQuery)> Queries()
    {
        var query = Some.Query with { ProjectId = Some.Project };
        foreach (var sort in Enum.GetValues<IssueSort>())
            yield return ($"list by {sort}", query with { Sort = sort });
        yield return ("list, all projects", Some.Query);
        yield return ("list, resolved (none)", query with { State = IssueState.Resolved });
        yield return ("list, environment of half", query with { Environment = "production" });
        yield return ("list, environment that is rare", query with { Environment = "rare" });
        yield return ("search, one issue", query with { Text = "unique77" });
        yield return ("search, a tenth", query with { Text = "kind3" });
        yield return ("search, every issue", query with { Text = "typeerror" });
        yield return ("search, every issue and rare environment", query with { Text = "typeerror", Environment = "rare" });
        yield return ("search, none", query with { Text = "nowhere" });
    }

    private static IssueDelta Delta(int n, Random random)
    {
        var environment = n % 20_000 == 7 ? "rare" : n % 2 == 0 ? "production" : "staging";
        return Some.Delta(
            $"{n:x32}", count: 2, at: random.Next(20 * 3_600_000) - (20 * 3_600_000), title: $"TypeError: kind{n % 10} unique{n}", environment: environment,
            users: [$"u{random.Next(1_000_000)}", $"u{random.Next(1_000_000)}"],
            facets: [new("os", "Windows 10", 2), new("page", $"/p{random.Next(50)}", 2), new("release", "1.2.3", 2), new("device", "desktop", 2)],
            samples: [Some.Sample(Guid.NewGuid().ToString("N"), $"n{random.Next(5)}", function: $"fn{n % 1000}", file: $"https://shop.example/js/file{n % 500}.js")]);
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
