using System.Globalization;
using System.Text.RegularExpressions;
using ErrorPipeline.Faults.Suite;
using ErrorPipeline.Rigs;
using StackExchange.Redis;

namespace ErrorPipeline.Faults.Cases;

/// <summary>
/// The writer dies again and again while it commits: what waited meanwhile makes one commit follow the other, and a random moment of these is
/// its last. Others stand by, and its lock is taken away each time so that they need not wait for it: safety is the store's token, not the lock.
/// </summary>
internal static partial class WriterKilledInCommits
{
    public static readonly FaultCase Case = new(4, "writer-killed", "kill -9 of the writer 200 times during commits; integrity_check", RunAsync) { Seconds = 300, IsQuick = true };

    private static async Task RunAsync(FaultRun run)
    {
        string[] write = ["--stages", "write"];
        var site = await run.StartAsync(new() { Workers = [write, write, write, ["--stages", "dedupe,normalize,aggregate"]] });
        var writers = site.Apps.Workers.Take(3).ToList();
        // No more than one writer keeps up with between two kills: what is to be seen is commits, not a heap of what waits.
        var crowd = run.Send(site, new() { Run = "comm", Kinds = 40, Clients = 1 });
        await crowd.UntilAcceptedAsync(100);

        var (kills, midway) = (run.Pick(6, 200), 0);
        var alive = await Signs.ProcessesAsync(site.Apps);
        _ = run.See("pipeline page: another workers process", async () => (await Signs.ProcessesAsync(site.Apps)).Except(alive).Any());
        for (var i = 0; i < kills; i++)
        {
            var stored = site.Store.Events;
            await Deadline.Until(() => site.Store.Events > stored, TimeSpan.FromSeconds(60), () => string.Join('\n', writers.Select(w => w.Output)), "a writer commits");
            await Task.Delay(run.Random.Next(0, 40), run.Cancel);
            var writer = writers.MaxBy(TokenOf)!;
            await writer.Kill9Async();
            midway += new FileInfo(site.Store.File + "-wal") is { Exists: true, Length: > 0 } ? 1 : 0;
            await site.Books.Redis.ExecuteAsync("DEL", (RedisKey)"redlock:{ep:writer}");
            writer.StartAgain();
            if (i % 20 == 19)
                run.Say($"{i + 1} kills, {site.Store.Events} stored of {crowd.Accepted}");
        }

        await run.RecoverAsync(site, crowd);
        await run.CompareAsync(site, crowd, TimeSpan.FromSeconds(60));
        run.Check(site.Store.Integrity == "ok", $"integrity_check says {site.Store.Integrity}");
        run.Note($"{kills} kills, {midway} left a write-ahead log of SQLite behind");
    }

    /// <summary>The newest token that it has said to lead with; the highest of all is the leader's.</summary>
    private static int TokenOf(AppProcess writer) =>
        Token().Matches(writer.Output) is { Count: > 0 } found ? int.Parse(found[^1].Groups["token"].Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"writes the store now, token (?<token>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Token();
}
