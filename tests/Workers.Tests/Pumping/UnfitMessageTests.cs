using ErrorPipeline.PoisonWorker;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Streams;
using StackExchange.Redis;

namespace ErrorPipeline.Workers.Tests.Pumping;

/// <summary>Entries that no stage gets through: parked, or dead.</summary>
[TestFixture]
internal sealed class UnfitMessageTests : OnOnePump
{
    [Test]
    public async Task Pump_UnknownVersion_IsParkedAndComesBackWithANewBuild()
    {
        await Rig.SendAsync(Some.Raw(1, "a"));
        var entry = (RedisResult[])((RedisResult[])await Rig.Redis.ExecuteAsync("XRANGE", (RedisKey)PumpRig.Lane.Raw, "-", "+"))[0];
        var payload = (byte[])((RedisValue[])entry[1])[5]!;
        payload[4] = 2; // the message's own version
        await Rig.SendBytesAsync(payload, 1);
        Rig.Start();

        await Rig.UntilAsync(r => Events(r, "parked") == 1 && Events(r, "raw") == 0);
        await Rig.BalancedAsync();
        (await new ParkedEntries(Rig.Redis).ReturnAsync(PumpRig.Lane, PumpRig.Lane.Raw, 1)).Should().Be(0);
        await Rig.StopAsync();

        (await new ParkedEntries(Rig.Redis).ReturnAsync(PumpRig.Lane, PumpRig.Lane.Raw, 2)).Should().Be(1);
        var reading = await Rig.ReadAsync();
        Events(reading, "raw").Should().Be(1);
        Events(reading, "parked").Should().Be(0);
        await Rig.BalancedAsync();
    }

    [Test]
    public async Task Pump_TornEntry_IsDeadWithItsBytesCountedByItsEvents()
    {
        Rig.Start();
        await Rig.SendBytesAsync([9, 9, 9, 9, 9], 7);
        await Rig.SendAsync(Some.Raw(1, "a"));

        await Rig.UntilAsync(r => Events(r, "raw") == 0);

        var kept = (await Rig.Dead.ListAsync(PumpRig.Lane, 10)).Should().ContainSingle().Subject.Letter;
        kept.Payload.Events.Should().Be(7);
        kept.Payload.Data.Should().Equal(9, 9, 9, 9, 9);
        (await Rig.ReadAsync()).Totals[Outcome.Dead].Should().Be(7);
        (await Rig.PassedAsync()).Should().Equal(Some.EventId(1));
        await Rig.BalancedAsync();
    }

    [TestCase(PoisonStage.Throws, "poison")]
    [TestCase(PoisonStage.LosesAnEvent, "conservation")]
    public async Task Pump_MessageThatFails_IsDeadAfterFiveLoneAttemptsAndItsNeighboursPass(string poison, string reason)
    {
        Rig.Start();
        await Rig.SendAsync(Some.Raw(1, "a"), Some.Raw(2, poison), Some.Raw(3, "c"));
        await Rig.SendAsync(Some.Raw(4, "d"));

        await Rig.UntilAsync(r => r.DeadLetters == 1);

        var kept = (await Rig.Dead.ListAsync(PumpRig.Lane, 10))[0].Letter;
        kept.EventId.Should().Be(Some.EventId(2));
        kept.Error.Should().Contain(reason);
        (await Rig.PassedAsync()).Should().BeEquivalentTo(Some.EventId(1), Some.EventId(3), Some.EventId(4));
        ((long)await Rig.Redis.ExecuteAsync("HLEN", (RedisKey)PumpRig.Lane.Key("attempts"))).Should().Be(0);
        await Rig.BalancedAsync();
    }

    [Test]
    public async Task Pump_MoreThanAFewWouldDie_StopsAndSaysSo()
    {
        Rig.Start(new() { ReclaimAfterSeconds = 0.5, DeadPerMinute = 2, Attempts = 1 });
        await Rig.SendAsync([.. Enumerable.Range(0, 6).Select(i => Some.Raw(i, PoisonStage.Throws))]);

        await Deadline.Until(
            async () => (await Rig.Board.CheckHealthAsync(new())).Status == Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Unhealthy,
            PumpRig.Patience);

        (await Rig.ReadAsync()).DeadLetters.Should().BeLessThanOrEqualTo(2);
        (await Rig.Board.CheckHealthAsync(new())).Description.Should().Contain("would die within a minute");
        await Rig.BalancedAsync();
    }
}
