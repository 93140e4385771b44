using ErrorPipeline.Rigs;

namespace ErrorPipeline.EndToEnd.Delivery;

internal sealed class OutageTests
{
    [Test, CancelAfter(120_000)]
    public Task Redis_StoppedForTenSecondsUnderLoad_CostsNoRequest(CancellationToken cancel) => RunAsync(TimeSpan.FromSeconds(10), cancel);

    [Test, Category("Long"), CancelAfter(300_000)]
    public Task Redis_StoppedForAMinuteUnderLoad_CostsNoRequest(CancellationToken cancel) => RunAsync(TimeSpan.FromMinutes(1), cancel);

    private static async Task RunAsync(TimeSpan outage, CancellationToken cancel)
    {
        await using var installation = await Installation.StartAsync();
        await using var ledgers = new Ledgers(installation);
        // About 40 requests of 10 events a second, some seconds longer than the outage.
        var crowd = new Crowd("gone", kinds: 5, events: (int)(outage + TimeSpan.FromSeconds(5)).TotalSeconds * 300, seed: 11);
        var sending = crowd.SendAsync(installation, clients: 4, cancel, pause: TimeSpan.FromMilliseconds(100));
        await Deadline.Until(() => crowd.Accepted > 20, TimeSpan.FromSeconds(20));

        await installation.Redis.StopAsync();
        var before = crowd.Accepted;
        await Task.Delay(outage, cancel);
        crowd.Accepted.Should().BeGreaterThan(before + 20, "the collector goes on answering 202");
        await installation.Redis.StartAgainAsync();

        await sending;
        crowd.Unanswered.Should().Be(0, "every request gets its 202 at once");
        await KillTests.AllCountedAsync(installation, crowd, TimeSpan.FromSeconds(60), ledgers);
        foreach (var lane in await ledgers.ReadAsync())
            lane.IsBalanced.Should().BeTrue(Ledgers.Tell(lane));
    }
}
