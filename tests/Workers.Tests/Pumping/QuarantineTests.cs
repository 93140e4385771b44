using ErrorPipeline.PoisonWorker;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Workers.Tests.Pumping;

/// <summary>Messages that take the whole process with them, in a worker that is started again as ./dev up does.</summary>
[TestFixture]
internal sealed class QuarantineTests
{
    /// <param name="deaths">The third delivery goes to quarantine; the watchdog says at once what is suspect.</param>
    [TestCase(PoisonStage.OverflowsTheStack, "overflow", 2)]
    [TestCase(PoisonStage.Loops, "timed out", 1)]
    public async Task Worker_MessageThatKillsIt_IsDeadInTheEndAndItsNeighboursPass(string poison, string reason, int deaths)
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

                    var reading = await rig.ReadAsync();
                    return reading.DeadLetters == 1 && reading.Streams.Single(s => s.Name == "raw").Events == 0;
                },
                TimeSpan.FromSeconds(90),
                () => output + worker.Output);

            starts.Should().Be(deaths);
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
