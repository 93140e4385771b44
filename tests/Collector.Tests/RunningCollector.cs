using System.Net;
using System.Text;
using System.Text.Json;
using ErrorPipeline.Collector.Forwarding;
using ErrorPipeline.Collector.Serving;
using ErrorPipeline.Collector.Spool;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ErrorPipeline.Collector.Tests;

/// <summary>The whole collector in this process, on a real port and a real log. Without a Redis given it has none.</summary>
internal sealed class RunningCollector : IAsyncDisposable
{
    public const string NoRedis = "127.0.0.1:1";

    private readonly WebApplication _app;
    private readonly TempFolder? _own;

    private RunningCollector(WebApplication app, TempFolder? own)
    {
        _app = app;
        _own = own;
        Url = new(app.Urls.First());
        Http = new() { BaseAddress = Url };
    }

    public Uri Url { get; }
    public HttpClient Http { get; }
    public WriteAheadLog Log => _app.Services.GetRequiredService<WriteAheadLog>();
    public Forwarder Forwarder => _app.Services.GetRequiredService<Forwarder>();

    /// <param name="folder">Of the log and the configuration; without it one that goes with the collector.</param>
    public static async Task<RunningCollector> StartAsync(
        string? folder = null, string? redis = null, bool configured = true, Action<IServiceCollection>? change = null, params string[] settings)
    {
        var own = folder is null ? new TempFolder() : null;
        folder ??= own!.Path;
        if (configured)
            await ConfigureAsync(folder);
        var app = CollectorApp.Build(
            [
                "--Urls", "http://127.0.0.1:0", "--LogLevel", "Fatal", "--Redis", redis ?? NoRedis, "--Collector:LogDirectory", folder,
                "--Collector:EventsPerMinutePerClient", "0", "--Collector:ForwardAtStop", redis is null ? "0:0:0" : "0:0:1", .. settings,
            ],
            change);
        await app.StartAsync();
        return new(app, own);
    }

    /// <summary>Leaves <see cref="Some.Config"/> as the last known good configuration.</summary>
    public static Task ConfigureAsync(string folder) => File.WriteAllBytesAsync(
        Path.Combine(folder, "config.json"), JsonSerializer.SerializeToUtf8Bytes(Some.Config, ContractsJson.Default.ConfigSnapshot));

    public static StringContent Json(string body) => new(body, Encoding.UTF8, "text/plain");

    public Task<HttpResponseMessage> PostAsync(string body, string key = Some.Key) => Http.PostAsync(PathOf(key), Json(body));

    public static Uri PathOf(string key) => new($"/api/{key}/events", UriKind.Relative);

    /// <summary>The ids of an answer that took all.</summary>
    public static async Task<List<string>> IdsAsync(HttpResponseMessage answer)
    {
        answer.StatusCode.Should().Be(HttpStatusCode.Accepted);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return [.. json.RootElement.GetProperty("data").GetProperty("ids").EnumerateArray().Select(id => id.GetString()!)];
    }

    /// <summary>The events of all lanes that the log holds.</summary>
    public List<RawError> Logged() => [.. Enumerable.Range(0, 2).SelectMany(lane => TestLog.Read(Log.Folder, lane))];

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _own?.Dispose();
    }
}
