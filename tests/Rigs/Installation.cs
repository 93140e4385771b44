using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Storage.Mongo;
using ErrorPipeline.Shared.Storage.Sqlite;

namespace ErrorPipeline.Rigs;

/// <summary>
/// All parts for real, on free ports and in a folder of its own: redis-server, collector, workers and web with its project "Demo".
/// Limits per key and client are off, so that one machine can play many visitors.
/// </summary>
public sealed class Installation : IAsyncDisposable
{
    public const string FirstUser = "first@example.com";
    public const string FirstPassword = "a long first password";
    private const string Token = "token-of-the-tests-0123456789abcdef";
    private readonly TempFolder _folder = new();
    private readonly string _database = $"ep_{Guid.NewGuid():N}";
    private readonly List<AppProcess> _workers = [];
    private MongoServer? _mongo;

    private Installation(RedisServer redis, string? dataFolder) => (Redis, DataFolder) = (redis, dataFolder ?? _folder.Path);

    public RedisServer Redis { get; }

    public string DataFolder { get; }

    public AppProcess Collector { get; private set; } = null!;

    public AppProcess Web { get; private set; } = null!;

    public IReadOnlyList<AppProcess> Workers => _workers;

    public IEnumerable<AppProcess> Apps => [Collector, .. _workers, Web];

    public DashboardApi Api { get; private set; } = null!;

    public int ProjectId { get; private set; }

    /// <summary>A key of the project "Demo".</summary>
    public string Key { get; private set; } = "";

    /// <summary>Everything is ready, and the collector knows the key.</summary>
    public static async Task<Installation> StartAsync(InstallationOptions? options = null)
    {
        options ??= new();
        var made = new Installation(await RedisServer.StartAsync(options.Redis), options.DataFolder);
        try
        {
            await made.StartAppsAsync(options);
            return made;
        }
        catch
        {
            await made.DisposeAsync();
            throw;
        }
    }

    /// <summary>The store of source maps, read directly.</summary>
    public IArtifactReader OpenArtifacts() => _mongo is null ? new SqliteArtifactReader(InFolder("artifacts.db")) : new MongoArtifactReader(_mongo.Uri(_database));

    /// <summary>The store of projects and settings, opened directly.</summary>
    public IConfigStore OpenConfig() => _mongo is null ? new SqliteConfigStore(InFolder("config.db")) : new MongoConfigStore(_mongo.Uri(_database), TimeProvider.System);

    /// <summary>What MongoDB keeps, by collection; nothing where the files of the data folder are the store.</summary>
    public async Task<IReadOnlyList<(string Collection, byte[] Bytes)>> DumpMongoAsync() => _mongo is null ? [] : await _mongo.DumpAsync(_database);

    /// <summary>What all processes have said, for a failing test.</summary>
    public string Logs() => string.Join("\n", Apps.Where(a => a is not null).Select(a => $"--- {a.App} {(a.Running ? "runs" : "is down")}\n{Tail(a.Output)}"));

    public async ValueTask DisposeAsync()
    {
        foreach (var app in Apps.Where(a => a is not null))
            await app.DisposeAsync();
        Api?.Dispose();
        if (_mongo is not null)
            await _mongo.DropAsync(_database);
        await Redis.DisposeAsync();
        _folder.Dispose();
    }

    private async Task StartAppsAsync(InstallationOptions options)
    {
        var settings = new Dictionary<string, string>
        {
            ["Redis"] = options.RedisAddress(Redis),
            ["DataDirectory"] = DataFolder,
            ["Collector:EventsPerMinutePerKey"] = "0",
            ["Collector:EventsPerMinutePerClient"] = "0",
        };
        if (options.Store == StoreKind.Mongo)
            await KeepInMongoAsync(settings);
        foreach (var (name, value) in options.Settings)
            settings[name] = value;

        Collector = AppProcess.Start(options.Change(new() { App = "collector", Settings = settings }));
        foreach (var arguments in options.Workers)
            _workers.Add(AppProcess.Start(options.Change(new() { App = "workers", Index = _workers.Count, Settings = settings, Arguments = arguments })));
        var ofWeb = new Dictionary<string, string>(settings)
        {
            ["Web:Demo"] = "true",
            ["Web:CollectorUrl"] = Collector.Url,
            ["Web:ApiToken"] = Token,
            ["Web:FirstUserEmail"] = FirstUser,
            ["Web:FirstUserPassword"] = FirstPassword,
        };
        Web = AppProcess.Start(options.Change(new() { App = "web", Settings = ofWeb }));
        await Task.WhenAll(Apps.Select(a => a.WaitReadyAsync(TimeSpan.FromSeconds(180))));

        Api = new DashboardApi(Web.Url, Token);
        var demo = (await Api.GetAsync("projects")).EnumerateArray().Single(p => p.GetProperty("name").GetString() == "Demo");
        ProjectId = demo.GetProperty("id").GetInt32();
        Key = demo.GetProperty("keys")[0].GetProperty("key").GetString()!;
        using var sender = new EventSender(Collector.Url, Key);
        // An empty batch is refused as such once the key is known, as an unknown key before.
        await Deadline.Until(async () => await sender.PostAsync("[]") != 401, TimeSpan.FromSeconds(20), Logs, "the collector knows the key");
    }

    private async Task KeepInMongoAsync(Dictionary<string, string> settings)
    {
        (_mongo, var reason) = await MongoServer.TrySharedAsync();
        if (_mongo is null)
            throw new InvalidOperationException(reason);
        foreach (var store in (string[])["Errors", "Config", "Artifacts"])
            settings[$"Store:{store}"] = _mongo.Uri(_database);
    }

    private string InFolder(string file) => Path.Combine(DataFolder, file);

    private static string Tail(string output) => output.Length > 6000 ? "..." + output[^6000..] : output;
}
