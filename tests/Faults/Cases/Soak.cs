using ErrorPipeline.Faults.Rigs;
using ErrorPipeline.Faults.Suite;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Faults.Cases;

/// <summary>
/// Steady load in which one event in a hundred is an error nobody has seen, ten times the usual share. What the processes hold on to must come
/// to a flat line. Bounds that take a day to reach are set low: 10,000 remembered ids a lane, a replay window of a minute.
/// </summary>
internal static class Soak
{
    public static readonly FaultCase Case = new(11, "soak", "10 minutes (--long: an hour) at ten times the usual share of new errors: memory, handles, keys and files stay flat", RunAsync) { Seconds = 640 };

    private const int NewOneIn = 100;
    private const int Known = 200;

    private static async Task RunAsync(FaultRun run)
    {
        var site = await run.StartAsync(new()
        {
            Settings = new Dictionary<string, string>
            {
                ["Workers:SeenEvents"] = "5000",
                ["Collector:LogReplayWindow"] = "00:01:00",
                ["Collector:LogSegmentBytes"] = "1048576",
            },
            // So little load would hardly make the collector collect at all: the young generation is kept at 4 MB.
            Change = start => start with { Environment = new Dictionary<string, string> { ["DOTNET_GCgen0size"] = "400000" } },
        });
        var crowd = run.Send(site, new()
        {
            Run = "soak",
            Clients = 4,
            Pause = TimeSpan.FromMilliseconds(300),
            KindOf = n => n % NewOneIn == NewOneIn - 1 ? Known + (n / NewOneIn) : n % Known,
        });
        var minutes = run.Length switch { Length.Short => 1, Length.Full => 10, _ => 60 };
        var vitals = new Vitals(site, TimeSpan.FromSeconds(minutes));
        using var over = CancellationTokenSource.CreateLinkedTokenSource(run.Cancel);
        var watching = vitals.WatchAsync(over.Token);
        for (var minute = 1; minute <= minutes; minute++)
        {
            await Task.Delay(TimeSpan.FromMinutes(1), run.Cancel);
            run.Say($"minute {minute}: {crowd.Accepted} accepted, {site.Store.Events} stored");
        }

        // The last of it in the picture: what remains when all is done.
        await crowd.StopAsync();
        await site.SettleAsync(crowd.Accepted, TimeSpan.FromSeconds(60));
        await over.CancelAsync();
        await watching;

        foreach (var (name, values) in vitals.Lines)
            Check(run, name, values);
        if (run.Length != Length.Short)
        {
            var file = Path.Combine(Places.Root, "bench", "soak.svg");
            await File.WriteAllTextAsync(file, Plot.Svg($"Soak, {minutes} minutes, {crowd.Accepted / (60 * minutes)} events a second, 1 in {NewOneIn} of a new error", vitals.Seconds, vitals.Lines));
            run.Note($"plot in {file}");
        }

        await run.CompareAsync(site, crowd, TimeSpan.FromSeconds(60));
    }

    private static void Check(FaultRun run, string name, List<double> values)
    {
        if (name == "issues stored")
            return;
        var (middle, end) = (values[(values.Count / 3)..(values.Count * 2 / 3)], values[(values.Count * 4 / 5)..]);
        if (name is "pending entries" or "events in flight")
            run.Check(values[^1] == 0, $"{name}: {values[^1]} at the end");
        else if (run.Length != Length.Short)
            // The lowest of a stretch: what is left after a collection that was thorough.
            run.Check(end.Min() <= (middle.Max() * 1.15) + Slack(name), $"{name} grows: {middle.Min():0.#} to {middle.Max():0.#} in the middle, {end.Min():0.#} to {end.Max():0.#} at the end");
        run.Note($"{name}: {values[0]:0.#} at first, at most {values.Max():0.#}, {values[^1]:0.#} at the end");
    }

    private static double Slack(string name) => name.Contains("heap", StringComparison.Ordinal) ? 4 : name.Contains("handles", StringComparison.Ordinal) ? 8 : 2;
}
