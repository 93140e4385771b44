using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>A bit of everything that a store may hold, by chance.</summary>
internal static class SomeHistory
{
    private static readonly string[] Lanes = ["lane-00", "lane-01"];

    public static async Task WriteAsync(IErrorStore store, int seed)
    {
        var random = new Random(seed);
        await store.MigrateAsync(default);
        var token = await store.TakeLeadershipAsync("history", default);
        for (var n = 1; n <= 6; n++)
        {
            foreach (var lane in Lanes)
                await store.ApplyAsync(token, lane, n == 1 ? StreamId.Zero : Some.Id(n - 1), [Entry(n, lane, random)], default);
        }

        await CommandAsync(store, token);
        await store.FlagApproximateAsync(token, Lanes[0], 1, 2, "for example", default);
        await store.RemapAsync(token, new(new() { Done = 3 }, []), default);
    }

    /// <summary>More of the same errors, a command, and retention.</summary>
    public static async Task ContinueAsync(IErrorStore store)
    {
        var random = new Random(99);
        var token = await store.TakeLeadershipAsync("later", default);
        foreach (var lane in Lanes)
            await store.ApplyAsync(token, lane, await store.ReadCursorAsync(lane, default), [Entry(7, lane, random)], default);
        var issue = (await store.ListIssuesAsync(Some.Query, default)).Rows[0].Id;
        await store.ApplyCommandsAsync(token, await store.ReadCursorAsync("commands", default), [new(Some.Id(50), Some.Command(CommandKind.Resolve, issue, at: 90, id: "later"))], default);
        await store.PurgeAsync(token, new(TimeSpan.FromDays(30), 0), Some.Now.AddDays(1), default);
    }

    private static LaneEntry Entry(int n, string lane, Random random)
    {
        var deltas = Enumerable.Range(0, 5).Select(_ => Delta($"{lane}-{n}-{random.Next(1 << 20)}", random.Next(8), n, random)).Append(Some.Delta("refused", count: -1)).ToArray();
        return new(Some.Id(n), new DeltaBatch
        {
            Issues = [.. deltas, Some.Delta() with { Feedback = [new($"say{lane}{n}", "none", Some.Start + n, "Ann", null, "it broke <b>")] }],
            Outcomes = [new(Some.Project, (Some.Start / 60_000) + n, "duplicate", random.Next(1, 9))],
            Fates = [new("duplicate", ShortIds.Pack([EventIdentity.Of(Some.Project, $"dup{lane}{n}").Short]))],
        });
    }

    private static IssueDelta Delta(string eventId, int kind, int n, Random random)
    {
        var at = (n * Some.HourMs) + random.Next(1000);
        return Some.Delta(
            $"f{kind}", count: 1 + random.Next(4), at: at, title: $"TypeError: {kind} <script> \u2028", users: [$"u{random.Next(20)}", $"u{random.Next(20)}"],
            samples: [Some.Sample(eventId, $"kind{random.Next(3)}", at: at)], environment: random.Next(3) == 0 ? "staging" : "production",
            facets: [new("page", $"/{random.Next(5)}", 1)]).Of($"1.{n}").Named(new GroupingAlias("v0", $"a{kind % 3}", Mapped: false)) with
        {
            Clients = [new(kind % 2 == 0 ? "sentry" : "native", 1, Some.Start + at)],
            EventIds = ShortIds.Pack([EventIdentity.Of(Some.Project, eventId).Short]),
        };
    }

    private static async Task CommandAsync(IErrorStore store, long token)
    {
        var issues = (await store.ListIssuesAsync(Some.Query with { Sort = IssueSort.FirstSeen }, default)).Rows.Select(row => row.Id).Order().ToList();
        List<StoreCommand> commands =
        [
            Some.Command(CommandKind.Resolve, issues[0], at: 20, id: "c1") with { By = "ann" },
            Some.Command(CommandKind.Release, 0, at: 30, id: "c2") with { ProjectId = Some.Project, Release = "9.0" },
        ];
        if (issues.Count > 2)
            commands.AddRange([Some.Merge(issues[0], issues[1]), Some.Command(CommandKind.Delete, issues[2], at: 40, id: "c3")]);
        await store.ApplyCommandsAsync(token, StreamId.Zero, [.. commands.Select((command, n) => new CommandEntry(Some.Id(n + 1), command))], default);
    }
}
