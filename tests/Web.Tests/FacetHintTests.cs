using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Issues;

namespace ErrorPipeline.Web.Tests;

public class FacetHintTests
{
    [Test]
    public void Hint_ValueNineTimesAsFrequent_SaysSo()
    {
        var hint = Of(safari: 90, other: 110, projectSafari: 90 + 500, projectOther: 110 + 9_500).Should().ContainSingle().Subject;

        hint.Key.Should().Be(("browser", "Safari 17"));
        hint.Value.Times.Should().BeApproximately(9, .01);
        (hint.Value.Share, hint.Value.Usual).Should().Be((.45, .05));
    }

    [Test]
    public void Hint_ValueNowhereElse_SaysSo() => Of(safari: 50, other: 50, projectSafari: 50, projectOther: 5_000).Should().ContainSingle().Which.Value.Times.Should().BeNull();

    [TestCase(5, 25, 5, 5_000, TestName = "Hint_FewEvents_IsNone")]
    [TestCase(15, 35, 60, 185, TestName = "Hint_ThatChanceExplains_IsNone")]
    [TestCase(45, 55, 500, 900, TestName = "Hint_NotTwiceAsFrequent_IsNone")]
    [TestCase(50, 50, 60, 100, TestName = "Hint_FewOtherEvents_IsNone")]
    [TestCase(50, 50, 20, 5_000, TestName = "Hint_ProjectCountedLessThanTheIssue_IsNone")]
    public void Hint_NotSignificant(long safari, long other, long projectSafari, long projectOther) => Of(safari, other, projectSafari, projectOther).Should().BeEmpty();

    [Test]
    public void Hint_OfAnIssueOlderThanTheCounts_IsNone() =>
        FacetHints.Of([Facet(90, 110)], Project(590, 9_610) with { FromMs = 1_001 }, issueFirstSeen: 1_000).Should().BeEmpty();

    [Test]
    public void Hint_OfAValueThatTheProjectDoesNotCountApart_IsNone() =>
        FacetHints.Of([Facet(90, 110)], new(0, [new("browser", "Chrome", 500), new("browser", FacetValue.Rest, 9_000)]), 1_000).Should().BeEmpty();

    /// <summary>Shares that differ by chance alone: no hint on any of ten thousand values.</summary>
    [Test]
    public void Hint_OfRandomShares_IsRare()
    {
        var random = new Random(42);
        var told = 0;
        for (var n = 0; n < 2_000; n++)
        {
            var (share, here, all) = (random.NextDouble() * .3, random.Next(30, 400), random.Next(500, 20_000));
            var mine = Enumerable.Range(0, here).LongCount(_ => random.NextDouble() < share);
            var others = Enumerable.Range(0, all).LongCount(_ => random.NextDouble() < share);
            told += Of(mine, here - mine, mine + others, all - others + here - mine).Count;
        }

        told.Should().BeLessThanOrEqualTo(2);
    }

    private static IReadOnlyDictionary<(string Dimension, string Value), FacetHint> Of(long safari, long other, long projectSafari, long projectOther) =>
        FacetHints.Of([Facet(safari, other)], Project(projectSafari, projectOther), issueFirstSeen: 1_000);

    private static Facet Facet(long safari, long other) => new("browser", [new("Safari 17", safari), new("Chrome 156", other)], 0, safari + other);

    private static ProjectFacets Project(long safari, long other) => new(0, [new("browser", "Safari 17", safari), new("browser", "Chrome 156", other)]);
}
