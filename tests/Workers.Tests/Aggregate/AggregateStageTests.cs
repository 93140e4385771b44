using System.Security.Cryptography;
using System.Text;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Aggregate;

namespace ErrorPipeline.Workers.Tests.Aggregate;

public sealed class AggregateStageTests
{
    private const long Hour = 3_600_000;

    [Test]
    public void Run_EventsOfOneFingerprint_BecomeOneDelta()
    {
        var older = Some.Normalized("f", Some.Occurrence(1, at: 5 * Hour + 1, user: "u"), Some.Occurrence(2, at: 6 * Hour, user: "u"));
        var newer = Some.Normalized("f", Some.Occurrence(3, at: 6 * Hour + 9, user: "v")) with { Title = "newest title" };

        var delta = Run(newer, older).Should().ContainSingle().Subject;

        delta.Count.Should().Be(3);
        delta.Title.Should().Be("newest title");
        (delta.FirstSeen, delta.LastSeen, delta.LastReceived).Should().Be((5 * Hour + 1, 6 * Hour + 9, 6 * Hour + 9));
        delta.Hours.Should().Equal(new HourCount(5, "production", 1), new HourCount(6, "production", 2));
        delta.Users.Should().Equal("u", "v");
        delta.Facets.Should().Contain(new FacetCount("browser", "Chrome 156", 3)).And.Contain(new FacetCount("handled", "no", 3));
    }

    [Test]
    public void Run_EventsOfSeveralClients_TellsEachWithItsLastArrival()
    {
        var delta = Run(
            Some.Normalized("f", Some.Occurrence(1, at: 5), Some.Occurrence(2, at: 3)) with { Protocol = "sentry" },
            Some.Normalized("f", Some.Occurrence(3, at: 9)) with { Protocol = "native" },
            Some.Normalized("f", Some.Occurrence(4, at: 4)) with { Protocol = "sentry" },
            Some.Normalized("f", Some.Occurrence(5)))[0];

        delta.Clients.Should().Equal(new ClientCount("native", 1, 9), new ClientCount("sentry", 3, 5));
    }

    [Test]
    public void Run_EventsOfSeveralEnvironments_TellsWhatBelongsWhere_AndOfOneNothing()
    {
        NormalizedError In(string? environment, string release, params NormalizedOccurrence[] occurrences) =>
            Some.Normalized("f", occurrences) is var error ? error with { Context = error.Context with { Environment = environment, Release = release } } : null!;

        var delta = Run(
            In("staging", "2.0", Some.Occurrence(1, page: "https://a/pay")), In("production", "1.0", Some.Occurrence(2, page: "https://a/pay"), Some.Occurrence(3, page: "https://a/cart")),
            In(null, "1.0", Some.Occurrence(4, page: "https://a/cart")))[0];

        delta.Environments!.Select(environment => environment.Environment).Should().Equal("production", "", "staging");
        delta.Environments![0].Facets.Where(facet => facet.Dimension != "class").Should().Equal(
            new FacetCount("page", "https://a/cart", 1), new FacetCount("page", "https://a/pay", 1), new FacetCount("release", "1.0", 2));
        delta.Environments![2].Facets.Should().Contain(new FacetCount("release", "2.0", 1)).And.Contain(new FacetCount("page", "https://a/pay", 1));
        Run(In("staging", "2.0", Some.Occurrence(1)), In("staging", "1.0", Some.Occurrence(2)))[0].Environments.Should().BeNull();
    }

    [Test]
    public void Run_OtherProjectVersionOrFingerprint_IsAnotherDelta()
    {
        var one = Some.Normalized("f", Some.Occurrence(1));

        var deltas = Run(one, one with { ProjectId = 2 }, one with { Grouping = new("v2", "f", []) }, one with { Grouping = new("v1", "g", []) });

        deltas.Should().HaveCount(4).And.OnlyContain(d => d.Count == 1);
    }

    [Test]
    public void Run_ValuesThatAreMissing_AreNotCounted()
    {
        var error = Some.Normalized("f", Some.Occurrence(1, browser: null, page: "")) with { Context = new() };

        Run(error)[0].Facets.Select(f => f.Dimension).Should().Equal("class", "device", "handled", "level", "os");
    }

    [Test]
    public void Run_MoreValuesThanTheBound_CountsTheRestTogether()
    {
        var occurrences = Enumerable.Range(0, 700).Select(n => Some.Occurrence(n, page: $"https://a/{n}")).ToArray();

        var pages = Run(Some.Normalized("f", occurrences))[0].Facets.Where(f => f.Dimension == "page").ToList();

        pages.Should().HaveCount(501).And.Contain(new FacetCount("page", "(other)", 200));
    }

    [Test]
    public void Run_MoreTagNamesThanTheBound_KeepsTheMostFrequent()
    {
        var errors = Enumerable.Range(0, 150).Select(n =>
            Some.Normalized("f", Some.Occurrence(n)) with { Context = new() { Tags = [new("often", "v"), new($"t{n:000}", "v")] } });

        var tags = Run([.. errors])[0].Facets.Where(f => f.Dimension.StartsWith("tag:", StringComparison.Ordinal)).ToList();

        tags.Should().HaveCount(100).And.Contain(new FacetCount("tag:often", "v", 150));
    }

    [Test]
    public void Run_TagNamedTwiceInAnEvent_CountsTheEventOnce()
    {
        var error = Some.Normalized("f", Some.Occurrence(1)) with { Context = new() { Tags = [new("t", "a"), new("t", "b")] } };

        Run(error)[0].Facets.Where(f => f.Dimension == "tag:t").Should().Equal(new FacetCount("tag:t", "a", 1));
    }

    [Test]
    public void Run_LongValue_IsCutBetweenCharacters()
    {
        var page = new string('a', 249) + "😀" + new string('b', 50);

        Run(Some.Normalized("f", Some.Occurrence(1, page: page)))[0].Facets.Single(f => f.Dimension == "page").Value.Should().Be(new string('a', 249));
    }

    [Test]
    public void Run_ManyEvents_SamplesNewNoveltyFirstThenTheNewest()
    {
        var same = Enumerable.Range(1, 20).Select(n => Some.Normalized("f", Some.Occurrence(n, at: Some.Time + n)));
        var rare = Some.Normalized("f", Some.Occurrence(99, at: Some.Time - 1, browser: "Firefox 153"));

        var samples = Run([rare, .. same])[0].Samples;

        samples.Select(s => s.EventId).Should().Equal(
            Some.EventId(20), Some.EventId(99), Some.EventId(19), Some.EventId(18), Some.EventId(17));
        samples.Select(s => s.NoveltyKey).Distinct().Should().HaveCount(2);
    }

    [Test]
    public void Run_NoveltyKey_IsTheOneThatStoredSamplesHave()
    {
        static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));

        var samples = Run(Some.Normalized("f", Some.Occurrence(1, page: "https://a/é"), Some.Occurrence(2, browser: null, page: "https://a/é")))[0].Samples;

        var shared = Hash("1.0\nTypeError\nf@a.js:1:2");
        samples.Select(s => s.NoveltyKey).Should().Equal(Hash($"{shared}\nChrome 156\nhttps://a/é"), Hash($"{shared}\n\nhttps://a/é"));
    }

    [Test]
    public void Run_SampleOfAFoldedEvent_DoesNotShowAnothersUserOrTrail()
    {
        var error = Some.Normalized("f", Some.Occurrence(1), Some.Occurrence(2, browser: "Firefox 153")) with
        {
            Context = new() { Release = "1", User = new("u", null, null), Meta = "{}", Referrer = "r", Breadcrumbs = [new(1, null, null, "m", null)] },
        };

        var samples = Run(error)[0].Samples.ToDictionary(s => s.EventId, s => s.Context);

        samples[Some.EventId(1)].Should().Be(error.Context);
        samples[Some.EventId(2)].Should().BeEquivalentTo(new EventContext { Release = "1" });
    }

    private static IReadOnlyList<IssueDelta> Run(params NormalizedError[] batch) => AggregateStage.Run(batch, default, default).Forward;
}
