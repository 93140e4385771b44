using System.Diagnostics;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.StoreBench;

/// <summary>
/// What an event and a page cost in a small store, and in stores that hold ten times as much of one thing: turn by turn, the same work in each.
/// An event is a delta of its own here, which is the most that it can cost the writer; CPU time is counted, so that waiting for the disk is not.
/// </summary>
internal static class Growth
{
    private const int Turns = 3;
    private const int EntriesATurn = 15;

    /// <summary>A writer that runs has what it needs most in memory; one that has just opened its store reads that first, the more the larger it is.</summary>
    private const int EntriesWarmUp = 30;

    /// <summary>One in so many is of an error that was never seen before.</summary>
    private const int NewOneIn = 20;

    private static readonly Size Small = new(10_000, 1_000_000, Projects: 10);

    /// <summary>Issues come with their events: the store of "issues" is that of the pages.</summary>
    private static readonly (string Name, Size Size)[] Stores =
    [
        ("small", Small),
        ("issues", Small with { Issues = 100_000, Events = 10_000_000, Projects = 5 }),
        ("projects", Small with { Projects = 100 }),
        ("events", Small with { Events = 10_000_000, Rounds = 20 }),
    ];

    public static async Task<IReadOnlyList<Grown>> RunAsync(string folder, int requests)
    {
        var places = Stores.Select(store => new Place(Path.Combine(folder, store.Name), null)).ToList();
        for (var n = 0; n < places.Count; n++)
        {
            Directory.CreateDirectory(places[n].Folder);
            await Filling.RunAsync(places[n], Stores[n].Size);
        }

        var writing = places.Select(_ => new List<double>()).ToList();
        var pages = places.Select(_ => new List<Asked>()).ToList();
        for (var turn = 0; turn < Turns; turn++)
        {
            for (var n = 0; n < places.Count; n++)
            {
                await Console.Error.WriteLineAsync($"turn {turn + 1}, {Stores[n].Name}");
                writing[n].Add(await WriteAsync(places[n], Stores[n].Size, turn));
                pages[n].AddRange(await Asking.RunAsync(places[n], Stores[n].Size, requests));
            }
        }

        return
        [
            .. Stores.Select((store, n) => new Grown(
                store.Name, store.Size, Median(writing[n]) * 1e6, pages[n].Average(page => page.Cpu) * 1000,
                pages[n].GroupBy(page => page.Page).Average(turns => Median([.. turns.Select(page => page.At(0.95))])))),
        ];
    }

    /// <summary>CPU seconds of an event: through the store's writing side, an entry a commit.</summary>
    private static async Task<double> WriteAsync(Place place, Size size, int turn)
    {
        const string Lane = "lane-01";
        await using var store = place.OpenErrors();
        var token = await store.TakeLeadershipAsync("bench", default);
        var cursor = await store.ReadCursorAsync(Lane, default);
        var random = new Random(turn + (int)cursor.Seq);
        var fresh = 10_000_000 + ((int)cursor.Seq * Filling.DeltasAnEntry);
        var entries = Enumerable.Range(1, EntriesWarmUp + EntriesATurn).Select(n => new LaneEntry(new(1_000, cursor.Seq + (ulong)n), new DeltaBatch
        {
            Issues =
            [
                .. Enumerable.Range(0, Filling.DeltasAnEntry).Select(i => Filling.Delta(size, i % NewOneIn == 0 ? fresh++ : Known(size, random), 1, 0, random)),
            ],
        })).ToList();
        using var process = Process.GetCurrentProcess();
        var before = TimeSpan.Zero;
        for (var n = 0; n < entries.Count; n++)
        {
            if (n == EntriesWarmUp)
                before = Cpu(process);
            await store.ApplyAsync(token, Lane, cursor, [entries[n]], default);
            cursor = entries[n].Id;
        }

        return (Cpu(process) - before).TotalSeconds / (EntriesATurn * Filling.DeltasAnEntry);
    }

    /// <summary>Few are met most: the middle of them by their logarithm.</summary>
    private static int Known(Size size, Random random) => (int)Math.Pow(size.Issues, random.NextDouble()) - 1;

    private static TimeSpan Cpu(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}

/// <param name="WriterMicros">CPU of the writer for an event that is a delta of its own.</param>
/// <param name="PageCpuMs">CPU of the web process for a page, the mean of all kinds.</param>
/// <param name="PageP95Ms">The mean over all kinds of pages.</param>
internal sealed record Grown(string Name, Size Size, double WriterMicros, double PageCpuMs, double PageP95Ms);
