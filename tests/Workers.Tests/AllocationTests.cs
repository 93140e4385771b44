using System.Text;
using System.Text.Json;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.SourceMaps;
using ErrorPipeline.Shared.Streams;
using ErrorPipeline.Workers.Aggregate;
using ErrorPipeline.Workers.Dedupe;
using ErrorPipeline.Workers.Normalize;
using ErrorPipeline.Workers.Normalize.Stacks;
using ErrorPipeline.Workers.Pumping;

namespace ErrorPipeline.Workers.Tests;

/// <summary>Bytes that the work on one event takes from the heap, against bench/baselines.json: times depend on the machine, these do not.</summary>
[NonParallelizable]
public class AllocationTests
{
    /// <summary>Runtimes differ a little; what takes a tenth more is a change of ours.</summary>
    private const double Slack = 1.1;
    private const int Repeats = 200;
    private static readonly string Corpus = Path.Combine(Checkout.Root, "tests", "Corpus");
    private static readonly byte[] Event = File.ReadAllBytes(Path.Combine(Corpus, "chromium-async-chain.raw.json"));
    private static readonly string Stack = JsonDocument.Parse(Event).RootElement.GetProperty("stack").GetString()!;

    private static readonly Dictionary<string, Func<Action<int>>> Works = new(StringComparer.Ordinal)
    {
        ["parse a stack"] = () => _ => StackParser.Parse(null, null, Stack),
        ["symbolicate a frame"] = () =>
        {
            var map = new MapAnswer(SourceMap.Decode(File.ReadAllBytes(Path.Combine(Corpus, "shop-build", "app.1a2b3c4d.js.map"))));
            StackFrame[] frames = [new() { File = "https://a.test/app.1a2b3c4d.js", Line = 1, Column = 60, InApp = true }];
            return _ => Symbolicator.Symbolicate(frames, (_, _) => map);
        },
        ["normalize a new event"] = () =>
        {
            var stage = new NormalizeStage();
            return n => stage.Normalize(Unique(n, Encoding.UTF8.GetBytes($$"""{"type":"TypeError","message":"call {{n}}","stack":{{JsonSerializer.Serialize(Stack.Replace("readRow", $"f{n}", StringComparison.Ordinal))}}}""")));
        },
        ["normalize a known event"] = () =>
        {
            var stage = new NormalizeStage();
            return n => stage.Normalize(Unique(n, Event));
        },
        ["dedupe an event"] = () =>
        {
            var seen = new HashSet<EventIdentity>();
            var raws = Enumerable.Range(0, Repeats).Select(n => Some.Raw(n, Encoding.UTF8.GetString(Event))).ToList();
            return n => DedupeStage.Run([raws[n]], seen, default);
        },
        ["aggregate an event"] = () =>
        {
            var error = Some.Normalized("f", Some.Occurrence(1));
            return _ => AggregateStage.Run([error], default, default);
        },
    };

    [Test]
    public void Work_OnOneEvent_AllocatesNoMoreThanItsBaseline()
    {
        var file = Path.Combine(Checkout.Root, "bench", "baselines.json");
        var baselines = JsonSerializer.Deserialize<Dictionary<string, long>>(File.ReadAllBytes(file))!;
        var measured = Works.ToDictionary(work => work.Key, work => Measure(work.Value()), StringComparer.Ordinal);
        foreach (var (name, bytes) in measured)
            TestContext.Out.WriteLine($"{name}: {bytes} bytes");
        if (Environment.GetEnvironmentVariable("ACCEPT_BASELINES") == "1")
            File.WriteAllText(file, JsonSerializer.Serialize(measured, new JsonSerializerOptions { WriteIndented = true }) + "\n");

        baselines.Keys.Should().BeEquivalentTo(measured.Keys);
        measured.Where(m => m.Value > baselines[m.Key] * Slack).Select(m => $"{m.Key}: {m.Value} bytes, {baselines[m.Key]} allowed").Should().BeEmpty();
    }

    /// <summary>The median, since caches grow in steps.</summary>
    private static long Measure(Action<int> work)
    {
        var bytes = new List<long>();
        for (var n = 0; n < Repeats; n++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            work(n);
            bytes.Add(GC.GetAllocatedBytesForCurrentThread() - before);
        }

        bytes.Sort();
        return bytes[Repeats / 2];
    }

    private static UniqueError Unique(int n, byte[] body) => new()
    {
        ProjectId = 1,
        Protocol = "native",
        Body = body,
        Occurrences = [new() { EventId = Some.EventId(n), ReceivedAt = Some.Time, UserAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" }],
    };
}
