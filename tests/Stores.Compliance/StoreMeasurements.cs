using System.Diagnostics;
using System.Globalization;
using System.Text;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Storage.Mongo;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>
/// Both stores with the same content in one run: how fast deltas are applied, and how long the questions of the dashboard take. Numbers for
/// people, not a gate: run by name, on a quiet machine. Writes the table of bench/README.md.
/// </summary>
[TestFixture, Explicit("measures for many minutes")]
internal sealed class StoreMeasurements
{
    private const int PerEntry = 200;
    private const int EntriesAtOnce = 5;
    private const int EventsPerIssue = 100;
    private const int Rounds = 40;
    private const int Portion = 5_000;

    /// <summary>A slow machine is measured with fewer issues, and the table tells how many.</summary>
    private static readonly TimeSpan MostFilling = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan MostAQuestion = TimeSpan.FromSeconds(8);

    [TestCase(10_000)]
    [TestCase(100_000)]
    public async Task ApplyAndRead_OnBothStores(int issues)
    {
        await using var database = await MongoTestDatabase.CreateAsync();
        using var file = new SqliteTestFile();
        await using var sqlite = file.Open();
        await using var mongo = new MongoErrorStore(new() { Uri = database.Uri });
        var table = new List<(string What, string Sqlite, string Mongo)>();
        var (ofSqlite, ofMongo) = (new Filler(sqlite), new Filler(mongo));
        await ofSqlite.BeginAsync();
        await ofMongo.BeginAsync();
        issues = await FillAsync(issues);
        await RateAsync("known deltas/s, spread over all issues", 30, PerEntry, n => n * 7919 % issues);
        await RateAsync("known deltas/s, of 200 busy errors", 30, PerEntry, n => n % PerEntry);
        await RateAsync("known deltas/s, of 50 busy errors, 50 an entry", 120, 50, n => n % 50);
        foreach (var (name, query) in Queries())
            await TimeAsync(name, store => store.ListIssuesAsync(query, default));
        var id = (await sqlite.ListIssuesAsync(Some.Query, default)).Rows[0].Id;
        await TimeAsync("issue page: issue, facets, series, samples", async store =>
        {
            await store.GetFacetsAsync(id, 10, default);
            await store.GetSeriesAsync(id, Some.Hour - 720, Some.Hour, null, default);
            await store.ListSamplesAsync(id, 50, default);
            return await store.GetIssueAsync(Some.Project, id, default);
        });
        await TimeAsync("overview", store => store.GetOverviewAsync(new(Some.Project, Some.Start - (24 * Some.HourMs), 5), default));
        await TimeAsync("releases", store => store.ListReleasesAsync(Some.Project, 50, default));

        var (events, engine) = ((await sqlite.SummarizeAsync(default)).Events, (await mongo.SummarizeAsync(default)).Engine);
        var text = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"{issues:N0} issues, {events:N0} events counted; {engine} as `tests/Rigs` found it; {Environment.ProcessorCount} cores for the test, the server and what is before it.\n\n")
            .Append("| | SQLite | MongoDB |\n|---|---|---|\n");
        foreach (var (what, one, other) in table)
            text.Append(CultureInfo.InvariantCulture, $"| {what} | {one} | {other} |\n");
        await TestContext.Out.WriteLineAsync(text.ToString());
        WrittenPage.Write(Path.Combine(Places.Root, "bench", "README.md"), "<!-- made by StoreMeasurements -->", text.ToString(), "<!-- end of what StoreMeasurements made -->");

        async Task<int> FillAsync(int most)
        {
            var (clock, filled, one, other) = (Stopwatch.StartNew(), 0, TimeSpan.Zero, TimeSpan.Zero);
            while (filled < most && clock.Elapsed < MostFilling)
            {
                var from = filled;
                one += await ofSqlite.ApplyAsync(Portion / PerEntry, PerEntry, n => from + n);
                other += await ofMongo.ApplyAsync(Portion / PerEntry, PerEntry, n => from + n);
                filled += Portion;
                await TestContext.Progress.WriteLineAsync($"{filled} of {most} issues, after {clock.Elapsed.TotalSeconds:0} s: new issues/s {filled / one.TotalSeconds:0} {filled / other.TotalSeconds:0}");
            }

            table.Add(("new issues/s", $"{filled / one.TotalSeconds:0}", $"{filled / other.TotalSeconds:0}"));
            return filled;
        }

        async Task RateAsync(string what, int entries, int perEntry, Func<int, int> fingerprint)
        {
            double deltas = entries * perEntry;
            var (one, other) = (deltas / (await ofSqlite.ApplyAsync(entries, perEntry, fingerprint)).TotalSeconds, deltas / (await ofMongo.ApplyAsync(entries, perEntry, fingerprint)).TotalSeconds);
            table.Add((what, $"{one:0}", $"{other:0}"));
            await TestContext.Progress.WriteLineAsync($"{what}: {one:0} {other:0}");
        }

        async Task TimeAsync<T>(string what, Func<IErrorStore, Task<T>> read)
        {
            var (one, other) = (await MedianAsync(() => read(sqlite)), await MedianAsync(() => read(mongo)));
            table.Add(($"{what}, ms: median, p95", one, other));
            await TestContext.Progress.WriteLineAsync($"{what}: {one}; {other}");
        }
    }

    private static async Task<string> MedianAsync<T>(Func<Task<T>> read)
    {
        await read();
        var times = new List<double>();
        var clock = Stopwatch.StartNew();
        for (var n = 0; n < Rounds && (n < 10 || clock.Elapsed < MostAQuestion); n++)
        {
            var watch = Stopwatch.StartNew();
            await read();
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        times.Sort();
        return string.Create(CultureInfo.InvariantCulture, $"{times[times.Count / 2]:0.0}, {times[times.Count * 95 / 100]:0.0}");
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

    /// <summary>The same deltas for each store.</summary>
    private sealed class Filler(IErrorStore store)
    {
        private readonly Random _random = new(1);
        private StreamId _cursor = StreamId.Zero;
        private long _token;

        public async Task BeginAsync()
        {
            await store.MigrateAsync(default);
            _token = await store.TakeLeadershipAsync("measure", default);
        }

        /// <summary>As the writer does: several entries that were waiting at once.</summary>
        public async Task<TimeSpan> ApplyAsync(int entries, int perEntry, Func<int, int> fingerprint)
        {
            var watch = new Stopwatch();
            foreach (var numbers in Enumerable.Range(0, entries).Chunk(EntriesAtOnce))
            {
                var previous = _cursor;
                List<LaneEntry> some = [.. numbers.Select((n, i) => new LaneEntry(
                    new(1000, previous.Seq + 1 + (ulong)i), new DeltaBatch { Issues = [.. Enumerable.Range(n * perEntry, perEntry).Select(d => Delta(fingerprint(d), _random))] }))];
                _cursor = some[^1].Id;
                watch.Start();
                await store.ApplyAsync(_token, "lane-00", previous, some, default);
                watch.Stop();
            }

            return watch.Elapsed;
        }

        private static IssueDelta Delta(int n, Random random)
        {
            var environment = n % 20_000 == 7 ? "rare" : n % 2 == 0 ? "production" : "staging";
            return Some.Delta(
                $"{n:x32}", EventsPerIssue, at: random.Next(20 * 3_600_000) - (20 * 3_600_000), title: $"TypeError: kind{n % 10} unique{n}", environment: environment,
                users: [$"u{random.Next(1_000_000)}", $"u{random.Next(1_000_000)}"],
                facets: [new("os", "Windows 10", 2), new("page", $"/p{random.Next(50)}", 2), new("release", "1.2.3", 2), new("device", "desktop", 2)],
                samples: [Some.Sample(Guid.NewGuid().ToString("N"), $"n{random.Next(5)}", function: $"fn{n % 1000}", file: $"https://shop.example/js/file{n % 500}.js")]);
        }
    }
}
