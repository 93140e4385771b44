using System.Diagnostics;
using ErrorPipeline.Faults.Oracle;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Faults.Suite;

/// <summary>What a case is given: its seed, its installation, and where it notes what it saw. Ends all it started.</summary>
internal sealed class FaultRun(FaultCase which, int seed, Length length, SuiteOptions options, Action<string> say, CancellationToken cancel) : IAsyncDisposable
{
    /// <summary>A fault must have been visible by then.</summary>
    private static readonly TimeSpan Visible = TimeSpan.FromSeconds(60);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Stack<IAsyncDisposable> _started = new();
    private readonly List<Task<Sighting>> _watching = [];
    private readonly List<Sighting> _signs = [];
    private readonly List<string> _notes = [];
    private readonly List<string> _failures = [];
    private readonly List<Site> _sites = [];
    private Verdict? _verdict;
    private bool _mayDouble;
    private int _flagged;
    private TimeSpan? _recovery;

    public int Seed => seed;

    public Random Random { get; } = new(seed);

    public Length Length => length;

    public CancellationToken Cancel => cancel;

    /// <summary>One of two by the length of this run; a long one is as the full.</summary>
    public T Pick<T>(T shortly, T full) => length == Length.Short ? shortly : full;

    public void Say(string what) => say($"{which.Name}: {what}");

    public void Note(string what) => _notes.Add(what);

    /// <summary>Goes on after a failure: the rest may explain it.</summary>
    public void Check(bool isSo, string failure)
    {
        if (isSo)
            return;
        _failures.Add(failure);
        Say($"FAILED: {failure}");
    }

    /// <summary>All parts, ready, with the books being watched.</summary>
    /// <param name="installation">Where it is not as usual.</param>
    /// <param name="store">What is stored, if not in the data folder.</param>
    public async Task<Site> StartAsync(InstallationOptions? installation = null, Store? store = null)
    {
        installation ??= new();
        var change = installation.Change;
        var site = new Site(await Installation.StartAsync(installation with { Change = start => options.Change(change(start)) }), store);
        _sites.Add(site);
        return Keep(site);
    }

    /// <summary>Disposed of at the end, last come first served.</summary>
    public T Keep<T>(T started) where T : IAsyncDisposable
    {
        _started.Push(started);
        return started;
    }

    public Crowd Send(Site site, CrowdOptions crowd, string? key = null) => Crowd.Start(site.Apps, crowd, seed, cancel, key);

    /// <summary>From now on a sign is looked for; the case fails where it is not seen within a minute.</summary>
    public Task<Sighting> See(string sign, Func<Task<bool>> isSeen)
    {
        var watching = WatchAsync(sign, isSeen);
        _watching.Add(watching);
        return watching;
    }

    /// <summary>
    /// From now, a kill or the end of a fault, until full throughput: for two seconds on end as much comes in as before and what was accepted
    /// two and a half seconds ago is stored. Notes the longest, and fails where it took more than is allowed.
    /// </summary>
    /// <param name="before">Events a second that were accepted before the fault; 0 where it is no matter how many come in.</param>
    public async Task RecoverAsync(Site site, Crowd crowd, double allowedSeconds = 60, double before = 0)
    {
        var clock = Stopwatch.StartNew();
        var (bad, limit) = (TimeSpan.Zero, TimeSpan.FromSeconds(Math.Max(60, 2 * allowedSeconds)));
        while (clock.Elapsed - bad < TimeSpan.FromSeconds(before > 0 ? 2 : 0.3) && clock.Elapsed < limit)
        {
            await Task.Delay(100, cancel);
            if (site.Store.Events < crowd.AcceptedBefore(Site.NormalLag) || crowd.Rate(TimeSpan.FromSeconds(1)) < before / 2)
                bad = clock.Elapsed;
        }

        if (bad > (_recovery ?? TimeSpan.Zero))
            _recovery = bad;
        _recovery ??= bad;
        Check(length == Length.Short || bad.TotalSeconds <= allowedSeconds, $"recovery took {bad.TotalSeconds:0.0} s, allowed are {allowedSeconds:0}");
    }

    /// <summary>
    /// Stops the crowd, waits until everything has reached the store and nothing is in flight, and compares. Nothing may be missing;
    /// what is doubled is a failure unless it is allowed, and then it must be flagged and within the bound.
    /// </summary>
    /// <param name="mostDoubled">0 where nothing may be counted twice.</param>
    public Task CompareAsync(Site site, Crowd crowd, TimeSpan patience, long mostDoubled = 0) => CompareAsync(site, [crowd], patience, mostDoubled);

    /// <inheritdoc cref="CompareAsync(Site, Crowd, TimeSpan, long)"/>
    public async Task CompareAsync(Site site, IReadOnlyList<Crowd> crowds, TimeSpan patience, long mostDoubled = 0)
    {
        foreach (var crowd in crowds)
            await crowd.StopAsync();
        await WatchedAsync();
        await site.SettleAsync(crowds.Sum(c => c.Accepted), patience);
        var expected = crowds.SelectMany(c => c.Expected).GroupBy(e => e.Key).ToDictionary(g => g.Key, g => g.Sum(e => e.Value));
        var verdict = Verdict.Of(expected, site.Store.Issues(site.Apps.ProjectId));
        _flagged = site.Store.Approximate.Count;
        _mayDouble = mostDoubled > 0;
        Add(verdict);
        Check(verdict.Lost == 0, $"{verdict.Lost} events were answered 202 and are not stored");
        Check(verdict.Invented == 0, $"{verdict.Invented} are counted that nobody sent");
        Check(verdict.Doubled <= mostDoubled, $"{verdict.Doubled} are counted twice, allowed are {mostDoubled}");
        Check(verdict.Doubled == 0 || _flagged > 0, "what was counted twice is not flagged as approximate");
        await CheckBooksAsync(site);
        Note($"{crowds.Sum(c => c.Requests)} requests, {crowds.Sum(c => c.Unanswered)} repeated, {crowds.Sum(c => c.Resent)} events sent again, slowest answer {crowds.Max(c => c.SlowestAnswer.TotalSeconds):0.0} s");
    }

    /// <summary>For cases with more than one crowd or project.</summary>
    public void Add(Verdict verdict) => _verdict = _verdict is { } v
        ? new(v.Accepted + verdict.Accepted, v.Stored + verdict.Stored, v.Lost + verdict.Lost, v.Doubled + verdict.Doubled, v.Invented + verdict.Invented)
        : verdict;

    public async Task WatchedAsync()
    {
        foreach (var sign in await Task.WhenAll(_watching))
        {
            _signs.Add(sign);
            Check(sign.After is not null, $"not seen within {Visible.TotalSeconds:0} s: {sign.What}");
        }

        _watching.Clear();
    }

    public async Task CheckBooksAsync(Site site)
    {
        // A short case on a slow machine may be over before the books could be read: they are watched on until enough is known.
        await Deadline.Until(() => site.Books.Balanced > 5, TimeSpan.FromSeconds(30), () => $"only {site.Books.Balanced} readings of the books");
        Check(site.Books.Unbalanced is null, $"a lane did not balance: {site.Books.Unbalanced}");
        var lanes = await site.Books.ReadAsync();
        Check(lanes.All(l => l.IsBalanced && l.InFlight == 0), $"the books at the end: {await site.Books.TellAsync()}");
    }

    /// <summary>Runs the case; whatever it throws is a failure of it.</summary>
    public async Task<FaultRow> RunAsync()
    {
        string? skipped = null;
        var thrown = "";
        try
        {
            Say($"begins, seed {seed}: {which.What}");
            await which.RunAsync(this);
            await WatchedAsync();
        }
        catch (CannotRunException e)
        {
            skipped = e.Message;
            Say($"SKIPPED: {e.Message}");
        }
        catch (Exception e) when (!cancel.IsCancellationRequested || e is not OperationCanceledException)
        {
            Check(false, $"{e.GetType().Name}: {(e.Message.Length > 500 ? e.Message[..500] + " ..." : e.Message)}");
            thrown = e.ToString();
        }

        if (_failures.Count > 0)
            await KeepLogsAsync(thrown);
        return new()
        {
            Case = which,
            Seed = seed,
            Took = _clock.Elapsed,
            Verdict = _verdict,
            MayDouble = _mayDouble,
            Flagged = _flagged,
            Recovery = _recovery,
            Signs = _signs,
            Notes = _notes,
            Failures = _failures,
            Skipped = skipped,
        };
    }

    public async ValueTask DisposeAsync()
    {
        while (_started.TryPop(out var started))
            await started.DisposeAsync();
    }

    private static async Task<Sighting> WatchAsync(string sign, Func<Task<bool>> isSeen)
    {
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < Visible)
        {
            if (await isSeen())
                return new(sign, Stopwatch.GetElapsedTime(began));
            await Task.Delay(100);
        }

        return new(sign, null);
    }

    private async Task KeepLogsAsync(string thrown)
    {
        foreach (var (site, number) in _sites.Select((s, i) => (s, i)))
        {
            Directory.CreateDirectory(options.LogFolder);
            var file = Path.Combine(options.LogFolder, $"{which.Name}-{seed}-{number}.log");
            await File.WriteAllTextAsync(file, $"{string.Join("\n", _failures)}\n\n{thrown}\n\n{(site.IsGone ? "" : await site.Books.TellAsync())}\n\n{string.Join("\n", site.Apps.Apps.Select(a => $"--- {a.App}\n{a.Output}"))}", CancellationToken.None);
            Say($"the logs are in {file}");
        }
    }
}
