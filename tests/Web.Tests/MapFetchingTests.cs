using System.Collections.Concurrent;
using System.Net;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;
using ErrorPipeline.Web.SourceMaps.Fetching;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ErrorPipeline.Web.Tests;

/// <summary>The service that watches issues change: a real dashboard, store and Redis, and a site on this machine.</summary>
public sealed class MapFetchingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ConcurrentQueue<string> _asked = new();
    private WebSite _server = null!;
    private SiteReader _reader = null!;
    private MapFetching _fetching = null!;
    private string _origin = "";
    private int _samples;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await WebSite.StartAsync(http =>
        {
            _asked.Enqueue(http.Request.Path);
            return http.Response.WriteAsync(http.Request.Path.Value!.EndsWith(".map", StringComparison.Ordinal)
                ? """{"version":3,"sources":["a.ts"],"names":[],"mappings":"AAAA"}"""
                : $"f()\n//# sourceMappingURL={Path.GetFileName(http.Request.Path)}.map");
        });
        _origin = _server.Url;

        var services = Shared.Rig.App.Services;
        _reader = new([IPAddress.Loopback]);
        _fetching = new(
            services.GetRequiredService<RedisConnection>(), services.GetRequiredService<IConfigStore>(), services.GetRequiredService<IErrorReader>(), Artifacts,
            new(_reader, Artifacts, TimeProvider.System), TimeProvider.System, NullLogger<MapFetching>.Instance);
        await _fetching.StartAsync(CancellationToken.None);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _fetching.StopAsync(CancellationToken.None);
        _fetching.Dispose();
        _reader.Dispose();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task Issue_OfAnAllowedOrigin_GetsItsMapOnce()
    {
        var project = await ProjectAsync(_origin);
        await ErrorAsync(project, "/once.js");
        await FetchedAsync(project, 1);
        await ErrorAsync(project, "/once.js");
        await ErrorAsync(project, "/later.js");
        await FetchedAsync(project, 2);

        (await Artifacts.MatchAsync([new(project, "1.4.2", _origin + "/once.js")], default))[0].MapHash.Should().NotBeNull();
        _fetching.Results(project).Should().OnlyContain(result => result.Problem == null);
        _asked.Count(path => path == "/once.js").Should().Be(1, "a file of a release is asked for once");
    }

    [Test]
    public async Task Issue_OfAProjectThatNamesNoOrigin_IsLeftAlone()
    {
        await ErrorAsync(await ProjectAsync(), "/unasked.js");
        await ErrorAsync(await ProjectAsync("https://other.test"), "/unasked.js");
        var last = await ProjectAsync(_origin);
        await ErrorAsync(last, "/asked.js");
        await FetchedAsync(last, 1);

        _asked.Should().Contain("/asked.js").And.NotContain("/unasked.js");
    }

    [Test]
    public async Task Issue_WithoutRelease_IsLeftAlone()
    {
        var project = await ProjectAsync(_origin);
        await ErrorAsync(project, "/unreleased.js", release: null);
        await ErrorAsync(project, "/released.js");
        await FetchedAsync(project, 1);

        _asked.Should().Contain("/released.js").And.NotContain("/unreleased.js");
    }

    [Test]
    public async Task Dashboard_AsItRuns_RefusesThisMachineAndSaysSo()
    {
        var own = Shared.Rig.App.Services.GetRequiredService<MapFetching>();
        var project = await ProjectAsync("http://localhost");
        await ErrorAsync(project, "/app.js", origin: "http://localhost");
        await Deadline.Until(() => own.Results(project).Count == 1, Patience);

        own.Results(project)[0].Should().BeEquivalentTo(new { File = "http://localhost/app.js", Problem = "localhost is not fetched from: its address is not a public one." });
        (await Shared.Ann.ReadAsync($"/projects/{project}/source-maps")).Should().Contain("localhost is not fetched from: its address is not a public one.");
    }

    private static IArtifactStore Artifacts => Shared.Rig.App.Services.GetRequiredService<IArtifactStore>();

    private static async Task<int> ProjectAsync(params string[] origins)
    {
        var project = await Shared.ProjectAsync();
        await Shared.Rig.Config.SetPolicyAsync(project, new() { FetchOrigins = origins }, default);
        return project;
    }

    private async Task ErrorAsync(int project, string path, string? release = "1.4.2", string? origin = null)
    {
        var sample = Some.Sample($"fetch{++_samples}");
        var frame = new StackFrame { Function = "e", File = (origin ?? _origin) + path, Line = 1, Column = 1, InApp = true };
        await Shared.Rig.ApplyAsync(Some.Delta(project, $"fetch{_samples}", samples: sample with
        {
            Error = new() { Type = "TypeError", Message = "x", Frames = [frame], Causes = [] },
            Context = sample.Context with { Release = release },
        }));
    }

    private Task FetchedAsync(int project, int files) =>
        Deadline.Until(() => _fetching.Results(project).Count == files, Patience, () => string.Join('\n', _fetching.Results(project)));
}
