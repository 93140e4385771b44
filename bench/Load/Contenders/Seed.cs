using ErrorPipeline.Rigs;
using StackExchange.Redis;

namespace ErrorPipeline.Load.Contenders;

/// <summary>The Node programs of <c>bench/Baselines/Seed</c>: the collector alone, or with the rest of its chain.</summary>
internal sealed class Seed(bool batch, bool chain) : Contender
{
    private static readonly string Folder = Path.Combine(Places.Root, "bench/Baselines/Seed");
    private static readonly string[] Stages = ["dedupe", "normalize", "aggregate", "writer"];
    private readonly TempFolder _data = new();
    private readonly int _port = FreePort.Take();
    private readonly List<(string Name, ChildProcess Process)> _node = [];
    private RedisServer? _redis;
    private ConnectionMultiplexer? _connection;

    public override IReadOnlyList<(string Name, int Pid)> Processes =>
        [.. _node.SelectMany(n => ProcessTree.Of(n.Process.Pid).Select(pid => (n.Name, pid))), ("redis", _redis!.Pid)];

    private string Database => Path.Combine(_data.Path, "issues.db");

    public override Uri Address(PayloadKind kind) => new($"http://127.0.0.1:{_port}/");

    public override async Task StartAsync()
    {
        _redis = await RedisServer.StartAsync();
        var redis = $"{_redis.Port}";
        _node.Add(("collector", ChildProcess.Start("node", [Path.Combine(Folder, "collector.mjs"), "--port", $"{_port}", "--redis", redis, .. batch ? new[] { "--batch" } : []])));
        foreach (var stage in chain ? Stages : [])
            _node.Add((stage, ChildProcess.Start("node", [Path.Combine(Folder, $"{stage}.mjs"), "--redis", redis, "--database", Database])));
        await Answering.AnyAsync(Address(default), Logs);
        if (chain)
            await Deadline.Until(() => File.Exists(Database), TimeSpan.FromSeconds(20), Logs);
    }

    public override async Task<long?> CountedAsync() => chain
        ? Sqlite.Number(Database, "SELECT COALESCE(SUM(count), 0) FROM issues")
        : await QueuedAsync();

    public override string Logs() => string.Join('\n', _node.Select(n => $"--- {n.Name}\n{n.Process.Output}"));

    public override async ValueTask DisposeAsync()
    {
        _connection?.Dispose();
        foreach (var (_, process) in _node)
            await process.DisposeAsync();
        if (_redis is not null)
            await _redis.DisposeAsync();
        _data.Dispose();
    }

    private async Task<long> QueuedAsync()
    {
        _connection ??= await ConnectionMultiplexer.ConnectAsync(_redis!.Endpoint);
        return await _connection.GetDatabase().ListLengthAsync("raw");
    }
}
