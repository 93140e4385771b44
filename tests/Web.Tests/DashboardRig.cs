using System.Net;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Storage.Sqlite;
using ErrorPipeline.Shared.Streams;
using ErrorPipeline.Web.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace ErrorPipeline.Web.Tests;

/// <summary>The dashboard as it runs, in this process: a real port, a real redis-server, real SQLite files, and the writing side of the store.</summary>
internal sealed class DashboardRig : IAsyncDisposable
{
    public const string Email = "ann@example.com";
    public const string Password = "correct horse battery";
    public const string Token = "0123456789abcdef0123456789abcdef";

    public const string UploadToken = "fedcba9876543210fedcba9876543210";

    private readonly TempFolder _folder = new();
    private readonly List<string> _settings;
    private long _token;
    private StreamId _laneCursor;
    private StreamId _commandCursor;

    private DashboardRig(RedisServer redis, string[] settings)
    {
        Redis = redis;
        _settings =
        [
            "--Urls", $"http://127.0.0.1:{FreePort.Take()}", "--Redis", redis.Endpoint, "--DataDirectory", _folder.Path, "--LogLevel", "Error", "--Serilog:MinimumLevel:Override:Microsoft", "Error",
            "--Web:FirstUserEmail", Email, "--Web:FirstUserPassword", Password, "--Web:ApiToken", Token, "--Web:UploadToken", UploadToken, "--Web:Demo", "true",
            .. settings,
        ];
        Store = new(new() { Path = Path.Combine(_folder.Path, "errors.db") });
    }

    public RedisServer Redis { get; }

    public SqliteErrorStore Store { get; }

    public WebApplication App { get; private set; } = null!;

    public IConfigStore Config => App.Services.GetRequiredService<IConfigStore>();

    public Uri Url { get; private set; } = null!;

    public static async Task<DashboardRig> StartAsync(params string[] settings)
    {
        var rig = new DashboardRig(await RedisServer.StartAsync(), settings);
        await rig.Store.MigrateAsync(CancellationToken.None);
        rig._token = await rig.Store.TakeLeadershipAsync("test", CancellationToken.None);
        await rig.StartAppAsync();
        return rig;
    }

    public async Task RestartAppAsync()
    {
        await StopAppAsync();
        await StartAppAsync();
    }

    public async Task<IReadOnlyList<IssueChange>> ApplyAsync(params IssueDelta[] deltas) => await ApplyAsync(new DeltaBatch { Issues = deltas });

    /// <summary>What the writer does: into the store, then the announcement.</summary>
    public async Task<IReadOnlyList<IssueChange>> ApplyAsync(DeltaBatch batch)
    {
        var next = new StreamId(1_000, _laneCursor.Seq + 1);
        var applied = await Store.ApplyAsync(_token, "lane-00", _laneCursor, [new(next, batch)], CancellationToken.None);
        _laneCursor = next;
        var json = System.Text.Json.JsonSerializer.Serialize(applied.Changed, System.Text.Json.JsonSerializerOptions.Web);
        await App.Services.GetRequiredService<RedisConnection>().PublishAsync("ep:changes", json);
        return applied.Changed;
    }

    /// <summary>Applies the commands that have arrived in Redis; how many.</summary>
    public async Task<int> ApplyCommandsAsync()
    {
        var entries = await App.Services.GetRequiredService<CommandStream>().ReadAfterAsync(_commandCursor, 100);
        if (entries.Count == 0)
            return 0;
        var commands = entries.Select(e => new CommandEntry(
            e.Id, System.Text.Json.JsonSerializer.Deserialize(e.Data, ContractsJson.Default.StoreCommand)!)).ToList();
        await Store.ApplyCommandsAsync(_token, _commandCursor, commands, CancellationToken.None);
        _commandCursor = entries[^1].Id;
        return entries.Count;
    }

    /// <summary>Plays the writer until the work that waits for it is done.</summary>
    public async Task ApplyingAsync(Task working)
    {
        while (!working.IsCompleted)
        {
            if (await ApplyCommandsAsync() == 0)
                await Task.Yield();
        }
    }

    public Task FlushRedisAsync() => App.Services.GetRequiredService<RedisConnection>().ExecuteAsync("FLUSHALL");

    public Visitor Visit() => new(Url);

    public async Task<Visitor> VisitSignedInAsync()
    {
        var visitor = Visit();
        using var answer = await visitor.SignInAsync(Email, Password);
        answer.StatusCode.Should().Be(HttpStatusCode.Redirect);
        return visitor;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAppAsync();
        await Store.DisposeAsync();
        await Redis.DisposeAsync();
        _folder.Dispose();
    }

    private async Task StopAppAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
    }

    private async Task StartAppAsync()
    {
        App = Dashboard.Build([.. _settings]);
        await App.StartAsync();
        Url = new(App.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }
}
