using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>What the overview and the pages of releases read of one environment, and the sessions that clients tell of.</summary>
internal abstract partial class ErrorStoreCompliance
{
    [Test]
    public async Task Overview_OfOneEnvironment_CountsWhatHappenedThere()
    {
        await Apply(
            Some.Delta("a", count: 5, facets: [new("page", "/cart", 5)]).Of("1.1"),
            Some.Delta("b", count: 2, environment: "staging", facets: [new("page", "/pay", 2)]).Of("1.2") with { Class = "extension" },
            Some.Delta("c", count: 1, environment: ""));
        // A batch of both tells what belongs where.
        await Apply(Some.Delta("a", count: 10, facets: [new("page", "/cart", 6), new("page", "/pay", 4)]) with
        {
            Hours = [new(Some.Hour, "production", 7), new(Some.Hour, "staging", 3)],
            Environments =
            [
                new("production", [new("class", "ours", 7), new("page", "/cart", 6), new("page", "/pay", 1), new("release", "1.1", 7)]),
                new("staging", [new("class", "ours", 3), new("page", "/pay", 3), new("release", "1.2", 3)]),
            ],
        });

        var staging = await Store.GetOverviewAsync(new(Some.Project, Some.Start - Day, 5, "staging"), default);
        var production = await Store.GetOverviewAsync(new(null, Some.Start - Day, 5, "production"), default);

        staging.Classes.Should().Equal(new Tally(0, "ours", 3), new Tally(0, "extension", 2));
        staging.Pages.Should().Equal(new Tally(Some.Project, "/pay", 5));
        staging.Releases.Should().Equal(new Tally(Some.Project, "1.2", 5));
        production.Classes.Should().Equal(new Tally(0, "ours", 12));
        production.Pages.Should().Equal(new Tally(Some.Project, "/cart", 11), new Tally(Some.Project, "/pay", 1));
        (await Store.GetOverviewAsync(new(Some.Project, Some.Start - Day, 5, "nowhere"), default)).Classes.Should().BeEmpty();
        (await Store.ListReleaseSharesAsync(Some.Project, Some.Start - Day, "staging", default)).Should().ContainSingle(share => share.Release == "1.2" && share.Count == 5);
    }

    [Test]
    public async Task Arrivals_ByHourAndMinute_AreThoseOfTheEnvironment()
    {
        await Apply(Some.Delta("a", count: 5), Some.Delta("a", count: 2, received: 61_000, environment: "staging"), Some.Delta("b", count: 4, received: 65_000, environment: "staging", project: Some.Project + 1));
        await Apply(Some.Delta("a", count: 3, received: Some.HourMs));

        (await Arrived(new(Some.Project, null, Some.Start))).Should().Equal((Some.Project, 0, 7), (Some.Project, Some.HourMs, 3));
        (await Arrived(new(null, null, Some.Start))).Should().Equal((Some.Project, 0, 7), (Some.Project + 1, 0, 4), (Some.Project, Some.HourMs, 3));
        (await Arrived(new(Some.Project, "staging", Some.Start))).Should().Equal((Some.Project, 0, 2));
        (await Arrived(new(null, "staging", Some.Start, ByMinute: true))).Should().Equal((Some.Project, 60_000, 2), (Some.Project + 1, 60_000, 4));

        async Task<IEnumerable<(int, long, long)>> Arrived(ArrivalsQuery query) => (await Store.ListArrivalsAsync(query, default)).Select(one => (one.ProjectId, one.At - Some.Start, one.Count));
    }

    [Test]
    public async Task Overview_OfMoreEnvironmentsThanSitesHave_CountsTheRestTogether()
    {
        await Apply([.. Enumerable.Range(0, 30).Select(n => Some.Delta("a", count: 1, environment: $"made-up-{n:00}"))]);

        var apart = 0;
        for (var n = 0; n < 30; n++)
            apart += (await Store.GetOverviewAsync(new(Some.Project, Some.Start - Day, 5, $"made-up-{n:00}"), default)).Classes.Count;

        apart.Should().Be(20);
        (await Store.GetOverviewAsync(new(Some.Project, Some.Start - Day, 5, FacetValue.Rest), default)).Classes.Should().Equal(new Tally(0, "ours", 10));
        (await Store.GetOverviewAsync(new(Some.Project, Some.Start - Day, 5), default)).Classes.Should().Equal(new Tally(0, "ours", 30));
    }

    [Test]
    public async Task Sessions_AsClientsTellOfThem_AreCountedByReleaseAndEnvironment_AndAreNoFates()
    {
        OutcomeCount Told(string kind, string environment, string release, long count, int project = Some.Project) => new(project, Some.Start / 60_000, new SessionOutcome(kind, environment, release).ToString(), count);
        var batch = new DeltaBatch
        {
            Outcomes =
            [
                Told(SessionOutcome.Started, "production", "1.1", 90), Told(SessionOutcome.Hit, "production", "1.1", 9), Told(SessionOutcome.Crashed, "production", "1.1", 2),
                Told(SessionOutcome.Started, "staging", "1.2", 10), Told(SessionOutcome.Started, "", "", 5), Told(SessionOutcome.Started, "production", "1.1", 40, Some.Project + 1),
                new(Some.Project, Some.Start / 60_000, "suppressed", 3),
            ],
        };
        using (StopApplyingMidway())
            await FluentActions.Awaiting(() => ApplyBatch(batch)).Should().ThrowAsync<Exception>();
        await ApplyBatch(batch);

        (await Store.ListSessionsAsync(Some.Project, null, Some.Start - Day, default)).Should().Equal(
            new ReleaseSessions(Some.Project, "1.1", 90, 9, 2), new ReleaseSessions(Some.Project, "1.2", 10, 0, 0), new ReleaseSessions(Some.Project, "", 5, 0, 0));
        (await Store.ListSessionsAsync(Some.Project, "staging", Some.Start - Day, default)).Should().Equal(new ReleaseSessions(Some.Project, "1.2", 10, 0, 0));
        (await Store.ListSessionsAsync(null, "production", Some.Start - Day, default)).Sum(one => one.Started).Should().Be(130);
        (await Store.ListSessionsAsync(Some.Project, null, Some.Start + Day, default)).Should().BeEmpty();
        (await Store.ListOutcomesAsync(Some.Project, 0, default)).Should().ContainSingle(outcome => outcome.Outcome == "suppressed");
    }
}
