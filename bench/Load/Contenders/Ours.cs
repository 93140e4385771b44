using System.Globalization;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Streams;
using StackExchange.Redis;

namespace ErrorPipeline.Load.Contenders;

/// <summary>ErrorPipeline as <c>./dev up</c> runs it; without workers where only the collector is measured. Counted is what Redis has accepted, or the store.</summary>
internal sealed class Ours(InstallationOptions? options = null) : Contender
{
    /// <summary>The default of an installation.</summary>
    public const int Lanes = 2;

    private readonly InstallationOptions _options = options ?? new();
    private Installation? _installation;
    private ConnectionMultiplexer? _redis;

    public Installation Installation => _installation ?? throw new InvalidOperationException("not started");

    public string ErrorsFile => Path.Combine(Installation.DataFolder, "errors.db");

    public override IReadOnlyList<(string Name, int Pid)> Processes =>
    [
        ("collector", Installation.Collector.Pid),
        .. Installation.Workers.Select((w, i) => (_options.Workers[i] is [.., var stage] ? stage : "workers", w.Pid)),
        ("web", Installation.Web.Pid),
        ("redis", Installation.Redis.Pid),
    ];

    private int LaneCount => _options.Settings.TryGetValue("Lanes", out var lanes) ? int.Parse(lanes, CultureInfo.InvariantCulture) : Lanes;

    private bool HasWorkers => _options.Workers.Count > 0;

    public override Uri Address(PayloadKind kind) => new(kind == PayloadKind.Envelope
        ? $"{Installation.Collector.Url}/api/{Installation.ProjectId}/envelope/?sentry_key={Installation.Key}&sentry_version=7"
        : $"{Installation.Collector.Url}/api/{Installation.Key}/events");

    public override async Task StartAsync() => _installation = await Installation.StartAsync(_options);

    /// <summary>With workers: what the ledger says is stored, and once it says so, the sum in the store itself beside it.</summary>
    public override async Task<long?> CountedAsync() => await LedgerAsync(HasWorkers ? "stored" : "accepted");

    public override async Task<long?> VerifiedAsync() => !HasWorkers ? await CountedAsync()
        : _options.Store == StoreKind.Mongo ? await StoredByMinuteAsync()
        : Sqlite.Number(ErrorsFile, "SELECT COALESCE(SUM(count), 0) FROM issues");

    public override string Logs() => _installation?.Logs() ?? "";

    public override async ValueTask DisposeAsync()
    {
        _redis?.Dispose();
        if (_installation is not null)
            await _installation.DisposeAsync();
    }

    /// <summary>The writer counts what it stores in the store, minute by minute.</summary>
    private async Task<long> StoredByMinuteAsync()
    {
        var answer = await Installation.Api.GetAsync($"pipeline/minutes?project={Installation.ProjectId}&range=1h");
        return answer.GetProperty("rows").EnumerateArray().Where(r => r.GetProperty("outcome").GetString() == "stored").Sum(r => r.GetProperty("total").GetInt64());
    }

    private async Task<long> LedgerAsync(string outcome)
    {
        _redis ??= await ConnectionMultiplexer.ConnectAsync(Installation.Redis.Endpoint);
        long sum = 0;
        foreach (var lane in Lane.All(LaneCount))
            sum += (long)await _redis.GetDatabase().HashGetAsync(lane.Ledger, outcome);
        return sum;
    }
}
