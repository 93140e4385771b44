using ErrorPipeline.Rigs;

namespace ErrorPipeline.EndToEnd.Delivery;

/// <summary>The promise: what was answered 202 is counted exactly once, whatever is killed meanwhile.</summary>
internal sealed class KillTests
{
    private const int Kinds = 20;

    [Test, CancelAfter(240_000)]
    public Task Events_WhileEverythingIsKilledAtRandom_AreCountedExactly(CancellationToken cancel) =>
        RunAsync(events: 6_000, clients: 8, kills: 10, seed: 20260101, cancel);

    [Test, Category("Long"), CancelAfter(1_500_000)]
    public Task HundredThousandEvents_WhileEverythingIsKilledAtRandom_AreCountedExactly(CancellationToken cancel) =>
        RunAsync(events: 100_000, clients: 16, kills: 60, seed: 7, cancel);

    private static async Task RunAsync(int events, int clients, int kills, int seed, CancellationToken cancel)
    {
        await using var installation = await Installation.StartAsync(new()
        {
            // Two processes: stages are shared, and a second writer stands by.
            Workers = [[], []],
            Settings = new Dictionary<string, string> { ["Workers:ReclaimAfterSeconds"] = "2" },
        });
        var crowd = new Crowd("kill", Kinds, events, seed);
        await using var ledgers = new Ledgers(installation);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var watching = ledgers.WatchAsync(over.Token);
        var killing = KillAsync(installation, kills, new Random(seed), cancel);

        // As many requests a second as make the sending last as long as the killing.
        await crowd.SendAsync(installation, clients, cancel, pause: TimeSpan.FromMilliseconds(150));
        await killing;

        await AllCountedAsync(installation, crowd, TimeSpan.FromSeconds(90), ledgers);
        await over.CancelAsync();
        await watching;
        ledgers.Balanced.Should().BeGreaterThan(10);

        var lanes = await ledgers.ReadAsync();
        var totals = string.Join("\n", lanes.Select(Ledgers.Tell));
        lanes.Sum(l => l.Totals.GetValueOrDefault("stored")).Should().Be(events, totals);
        lanes.Sum(l => l.Totals.GetValueOrDefault("duplicate")).Should().BeGreaterThanOrEqualTo(events / 3, totals);
        lanes.Sum(l => l.Totals.GetValueOrDefault("dead")).Should().Be(0, totals);
        await TestContext.Out.WriteLineAsync($"{crowd.Accepted} requests accepted, {crowd.Unanswered} unanswered and sent again; {ledgers.Balanced} balanced readings\n{totals}");
    }

    private static async Task KillAsync(Installation installation, int kills, Random random, CancellationToken cancel)
    {
        AppProcess[] apps = [installation.Collector, .. installation.Workers];
        for (var i = 0; i < kills; i++)
        {
            await Task.Delay(random.Next(300, 2000), cancel);
            var target = random.Next(apps.Length + 1);
            if (target == apps.Length)
            {
                await installation.Redis.Kill9Async();
                await Task.Delay(random.Next(0, 1500), cancel);
                await installation.Redis.StartAgainAsync();
                continue;
            }

            await apps[target].Kill9Async();
            await Task.Delay(random.Next(0, 1500), cancel);
            apps[target].StartAgain();
        }
    }

    internal static async Task AllCountedAsync(Installation installation, Crowd crowd, TimeSpan patience, Ledgers ledgers)
    {
        var expected = Enumerable.Range(0, crowd.Kinds).Sum(crowd.CountOf);
        IReadOnlyList<IssueSeen> issues = [];
        try
        {
            await Deadline.Until(
                async () => (issues = await installation.Api.IssuesAsync(installation.ProjectId)).Sum(i => i.Count) >= expected, patience, null, "all events are counted");
        }
        catch (TimeoutException e)
        {
            var lanes = await ledgers.ReadAsync();
            Assert.Fail($"{e.Message}: {issues.Sum(i => i.Count)} of {expected}\n{string.Join("\n", lanes.Select(Ledgers.Tell))}\n{installation.Logs()}");
        }

        issues.Should().HaveCount(crowd.Kinds, string.Join("\n", issues));
        for (var kind = 0; kind < crowd.Kinds; kind++)
        {
            var message = SomeErrors.Event("", kind, 0)["message"]!.GetValue<string>();
            issues.Should().ContainSingle(i => i.Title.Contains(message)).Which.Count.Should().Be(crowd.CountOf(kind), message);
        }
    }
}
