using System.Text.Json.Nodes;
using ErrorPipeline.Faults.Oracle;
using ErrorPipeline.Faults.Rigs;
using ErrorPipeline.Faults.Suite;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Faults.Cases;

/// <summary>
/// One event in a thousand makes dedupe throw, and some in a row overflow its stack or loop for ever. Only they become dead letters, their
/// neighbours go on as before, and replayed into a build that can take them they count once.
/// </summary>
internal static class Poison
{
    public static readonly FaultCase Case = new(6, "poison", "1 in 1,000 events throws, 20 in a run overflow the stack, 20 loop for ever; then all are replayed", RunAsync) { Seconds = 150, IsTimed = true };

    /// <summary>What may wait with poison in the same entry of a stream.</summary>
    private const int Neighbours = 400;

    private static async Task RunAsync(FaultRun run)
    {
        string[] dedupe = ["--stages", "dedupe"];
        using var folder = new TempFolder();
        var cure = folder["cured"];
        var site = await run.StartAsync(new()
        {
            Workers = [dedupe, dedupe, ["--stages", "normalize,aggregate,write"]],
            Settings = Some.QuickReclaim,
            // What loops is given three seconds and what fails two tries, instead of thirty and five: the rest of an hour would be waiting.
            Change = start => start is { App: "workers", Index: < 2 }
                ? start.With("Workers:WatchdogSeconds", "3").With("Workers:Attempts", "2") with { Dll = Some.DllOf("PoisonWorker"), Environment = new Dictionary<string, string> { ["POISON_CURE"] = cure, ["DOTNET_DbgEnableMiniDump"] = "0" } }
                : start,
        });
        var victims = site.Apps.Workers.Take(2).ToList();
        var poisoned = new HashSet<string>(StringComparer.Ordinal);
        var inARow = run.Pick(3, 20);
        const int every = 1000;
        var crowd = run.Send(site, new()
        {
            Run = "pois",
            // Half of what the machine takes while workers crash and start: what neighbours wait for is then the poison, not the crowd.
            Pause = TimeSpan.FromMilliseconds(200),
            Dress = (number, made) =>
            {
                if (number % every == every / 2)
                    Put(made, poisoned, "poison:throw");
            },
        });
        await crowd.UntilAcceptedAsync(500);
        _ = run.See("sign dead_letters", () => Signs.IsToldAsync(site.Apps, "dead_letters"));

        var watchman = Watchman.Over(site.Apps.Workers);
        var lags = new List<TimeSpan>();
        var rows = new List<Crowd>();
        foreach (var (name, poison) in new[] { ("poov", "poison:overflow"), ("polo", "poison:loop") })
        {
            var row = run.Send(site, Row(name, inARow, made => Put(made, poisoned, poison)));
            rows.Add(row);
            await Deadline.Until(
                async () =>
                {
                    lags.Add(crowd.LagOf(site.Store.Events + Neighbours));
                    await Task.Delay(250, run.Cancel);
                    return row.Done && (await LettersAsync(site)).Select(l => l.Letter.EventId).Where(id => id.StartsWith(IdOf(name), StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).Count() == inARow;
                },
                TimeSpan.FromSeconds(run.Pick(180, 300)), null, $"{name}: all {inARow} are in the dead letters");
            run.Say($"{inARow} of {poison} are dead, {watchman.Restarts} crashes so far");
        }

        await crowd.StopAsync();
        await Deadline.Until(async () => await site.IsIdleAsync(), TimeSpan.FromSeconds(90), null, "nothing is in flight");

        var letters = await LettersAsync(site);
        lock (poisoned)
        {
            run.Check(letters.All(l => poisoned.Contains(l.Letter.EventId)), "a healthy event is among the dead letters");
            run.Check(poisoned.IsSubsetOf(letters.Select(l => l.Letter.EventId)), "poison is missing in the dead letters");
        }

        lags.Sort();
        var (median, late) = (lags[lags.Count / 2], lags[lags.Count * 95 / 100]);
        run.Check(run.Length == Length.Short || late < TimeSpan.FromSeconds(8), $"neighbours waited {late.TotalSeconds:0.0} s (95th percentile)");
        run.Note($"{letters.Count} dead letters; {watchman.Restarts} crashes; neighbours were stored within {median.TotalSeconds:0.0} s, 95 % of the time within {late.TotalSeconds:0.0} s");

        await File.WriteAllTextAsync(cure, "");
        await watchman.DisposeAsync();
        foreach (var victim in victims)
        {
            await victim.Kill9Async();
            victim.StartAgain();
        }

        var dead = new DeadLetters(site.Books.Redis);
        foreach (var letter in letters)
            run.Check(await dead.ReplayAsync(letter.Lane, letter.Id), $"letter {letter.Id} cannot be replayed");
        await run.CompareAsync(site, [crowd, .. rows], TimeSpan.FromSeconds(90));
        run.Check((await LettersAsync(site)).Count == 0, "letters died again");
    }

    private static CrowdOptions Row(string name, int events, Action<JsonObject> dress) => new()
    {
        Run = name,
        Clients = 1,
        Events = events,
        MostEvents = events,
        Dress = (_, made) => dress(made),
    };

    /// <summary>How the ids of a crowd's events begin.</summary>
    private static string IdOf(string run) => Convert.ToHexStringLower(System.Text.Encoding.ASCII.GetBytes(run));

    private static void Put(JsonObject made, HashSet<string> poisoned, string poison)
    {
        made["meta"] = new JsonObject { ["note"] = poison };
        lock (poisoned)
            poisoned.Add(made["id"]!.GetValue<string>());
    }

    private static async Task<List<KeptLetter>> LettersAsync(Site site)
    {
        var dead = new DeadLetters(site.Books.Redis);
        var letters = new List<KeptLetter>();
        foreach (var lane in Lane.All(2))
            letters.AddRange(await dead.ListAsync(lane, 1000));
        return letters;
    }
}
