using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Releases;

namespace ErrorPipeline.Web.Tests;

public class AdoptionTests
{
    private const long Quarter = 6 * 3_600_000;
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 9, 30, 0, TimeSpan.Zero);
    private static readonly long Today = new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    [Test]
    public void Adoption_OfManyReleases_NamesTheLargestAndCountsTheOthersTogether()
    {
        ReleaseShare[] shares = [.. Enumerable.Range(1, 8).Select(n => new ReleaseShare(Today, $"1.{n}", n)), new(Today, FacetValue.Rest, 50), new(Today - (4 * Quarter), "1.8", 7)];
        shares = [.. shares.OrderBy(s => s.At)];

        var adoption = Adoption.Of(shares, Now);

        adoption.Names.Should().Equal("1.7", "1.6", "1.5", "1.4", "1.8", Adoption.Others);
        adoption.Columns.Should().HaveCount(Adoption.Days);
        adoption.Columns[^1].Should().Equal(7, 6, 5, 4, 8, 1 + 2 + 3 + 50);
        adoption.Columns[^2].Should().Equal(0, 0, 0, 0, 7, 0);
        adoption.Begins[^1].Should().Be(Today);
    }

    [Test]
    public void Adoption_OfOneRelease_NamesItFirstHoweverRareItIs()
    {
        ReleaseShare[] shares = [.. Enumerable.Range(1, 8).Select(n => new ReleaseShare(Today, $"1.{n}", n))];
        Adoption.Of(shares, Now, "1.1").Names.Should().Equal("1.1", "1.8", "1.7", "1.6", "1.5", Adoption.Others);
        Adoption.Of([], Now, "1.1").IsEmpty.Should().BeTrue();
    }

    [Test]
    public void LastDay_CountsTheQuartersThatReachIntoIt()
    {
        ReleaseShare[] shares = [new(Today + Quarter, "1.1", 1), new(Today - (3 * Quarter), "1.0", 2), new(Today - (4 * Quarter), "1.0", 4)];
        Adoption.LastDay(shares, Now).Should().BeEquivalentTo(new Dictionary<string, long> { ["1.1"] = 1, ["1.0"] = 2 });
    }
}
