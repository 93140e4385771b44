using ErrorPipeline.PoisonWorker;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Workers.Tests.Pumping;

/// <summary>Messages that take the whole process with them, in a worker that is started again as ./dev up does.</summary>
[TestFixture]
internal sealed class QuarantineTests
{
    [TestCase(PoisonStage.OverflowsTheStack, "overflow")]
    [TestCase(PoisonStage.Loops, "timed out")]
    public async Task Worker_MessageThatKillsIt_IsDeadInTheEndAndItsNeighboursPass(string poison, string reason)
    {
        await using var server = await RedisServer.StartAsync();
        await using var rig = new PumpRig(server);
        await rig.SendAsync(Some.Raw(1, "a"), Some.Raw(2, poison), Some.Raw(3, "c"));
        var starts = 0;
        var output = "";
        var port = FreePort.Take();
        var worker = rig.StartProcess(port, watchdogSeconds: 1.5);
        try
        {
            await Deadline.Until(
                async () =>
                {
                    if (!worker.Running)
                    {
                        output += worker.Output;
                        await worker.DisposeAsync();
                        starts++;
                        worker = rig.StartProcess(port, watchdogSeconds: 1.5);
                    }

                    return (await rig.ReadAsync()).DeadLetters == 1;
                },
                TimeSpan.FromSeconds(90),
                () => output + worker.Output);

            starts.Should().Be(2, "the third delivery goes to quarantine");
            var kept = (await rig.Dead.ListAsync(PumpRig.Lane, 10))[0].Letter;
            kept.EventId.Should().Be(Some.EventId(2));
            kept.Error.Should().ContainEquivalentOf(reason);
            (await rig.PassedAsync()).Should().BeEquivalentTo(Some.EventId(1), Some.EventId(3));
            await rig.BalancedAsync();

            worker.Terminate();
            (await worker.WaitExitAsync(PumpRig.Patience)).Should().Be(0);
        }
        finally
        {
            await worker.DisposeAsync();
        }
    }
}
