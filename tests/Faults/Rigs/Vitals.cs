using System.Globalization;
using ErrorPipeline.Faults.Suite;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Streams;
using StackExchange.Redis;

namespace ErrorPipeline.Faults.Rigs;

/// <summary>What must not grow for ever: looked at again and again over a soak. Name to values over time.</summary>
internal sealed class Vitals(Site site, TimeSpan every)
{
    private const double Megabyte = 1 << 20;
    private readonly List<double> _seconds = [];
    private readonly Dictionary<string, List<double>> _lines = [];

    /// <summary>When the looks were taken.</summary>
    public IReadOnlyList<double> Seconds => _seconds;

    public IReadOnlyDictionary<string, List<double>> Lines => _lines;

    /// <summary>The last look is after the end.</summary>
    public async Task WatchAsync(CancellationToken until)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!until.IsCancellationRequested)
        {
            await LookAsync(began);
            await Task.Delay(every, until).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await LookAsync(began);
    }

    private async Task LookAsync(long began)
    {
        _seconds.Add(TimeProvider.System.GetElapsedTime(began).TotalSeconds);
        foreach (var app in site.Apps.Apps)
        {
            Add($"{app.App}: managed heap after GC, MB", await HeapAsync(app) / Megabyte);
            Add($"{app.App}: handles", Directory.GetFiles($"/proc/{app.Pid}/fd").Length);
        }

        var lanes = await site.Books.ReadAsync();
        Add("pending entries", lanes.Sum(l => l.Streams.Sum(s => s.Pending)));
        Add("events in flight", lanes.Sum(l => l.InFlight));
        Add("ids remembered", lanes.Sum(l => l.SeenEvents));
        Add("sets of ids", await SetsOfIdsAsync());
        Add("log segments", Directory.GetFiles(Path.Combine(site.Apps.DataFolder, "collector"), "*.log").Length);
        Add("issues stored", site.Store.Issues(site.Apps.ProjectId).Count);
    }

    private void Add(string line, double value)
    {
        if (!_lines.TryGetValue(line, out var values))
            _lines[line] = values = [];
        values.Add(value);
    }

    private static async Task<double> HeapAsync(AppProcess app) => await Signs.TotalAsync(app, "dotnet_gc_last_collection_heap_size");

    private async Task<int> SetsOfIdsAsync()
    {
        var sets = 0;
        foreach (var lane in Lane.All(2))
            sets += ((RedisKey[])(await site.Books.Redis.ExecuteAsync("KEYS", lane.Seen + ":*"))!).Length;
        return sets;
    }
}
