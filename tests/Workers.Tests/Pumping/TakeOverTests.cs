using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Streams;
using ErrorPipeline.Workers.Pumping;
using StackExchange.Redis;

namespace ErrorPipeline.Workers.Tests.Pumping;

/// <summary>What a worker held that is gone; what one holds that lives.</summary>
[TestFixture]
internal sealed class TakeOverTests : OnOnePump
{
    [Test]
    public async Task Pump_ConsumerDiedWithEntries_TheyAreTakenOver()
    {
        await Rig.SendAsync(Some.Raw(1, "a"));
        (await new StreamGroup(Rig.Redis, PumpRig.Lane.Raw, "dead-one").ReadNewAsync(10)).Should().ContainSingle();

        Rig.Start();

        await Rig.UntilAsync(r => Events(r, "raw") == 0);
        (await Rig.PassedAsync()).Should().Equal(Some.EventId(1));
    }

    [Test]
    public async Task Pump_ConsumerHasGoneSilent_ItsEntriesAreTakenOverLongBeforeTheyAreIdle()
    {
        await Rig.SendAsync(Some.Raw(1, "a"));
        await new WorkerRoll(Rig.Redis).AnswerAsync("dead-one");
        (await new StreamGroup(Rig.Redis, PumpRig.Lane.Raw, "dead-one").ReadNewAsync(10)).Should().ContainSingle();
        await new WorkerRoll(Rig.Redis).LeaveAsync("dead-one");
        using var over = new CancellationTokenSource();

        var calling = Rig.Roll.RunAsync(over.Token);
        Rig.Start(new() { ReclaimAfterSeconds = 3600 });
        await Deadline.Until(async () => !(await Rig.Redis.ExecuteAsync("ZSCORE", (RedisKey)"ep:workers", "c1")).IsNull, PumpRig.Patience);
        Rig.Roll.Silent.Should().BeEmpty("it has not been heard of long enough itself");

        await Rig.UntilAsync(r => Events(r, "raw") == 0);
        (await Rig.PassedAsync()).Should().Equal(Some.EventId(1));
        await over.CancelAsync();
        await calling;
        (await new WorkerRoll(Rig.Redis).AnswerAsync("another")).Select(w => w.Consumer).Should().Contain("c1", "it has left");
    }

    [Test]
    public async Task Pump_SlowBatchOfALivingWorker_IsNotTakenOver()
    {
        await Rig.SendAsync(Some.Raw(1, "a"));
        var group = new StreamGroup(Rig.Redis, PumpRig.Lane.Raw, "slow");
        var entry = (await group.ReadNewAsync(1))[0];
        var idle = TimeSpan.FromSeconds(0.5);
        await using (new Claim(group, [entry.Id], idle, TimeProvider.System))
        {
            var thief = new StreamGroup(Rig.Redis, PumpRig.Lane.Raw, "thief");
            var clock = System.Diagnostics.Stopwatch.StartNew();
            await Deadline.Until(
                async () =>
                {
                    (await thief.ReclaimAsync(idle, 10)).Should().BeEmpty();
                    return clock.Elapsed > 4 * idle;
                },
                PumpRig.Patience);
        }

        await Deadline.Until(async () => (await new StreamGroup(Rig.Redis, PumpRig.Lane.Raw, "thief").ReclaimAsync(idle, 10)).Count == 1, PumpRig.Patience);
    }
}
