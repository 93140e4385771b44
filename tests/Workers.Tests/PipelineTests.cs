using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Workers.Tests;

/// <summary>All four stages as processes, from raw to the store, while everything that can go wrong between them does.</summary>
public sealed class PipelineTests
{
    private const int Errors = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Test]
    public async Task Pipeline_DuplicatesThievesAndAKilledLeader_CountsEveryEventOnce()
    {
        const int Distinct = 3000;
        await using var rig = await PipelineRig.StartAsync();
        var random = new Random(5);
        var sent = Enumerable.Range(0, Distinct).Concat(Enumerable.Range(0, Distinct / 3)).Select(Event).ToArray();
        random.Shuffle(sent);
        using var honest = new CancellationTokenSource();
        var stealing = rig.StealAsync(new(6), honest.Token);

        var (first, second) = (sent[..(sent.Length / 2)], sent[(sent.Length / 2)..]);
        await SendInPartsAsync(rig, first, random);
        var leader = await LeaderAsync(rig);
        await leader.Kill9Async();
        await SendInPartsAsync(rig, second, random);
        await LeaderAsync(rig, within: TimeSpan.FromSeconds(10));
        leader.StartAgain();
        await honest.CancelAsync();
        await stealing;

        await Deadline.Until(() => IsDrainedAsync(rig, sent.Length), Patience, rig.Describe);
        var issues = await rig.IssuesAsync();
        issues.Should().HaveCount(Errors).And.OnlyContain(i => i.Count == Distinct / Errors);
        foreach (var lane in Lane.All(PipelineRig.Lanes))
            (await rig.LedgerAsync(lane)).IsBalanced.Should().BeTrue();
        (await rig.OutcomeAsync(Outcome.Accepted)).Should().Be(sent.Length);
        (await rig.OutcomeAsync(Outcome.Stored)).Should().Be(Distinct);
        (await rig.OutcomeAsync(Outcome.Duplicate)).Should().Be(sent.Length - Distinct);
    }

    private static async Task SendInPartsAsync(PipelineRig rig, RawError[] events, Random random)
    {
        for (var at = 0; at < events.Length;)
        {
            var part = events.AsMemory(at, Math.Min(random.Next(1, 100), events.Length - at));
            await rig.SendAsync(part.ToArray());
            at += part.Length;
        }
    }

    private static async Task<AppProcess> LeaderAsync(PipelineRig rig, TimeSpan? within = null)
    {
        AppProcess? leader = null;
        await Deadline.Until(
            async () =>
            {
                foreach (var workers in rig.Workers)
                    leader ??= workers.Running && await rig.IsLeadingAsync(workers) ? workers : null;
                return leader is not null;
            },
            within ?? Patience, rig.Describe);
        return leader!;
    }

    /// <summary>Nothing is on its way, and every outcome has reached the store.</summary>
    private static async Task<bool> IsDrainedAsync(PipelineRig rig, long sent)
    {
        foreach (var lane in Lane.All(PipelineRig.Lanes))
        {
            if ((await rig.LedgerAsync(lane)).InFlight > 0)
                return false;
        }

        return await rig.OutcomeAsync(Outcome.Stored) + await rig.OutcomeAsync(Outcome.Duplicate) + await rig.OutcomeAsync(Outcome.Dead) >= sent
            && await rig.OutcomeAsync(Outcome.Accepted) >= sent;
    }

    private static RawError Event(int n)
    {
        var error = n % Errors;
        var name = (char)('a' + error);
        return Some.Raw(n, $$"""
            {"type":"TypeError","message":"{{name}} is not a function","stack":"TypeError: {{name}} is not a function\n    at run{{name}} (https://shop.example/{{name}}.js:1{{error}}:7)",
             "url":"https://shop.example/page/{{n % 7}}","user":{"id":"u{{n % 50}}"},"environment":"production"}
            """);
    }
}
