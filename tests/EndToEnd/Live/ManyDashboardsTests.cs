using ErrorPipeline.Rigs;

namespace ErrorPipeline.EndToEnd.Live;

[Category("Long")]
internal sealed class ManyDashboardsTests
{
    private const int Dashboards = 500;
    private const double PromisedCores = 0.5;
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(20);

    [Test, CancelAfter(240_000)]
    public async Task Dashboards_FiveHundredOpenWhileErrorsStreamIn_CostLessThanHalfACore(CancellationToken cancel)
    {
        await using var all = await Installation.StartAsync();
        var crowd = await DashboardCrowd.MeasureAsync(all, Dashboards, Measured, cancel);
        await TestContext.Out.WriteLineAsync(
            $"{Dashboards} dashboards: {crowd.Cores:P1} of a core; each is told {crowd.ToldPerSecond:0.0} times and reads {crowd.ReadPerSecond:0.0} times a second");

        crowd.Cores.Should().BeLessThan(PromisedCores);
        crowd.Read.Should().BeGreaterThan(Dashboards * 5, "they follow all the time");
    }
}
