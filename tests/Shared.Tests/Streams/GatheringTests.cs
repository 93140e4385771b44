using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Shared.Tests.Streams;

[TestFixture]
internal sealed class GatheringTests
{
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Most = TimeSpan.FromMilliseconds(100);

    [TestCase(0, 10)]
    [TestCase(50, 55)]
    [TestCase(100, 100)]
    [TestCase(50_000, 100)]
    public void After_EventsOfASecond_GrowsWithTheirRate(long events, double milliseconds)
    {
        var clock = new HandClock();
        var gathering = new Gathering(Least, Most, clock);

        clock.Advance(TimeSpan.FromSeconds(1));
        gathering.After(events).TotalMilliseconds.Should().BeApproximately(milliseconds, 1e-6);
    }

    [Test]
    public void After_AQuietWhile_IsShortAgain()
    {
        var clock = new HandClock();
        var gathering = new Gathering(Least, Most, clock);

        clock.Advance(TimeSpan.FromSeconds(0.1));
        gathering.After(1_000).Should().Be(Most);
        clock.Advance(TimeSpan.FromSeconds(10));
        gathering.After(1).TotalMilliseconds.Should().BeApproximately(10, 0.1);
    }

    [Test]
    public void After_NoTimeHasPassed_IsTheLongest()
    {
        var gathering = new Gathering(Least, Most, new HandClock());
        gathering.After(1).Should().Be(Most);
    }
}
