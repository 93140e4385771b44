using ErrorPipeline.Collector.Admission;
using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Protocols;

namespace ErrorPipeline.Collector.Tests;

/// <summary>Sessions as browsers tell of them: at the beginning, at the first error, at a crash and at the end.</summary>
public sealed class SessionCountsTests
{
    private readonly EdgeCounts _edge = new(TimeProvider.System);

    [Test]
    public void Add_OfASessionToldAgainAndAgain_CountsItOnceInEachWay()
    {
        var sessions = new SessionCounts(_edge, TimeProvider.System);

        foreach (var told in new[] { Told(1, started: 1), Told(1, hit: 1), Told(1, hit: 1, crashed: 1), Told(1, hit: 1, crashed: 1), Told(2, started: 1), Told(2) })
            sessions.Add(7, [told]);
        sessions.Add(8, [Told(1, started: 1)]);

        Counted(7).Should().BeEquivalentTo(new Dictionary<string, long> { ["started"] = 2, ["hit"] = 1, ["crashed"] = 1 });
    }

    [Test]
    public void Add_OfSums_AddsAllOfThem()
    {
        var sessions = new SessionCounts(_edge, TimeProvider.System);

        sessions.Add(7, [new(0, 10, 3, 1, "1.4", ""), new(0, 10, 3, 1, "1.4", "")]);

        Counted(7).Should().BeEquivalentTo(new Dictionary<string, long> { ["started"] = 20, ["hit"] = 6, ["crashed"] = 2 });
    }

    [Test]
    public void Add_OfMoreReleasesThanSitesHave_CountsTheRestTogether()
    {
        var sessions = new SessionCounts(_edge, TimeProvider.System);

        sessions.Add(7, [.. Enumerable.Range(1, 1_000).Select(n => Told((ulong)n, started: 1) with { Release = $"made up {n}" })]);

        var counts = _edge.Take();
        counts.Should().HaveCount(201);
        counts.Sum(count => count.Count).Should().Be(1_000);
        counts.Max(count => count.Count).Should().Be(800);
    }

    [Test]
    public void Outcome_OfAnyNames_IsReadAsItWasWritten_AndFitsIntoALineOfTheLog()
    {
        var outcome = new SessionOutcome(SessionOutcome.Hit, "pro duction|a:b", "shop@1.4 é\n");

        outcome.ToString().Should().NotContainAny(" ", "|", "\n");
        SessionOutcome.Read(outcome.ToString()).Should().Be(outcome);
        SessionOutcome.Read("stored").Should().BeNull();
        SessionOutcome.Read("session:other:a:b").Should().BeNull();
        EdgeCounts.Read(EdgeCounts.Write([new(7, 5, outcome.ToString(), 2)])).Single().Outcome.Should().Be(outcome.ToString());
    }

    private static ToldSession Told(ulong id, int started = 0, int hit = 0, int crashed = 0) => new(id, started, hit, crashed, "1.4", "production");

    private Dictionary<string, long> Counted(int project) => _edge.Take().Where(count => count.ProjectId == project)
        .ToDictionary(count => SessionOutcome.Read(count.Outcome)!.Kind, count => count.Count);
}
