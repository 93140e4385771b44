using System.Globalization;
using System.Text;
using ErrorPipeline.Faults.Oracle;
using ErrorPipeline.Faults.Rigs;
using ErrorPipeline.Faults.Suite;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Faults.Cases;

/// <summary>
/// A segment of three records, cut off at every byte, and with a bit flipped in every byte, each a file of its own in the log of one collector.
/// Whole records are stored, those before and behind the damage; a damaged one is not, and nothing is made up.
/// </summary>
internal static class SegmentsDamaged
{
    public static readonly FaultCase Case = new(5, "segments-damaged", "segments torn, and with a bit flipped, at every byte of a small file", RunAsync) { Seconds = 70, IsQuick = true };

    private const int Records = 3;

    private static async Task RunAsync(FaultRun run)
    {
        var site = await run.StartAsync();
        await site.Apps.Collector.TerminateAsync();
        var log = Path.Combine(site.Apps.DataFolder, "collector");
        var expected = Enumerable.Range(0, Records).ToDictionary(kind => kind, _ => 0L);
        var (files, damaged) = (0, 0);
        foreach (var at in Positions(run))
        {
            Add(at, (file, bytes) => bytes[..at], (record, at) => record.End.Value <= at, "cut");
            Add(at, (file, bytes) =>
            {
                bytes[at] ^= (byte)(1 << run.Random.Next(8));
                return bytes;
            },
            (record, at) => at >= SegmentFile.FirstRecord && (at < record.Start.Value || at >= record.End.Value), "flip");
        }

        run.Note($"{files} segments with {damaged} records that are damaged or cut off, {expected.Values.Sum()} whole ones");
        site.Apps.Collector.StartAgain();
        _ = run.See("errorpipeline_collector_log_damaged_bytes_total", async () => await Signs.MetricAsync(site.Apps.Collector, "errorpipeline_collector_log_damaged_bytes_total") > 0);
        await site.Apps.Collector.WaitReadyAsync();
        await run.WatchedAsync();
        await site.SettleAsync(expected.Values.Sum(), TimeSpan.FromSeconds(150));
        var verdict = Verdict.Of(expected, site.Store.Issues(site.Apps.ProjectId));
        run.Add(verdict);
        run.Check(verdict is { Lost: 0, Doubled: 0, Invented: 0 }, verdict.ToString());
        await run.CheckBooksAsync(site);

        void Add(int at, Func<int, byte[], byte[]> harm, Func<Range, int, bool> isWhole, string how)
        {
            var number = files++;
            var bytes = SegmentFile.Write(new Guid(number, 7, 7, [.. "faults!!"u8]), number + 1, Events(site, number), out var records);
            File.WriteAllBytes(Path.Combine(log, string.Create(CultureInfo.InvariantCulture, $"{number:00000}-{how}.log")), harm(number, bytes));
            for (var i = 0; i < Records; i++)
            {
                if (isWhole(records[i], at))
                    expected[i]++;
                else
                    damaged++;
            }
        }
    }

    private static IEnumerable<int> Positions(FaultRun run)
    {
        var length = SegmentFile.Write(Guid.Empty, 1, Events(null, 0), out _).Length;
        return Enumerable.Range(0, length).Where(at => run.Length != Length.Short || at % 11 == run.Seed % 11);
    }

    /// <summary>Three events, of kinds 0 to 2; their bytes are as long in every file.</summary>
    private static List<(RawError Event, int Lane, long Sequence)> Events(Site? site, int number)
    {
        var sequences = new long[2];
        var events = new List<(RawError, int, long)>();
        for (var kind = 0; kind < Records; kind++)
        {
            var made = NumberedErrors.Event("segm", kind, number);
            made["session"] = string.Create(CultureInfo.InvariantCulture, $"visitor-{number:000000}");
            var id = made["id"]!.GetValue<string>();
            var project = site?.Apps.ProjectId ?? 1;
            var lane = Lane.Of(project, id, 2).Index;
            events.Add((
                new()
                {
                    ProjectId = project,
                    EventId = id,
                    ReceivedAt = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(),
                    Protocol = "native",
                    Body = Encoding.UTF8.GetBytes(made.ToJsonString()),
                },
                lane, ++sequences[lane]));
        }

        return events;
    }
}
