using System.Globalization;
using ErrorPipeline.Load.Contenders;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Load;

/// <summary>An installation that is kept over several runs, each at a rate of its own.</summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _file;
    private readonly PayloadKind _kind;
    private readonly HttpClient _http = new();
    private bool _isGuest;

    private SteadyLoad(Ours ours, PayloadKind kind, double newShare)
    {
        (Ours, _kind) = (ours, kind);
        _file = Path.Combine(_folder.Path, "requests");
        Bytes = Payloads.Write(kind, _file, newShare);
    }

    public Ours Ours { get; }

    /// <summary>Mean size of a body.</summary>
    public int Bytes { get; }

    /// <summary>Paths that the requests are spread over; the installation's own project where none are told.</summary>
    public IReadOnlyList<string> Paths { get; set; } = [];

    /// <summary>The one core of the clients, where they have one.</summary>
    public int? Core { get; private set; }

    /// <summary>Everything of the installation onto the first core, the clients onto the second.</summary>
    public async Task PartAsync()
    {
        foreach (var (_, pid) in Ours.Processes)
            await Cores.PinAsync(pid, 0);
        Core = 1;
    }

    public static async Task<SteadyLoad> StartAsync(PayloadKind kind, InstallationOptions options, double newShare = Payloads.UsualNewShare)
    {
        var load = new SteadyLoad(new(options), kind, newShare);
        try
        {
            await load.Ours.StartAsync();
            return load;
        }
        catch
        {
            await load.DisposeAsync();
            throw;
        }
    }

    /// <summary>The same installation under other errors. Ends before this one does.</summary>
    public SteadyLoad Beside(double newShare) => new(Ours, _kind, newShare) { _isGuest = true };

    /// <summary>Events a second as fast as answers come back, drain included, once warm: by halves, since of large events no more fit into the collector's log.</summary>
    public async Task<double> CalibrateAsync(Plan plan)
    {
        await RunAsync(null, plan.WarmUp / 2);
        await RunAsync(null, plan.WarmUp / 2);
        return (await RunAsync(null, plan.Duration)).ArrivedPerSecond;
    }

    /// <summary>Waits until all of it has arrived, and checks that it has.</summary>
    /// <param name="rate">Events a second; null for as fast as answers come back.</param>
    public async Task<SteadyRun> RunAsync(double? rate, TimeSpan duration)
    {
        var before = await Ours.CountedAsync() ?? 0;
        IReadOnlyList<long> waiting = [];
        var burst = await Burst.RunAsync(Ours, before, async () =>
        {
            using var stop = new CancellationTokenSource();
            var watching = WatchAsync(stop.Token);
            var sent = await Wrk.RunAsync(Ours.Address(_kind), _kind, _file, duration, Burst.Connections, rate, Paths, Core);
            await stop.CancelAsync();
            waiting = await watching;
            return sent;
        });
        return new(burst.Sent.PerSecond, burst.ArrivedPerSecond, burst.Sent.P50 / 1e3, burst.Sent.P99 / 1e3, burst.Cpu, waiting);
    }

    /// <summary>
    /// The highest of the tried rates that goes on for ever: what waits between the 202 and the store does not grow. Tried are 100%, 90%, 80% ... of
    /// <paramref name="most"/>, each long enough for the batches to grow to their size. Where none is flat the last run, which says so.
    /// </summary>
    public async Task<SteadyRun> SustainAsync(double most, Plan plan)
    {
        for (var share = 1.0; ; share -= 0.1)
        {
            var at = await RunAsync(most * share, TimeSpan.FromSeconds(Math.Max(15, 6 * plan.Seconds)));
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {_kind} at {at.PerSecond:N0}/s: {at.Waiting / at.PerSecond:0.00} s waiting, {(at.IsFlat ? "flat" : "growing")}"));
            if (at.IsFlat || share < 0.55)
                return at;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isGuest)
            await Ours.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }

    /// <summary>What was answered and is not yet stored, twice a second.</summary>
    private async Task<IReadOnlyList<long>> WatchAsync(CancellationToken stop)
    {
        var waiting = new List<long>();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
                waiting.Add(await AcceptedAsync() - (await Ours.CountedAsync() ?? 0));
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }

        return waiting;
    }

    private async Task<long> AcceptedAsync()
    {
        const string name = "errorpipeline_collector_accepted_total ";
        var text = await _http.GetStringAsync(new Uri($"{Ours.Installation.Collector.Url}/metrics"));
        return text.Split('\n').Where(l => l.StartsWith(name, StringComparison.Ordinal))
            .Select(l => (long)double.Parse(l[name.Length..].Split(' ')[0], CultureInfo.InvariantCulture)).FirstOrDefault();
    }
}

/// <param name="PerSecond">Answers a second while the clients sent.</param>
/// <param name="ArrivedPerSecond">Events a second until the last was stored.</param>
/// <param name="Cpu">Microseconds per event, by process.</param>
/// <param name="Samples">What waited between the answer and the store, over time.</param>
internal sealed record SteadyRun(
    double PerSecond, double ArrivedPerSecond, double P50, double P99, IReadOnlyDictionary<string, double> Cpu, IReadOnlyList<long> Samples)
{
    public double Waiting => Samples.Count == 0 ? 0 : Samples.Skip(Samples.Count / 2).Average();

    /// <summary>The last third waits no more than half a second's events above the middle third.</summary>
    public bool IsFlat
    {
        get
        {
            var third = Samples.Count / 3;
            return third > 0 && Samples.Skip(2 * third).Average() - Samples.Skip(third).Take(third).Average() < PerSecond / 2;
        }
    }
}
