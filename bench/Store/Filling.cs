using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;
using StackFrame = ErrorPipeline.Shared.Contracts.StackFrame;

namespace ErrorPipeline.StoreBench;

/// <summary>
/// Counts events into issues through the store's own writing side, folded as a flood would be: every issue is met once, and the busiest fifth again
/// and again over a month. The same seed gives the same store, but for the time that it ends at.
/// </summary>
internal static class Filling
{
    public const int DeltasAnEntry = 200;
    private const string Lane = "lane-00";
    private const int Seed = 20_261_122;
    private const int EntriesAnApply = 5;
    public const int Days = 30;
    private const long HourMs = 3_600_000;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private static readonly string[] Browsers = ["Chrome 142", "Chrome 141", "Firefox 145", "Mobile Safari 19", "Edge 142", "Samsung Internet 27"];
    private static readonly string[] Systems = ["Windows 11", "macOS 16", "Android 16", "iOS 19", "Linux"];
    private static readonly string[] Types = ["TypeError", "ReferenceError", "RangeError", "Error", "SyntaxError", "UnhandledRejection", "ChunkLoadError"];
    private static readonly string[] Words = ["basket", "price", "payment", "search", "voucher", "address", "session", "image", "review", "shipping", "invoice", "profile", "stock", "coupon", "menu", "filter"];

    public static async Task<StoreSummary> RunAsync(Place place, Size size)
    {
        await Console.Error.WriteLineAsync($"filling {place.Engine} with {size.Issues:N0} issues and {size.Events:N0} events ...");
        await using (var config = place.OpenConfig())
        {
            await config.MigrateAsync(default);
            for (var n = (await config.ListProjectsAsync(default)).Count; n < size.Projects; n++)
                await config.CreateProjectAsync($"Shop {n + 1}", TimeProvider.System.GetUtcNow(), default);
        }

        await using var store = place.OpenErrors();
        await store.MigrateAsync(default);
        var token = await store.TakeLeadershipAsync("bench", default);
        var clock = Stopwatch.StartNew();
        var said = clock.Elapsed;
        // The cursor tells how much is there already: a filling that was broken off is continued, and one that is whole is used again.
        var cursor = await store.ReadCursorAsync(Lane, default);
        var all = (size.Deltas + DeltasAnEntry - 1) / DeltasAnEntry;
        foreach (var chunk in (int)cursor.Seq >= all ? [] : Deltas(size).Chunk(DeltasAnEntry).Skip((int)cursor.Seq).Chunk(EntriesAnApply))
        {
            var entries = chunk.Select((deltas, n) => new LaneEntry(new(1_000, cursor.Seq + 1 + (ulong)n), new DeltaBatch { Issues = deltas })).ToList();
            await store.ApplyAsync(token, Lane, cursor, entries, default);
            cursor = entries[^1].Id;
            if (clock.Elapsed - said < Every)
                continue;
            said = clock.Elapsed;
            await Console.Error.WriteLineAsync($"  {Math.Min(1, (double)cursor.Seq * DeltasAnEntry / size.Deltas):P0} after {said.TotalSeconds:0} s");
        }

        if ((int)cursor.Seq != all)
            throw new InvalidOperationException("the store was filled with other figures: use another place");
        var summary = await store.SummarizeAsync(default);
        await Console.Error.WriteLineAsync($"{summary.Issues:N0} issues, {summary.Events:N0} events, {summary.Samples:N0} samples after {clock.Elapsed.TotalSeconds:0} s");
        return summary;
    }

    private static IEnumerable<IssueDelta> Deltas(Size size)
    {
        var random = new Random(Seed);
        // A third is spread evenly, the rest falls on the busy ones, the first of them most.
        var each = Math.Max(1, size.Events / 3 / size.Issues);
        var weights = Enumerable.Range(0, size.Busy).Sum(n => 1.0 / (n + 20));
        var left = size.Events - (each * size.Issues);
        for (var n = 0; n < size.Issues; n++)
            yield return Delta(size, n, each, random.NextDouble() * Days, random);
        for (var round = 0; round < size.Rounds; round++)
        {
            for (var n = 0; n < size.Busy; n++)
            {
                var share = Math.Max(1, (long)(left / (double)size.Rounds / (n + 20) / weights));
                yield return Delta(size, n, share, Days * (size.Rounds - 1 - round + random.NextDouble()) / size.Rounds, random);
            }
        }
    }

    public static IssueDelta Delta(Size size, int n, long count, double daysAgo, Random random)
    {
        var now = TimeProvider.System.GetUtcNow().AddDays(-daysAgo).ToUnixTimeMilliseconds();
        var (type, word, other) = (Types[n % Types.Length], Words[n % Words.Length], Words[(n / 7) % Words.Length]);
        var message = $"Cannot read the {word} of {other} number{n}";
        var environment = n % 40 == 0 ? "staging" : "production";
        var release = $"1.{random.Next(30)}.{random.Next(4)}";
        var hours = (int)Math.Min(count, 6);
        return new()
        {
            ProjectId = size.ProjectOf(n),
            Grouping = new("v1", Hex($"issue {n}"), [$"type: {type}", $"message: Cannot read the {word} of {other} number{{}}", $"frame: {word}Of in /js/{other}.js"]),
            Title = $"{type}: {message}",
            Culprit = $"{word}Of in {other}.js",
            Type = type,
            Level = "error",
            Class = n % 11 == 0 ? "extension" : n % 7 == 0 ? "third_party" : "ours",
            Count = count,
            FirstSeen = now - (hours * HourMs),
            LastSeen = now,
            LastReceived = now,
            Hours = [.. Parts(count, hours).Select((part, h) => new HourCount((now / HourMs) - h, environment, part))],
            Facets =
            [
                .. Parts(count, 3).Select((part, i) => new FacetCount("browser", Browsers[(n + i) % Browsers.Length], part)),
                .. Parts(count, 2).Select((part, i) => new FacetCount("os", Systems[(n + i) % Systems.Length], part)),
                .. Parts(count, 2).Select((part, i) => new FacetCount("page", $"https://shop.example/{Words[(n + i) % Words.Length]}/{n % 50}", part)),
                new("device", n % 3 == 0 ? "mobile" : "desktop", count), new("release", release, count), new("environment", environment, count), new("level", "error", count),
            ],
            Releases = [new(release, count, now, now)],
            Clients = [new("native", count, now)],
            Users = [.. Enumerable.Range(0, (int)Math.Min(count, 20)).Select(_ => Hex($"user {random.Next(500_000)}")[..24])],
            Samples = [Sample(n, type, message, word, other, release, environment, now, random)],
        };
    }

    private static EventSample Sample(int n, string type, string message, string word, string other, string release, string environment, long at, Random random) => new(
        new()
        {
            EventId = Hex($"event {n} {at} {random.Next()}"),
            At = at,
            ReceivedAt = at,
            Browser = Browsers[n % Browsers.Length],
            Os = Systems[n % Systems.Length],
            Device = "desktop",
            Url = $"https://shop.example/{word}/{n % 50}?step=2",
            Page = $"https://shop.example/{word}/{n % 50}",
            UserKey = Hex($"user {random.Next(500_000)}")[..24],
        },
        new()
        {
            Type = type,
            Message = message,
            Frames = [.. Enumerable.Range(0, 12).Select(f => new StackFrame { Function = $"{Words[(n + f) % Words.Length]}Of", File = $"https://shop.example/js/{other}.js", Line = 10 + f, Column = 5, InApp = f % 3 != 2 })],
        },
        new() { Release = release, Environment = environment, Class = "ours", Breadcrumbs = [.. Enumerable.Range(0, 8).Select(b => new Breadcrumb(at - (b * 900), "click", "info", $"button.{Words[b]}", null))] },
        $"novelty {release} {n % 3}");

    private static IEnumerable<long> Parts(long count, int parts)
    {
        for (var (part, left) = (0, count); part < parts && left > 0; part++)
        {
            var here = part == parts - 1 ? left : Math.Max(1, left / 2);
            left -= here;
            yield return here;
        }
    }

    private static string Hex(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
}
