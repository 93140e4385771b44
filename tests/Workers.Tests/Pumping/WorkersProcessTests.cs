using System.Globalization;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Storage.Sqlite;

namespace ErrorPipeline.Workers.Tests.Pumping;

/// <summary>The workers as they run, all stages, from a lane to the store.</summary>
[TestFixture]
internal sealed class WorkersProcessTests
{
    [Test]
    public async Task Workers_KilledAgainAndAgain_CountEveryEventOnce()
    {
        const int events = 1500;
        string[] types = ["TypeError", "RangeError", "SyntaxError", "ReferenceError", "EvalError"];
        var random = new Random(7);
        await using var server = await RedisServer.StartAsync();
        await using var rig = new PumpRig(server);
        using var folder = new TempFolder();
        await using var workers = AppProcess.Start("workers", new Dictionary<string, string>
        {
            ["Redis"] = server.Endpoint,
            ["Lanes"] = "1",
            ["DataDirectory"] = folder.Path,
            ["Workers:ReclaimAfterSeconds"] = "0.5",
        });
        await workers.WaitReadyAsync();

        var sent = 0;
        for (var n = 0; n < events; n += 50)
        {
            var batch = Enumerable.Range(n, 50).Select(i => Some.Raw(i, $$"""{"type":"{{types[i % types.Length]}}","message":"broken"}""")).ToArray();
            await rig.SendAsync(batch);
            sent += batch.Length;
            if (n % 150 == 0)
            {
                await rig.SendAsync(batch);
                sent += batch.Length;
            }

            if (n % 500 == 250)
            {
                await Deadline.Until(async () => (await rig.ReadAsync()).Terminal > random.Next(n), PumpRig.Patience);
                await workers.Kill9Async();
                workers.StartAgain();
            }
        }

        await rig.UntilAsync(r => r.Accepted == sent && r.InFlight == 0);
        var reading = await rig.ReadAsync();
        reading.IsBalanced.Should().BeTrue();
        reading.Totals[Outcome.Stored].Should().Be(events);
        reading.Totals[Outcome.Duplicate].Should().Be(sent - events);

        await using var store = new SqliteErrorStore(new() { Path = folder["errors.db"] });
        var issues = (await store.ListIssuesAsync(new() { NowHour = Some.Time / 3_600_000 }, CancellationToken.None)).Rows;
        issues.Select(i => i.Count).Should().Equal(Enumerable.Repeat((long)events / types.Length, types.Length));
        (await workers.TerminateAsync()).Should().Be(0, workers.Output);
    }

    [Test]
    public async Task Workers_StageThatIsNotThere_SayWhichAreAndEnd()
    {
        await using var workers = AppProcess.Start("workers", [], "--stages", "dedupe,wash");

        (await workers.WaitExitAsync(PumpRig.Patience)).Should().Be(78);

        workers.Output.Should().Contain("wash").And.Contain("dedupe, normalize, aggregate, write").And.NotContain("   at ");
    }

    [Test]
    public async Task Workers_RedisAway_AreAliveButNotReadyAndDoNotFloodTheLog()
    {
        var port = FreePort.Take().ToString(CultureInfo.InvariantCulture);
        using var folder = new TempFolder();
        await using var workers = AppProcess.Start("workers", new Dictionary<string, string>
        {
            ["Redis"] = "127.0.0.1:" + port,
            ["Lanes"] = "1",
            ["DataDirectory"] = folder.Path,
        });
        using var http = new HttpClient();

        await Deadline.Until(async () => await StatusAsync(http, workers.Url + "/healthz/live") == 200, PumpRig.Patience, () => workers.Output);
        (await StatusAsync(http, workers.Url + "/healthz/ready")).Should().Be(503);
        await Deadline.Until(() => workers.Output.Contains("waits for Redis", StringComparison.Ordinal), PumpRig.Patience, () => workers.Output);

        workers.Output.Split('\n').Length.Should().BeLessThan(60);
    }

    private static async Task<int> StatusAsync(HttpClient http, string url)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(url));
            return (int)answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }
}
