using ErrorPipeline.Collector.Forwarding;

namespace ErrorPipeline.Collector.Tests;

public sealed class TrackTests
{
    private static readonly long Second = TimeProvider.System.TimestampFrequency;

    [Test]
    public void Durable_RedisThatSyncsOnItsOwn_OnlyAfterItHadItForSeconds()
    {
        var track = new Track(sent: 0, settled: 0);
        var now = 100 * Second;
        track.Confirm(10);
        track.StillThere(now, TimeProvider.System);
        track.Durable.Should().Be(0);
        track.Confirm(20);
        track.StillThere(now + Second, TimeProvider.System);
        track.Durable.Should().Be(0);
        track.StillThere(now + 3 * Second, TimeProvider.System);
        track.Durable.Should().Be(10);
        track.StillThere(now + 6 * Second, TimeProvider.System);
        track.Durable.Should().Be(20);
    }

    [Test]
    public void Durable_RedisLostWhatItConfirmed_IsNotTakenForDurableLater()
    {
        var track = new Track(sent: 0, settled: 0);
        var now = 100 * Second;
        track.Confirm(10);
        track.StillThere(now, TimeProvider.System);
        track.Rewind(0);
        track.StillThere(now + 3 * Second, TimeProvider.System);
        track.Durable.Should().Be(0);
    }

    [Test]
    public void Durable_RedisThatSyncsBeforeItAnswers_IsAllThatWasSent()
    {
        var track = new Track(sent: 0, settled: 0);
        track.Confirm(10);
        track.TakeSentForDurable();
        track.Durable.Should().Be(10);
    }
}
