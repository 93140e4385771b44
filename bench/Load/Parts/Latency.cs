using System.Globalization;
using ErrorPipeline.Load.Contenders;

namespace ErrorPipeline.Load.Parts;

/// <summary>At half of what the pipeline sustains: how soon the collector answers, and how soon a developer sees an error.</summary>
internal static class Latency
{
    public static async Task<string> RunAsync(Plan plan)
    {
        await using var load = await SteadyLoad.StartAsync(PayloadKind.Native, new());
        var rate = (await load.SustainAsync(await load.CalibrateAsync(plan), plan)).PerSecond / 2;
        var runs = new List<SteadyRun>();
        for (var round = 0; round < plan.Rounds; round++)
            runs.Add(await load.RunAsync(rate, plan.Duration));
        var at = Statistics.Median(runs.Select(r => r.PerSecond));

        await using var visitor = await Visitor.OpenAsync(load.Ours.Installation);
        await visitor.SeeAsync(throws: 5); // warms up
        var sending = load.RunAsync(rate, TimeSpan.FromSeconds(Visitor.SecondsFor(Throws(plan)) + 5));
        var seen = await visitor.SeeAsync(Throws(plan));
        await sending;
        var quiet = await visitor.SeeAsync(Throws(plan) / 2);
        return string.Create(CultureInfo.InvariantCulture, $"""
            | at {at:N0} events/s of 1.5 KB, half of what is sustained | median | 99% |
            |---|---|---|
            | answer 202 | {Statistics.Median(runs.Select(r => r.P50)):0.0} ms | {Statistics.Median(runs.Select(r => r.P99)):0.0} ms ({runs.Min(r => r.P99):0.0} to {runs.Max(r => r.P99):0.0}) |
            | thrown in Chromium, visible on the open dashboard | {Statistics.Share(seen, 0.5):0} ms | {Statistics.Share(seen, 0.99):0} ms |
            | the same without load | {Statistics.Share(quiet, 0.5):0} ms | {Statistics.Share(quiet, 0.99):0} ms |

            Chromium, which shares the two cores, throws {seen.Count} different errors on a site with the snippet while the list of that site's issues is open beside it.
            """);
    }

    private static int Throws(Plan plan) => 8 * plan.Rounds;
}
