using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Hosting;

namespace ErrorPipeline.Shared.Tests.Hosting;

[TestFixture]
internal sealed class BeatTests
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    [Test]
    public void Rest_WaitsThatBeginApart_EndTogether()
    {
        var clock = new HandClock();
        var first = Beat.Rest(Every, clock);
        clock.Advance(TimeSpan.FromSeconds(1.5));
        Beat.Rest(Every, clock).Should().Be(first - TimeSpan.FromSeconds(1.5));
    }

    [Test]
    public void Rest_OneThatFollowsAnother_IsAsLongAsAsked()
    {
        var clock = new HandClock();
        clock.Advance(Beat.Rest(Every, clock));
        Beat.Rest(Every, clock).Should().Be(Every);
    }

    [Test]
    public void Rest_TimerThatRingsALittleEarly_MeansTheNextMoment()
    {
        var clock = new HandClock();
        clock.Advance(Beat.Rest(Every, clock) - TimeSpan.FromMilliseconds(3));
        Beat.Rest(Every, clock).Should().Be(Every + TimeSpan.FromMilliseconds(3));
    }

    [Test]
    public void Rest_AnyMoment_IsNeverEndlessAndNeverBusy([Range(0, 5_000, 125)] int milliseconds)
    {
        var clock = new HandClock();
        clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        Beat.Rest(Every, clock).Should().BeGreaterThanOrEqualTo(Every / 16).And.BeLessThan(Every + Every / 16);
    }
}
