using System.Diagnostics;
using System.Net;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.SourceMaps.Fetching;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ErrorPipeline.Web.Tests;

/// <summary>Names, redirects and clocks of sites that want more than their scripts read.</summary>
public sealed class SiteReaderTests
{
    private readonly List<string> _asked = [];
    private readonly CancellationTokenSource _over = new();
    private WebSite _server = null!;
    private int _port;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await WebSite.StartAsync(async http =>
        {
            lock (_asked)
                _asked.Add($"{http.Request.Host.Host}{http.Request.Path}");
            if (http.Request.Path == "/never")
                await Task.Delay(Timeout.InfiniteTimeSpan, _over.Token);
            if (http.Request.Path == "/drip")
            {
                await http.Response.WriteAsync("a", http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
                await Task.Delay(Timeout.InfiniteTimeSpan, _over.Token);
            }

            if (http.Request.Path == "/inside")
                http.Response.Redirect($"http://inside.test:{_port}/secret");
            await http.Response.WriteAsync("ok");
        });
        _port = new Uri(_server.Url).Port;
    }

    [SetUp]
    public void Forget() => _asked.Clear();

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _over.CancelAsync();
        await _server.DisposeAsync();
        _over.Dispose();
    }

    [Test]
    public async Task Name_WithOneAddressInside_IsNotConnectedTo()
    {
        using var reader = new SiteReader([IPAddress.Loopback], (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback, IPAddress.Parse("10.0.0.5")]));
        await RefusedAsync(reader, $"http://site.test:{_port}/app.js", "site.test is not fetched from: its address is not a public one.");
        _asked.Should().BeEmpty();
    }

    [Test]
    public async Task Name_ThatChangesItsMind_IsAskedOnceAndThatAddressConnectedTo()
    {
        var resolved = 0;
        using var reader = new SiteReader([IPAddress.Loopback], (_, _) => Task.FromResult<IPAddress[]>([resolved++ == 0 ? IPAddress.Loopback : IPAddress.Parse("169.254.169.254")]));
        var file = await reader.ReadAsync(new($"http://site.test:{_port}/app.js"), _ => true, CancellationToken.None);

        file.Content.Should().Equal("ok"u8.ToArray());
        resolved.Should().Be(1);
        _asked.Should().Equal("site.test/app.js");
    }

    [Test]
    public async Task Redirect_ToANameInside_IsResolvedAndJudgedAnew()
    {
        using var reader = new SiteReader(
            [IPAddress.Loopback], (name, _) => Task.FromResult<IPAddress[]>([name == "inside.test" ? IPAddress.Parse("fd00::1") : IPAddress.Loopback]));
        await RefusedAsync(reader, $"http://site.test:{_port}/inside", "inside.test is not fetched from: its address is not a public one.");
        _asked.Should().Equal("site.test/inside");
    }

    [Test]
    public async Task Name_ThatIsNotKnown_IsToldInASentence()
    {
        using var reader = new SiteReader([], (_, _) => throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.HostNotFound));
        await RefusedAsync(reader, $"http://nosuch.test:{_port}/app.js", $"http://nosuch.test:{_port}/app.js cannot be fetched.");
    }

    [TestCase("/never")]
    [TestCase("/drip")]
    public async Task File_ThatDoesNotCome_IsGivenUp(string path)
    {
        using var reader = new SiteReader([IPAddress.Loopback]) { Patience = TimeSpan.FromMilliseconds(300) };
        var clock = Stopwatch.StartNew();
        await RefusedAsync(reader, $"http://127.0.0.1:{_port}{path}", $"http://127.0.0.1:{_port}{path} did not come within 0.3 seconds.");
        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(10));
        new SiteReader([]).Patience.Should().Be(TimeSpan.FromSeconds(20));
    }

    private static async Task RefusedAsync(SiteReader reader, string address, string sentence)
    {
        var reading = () => reader.ReadAsync(new(address), _ => true, CancellationToken.None);
        (await reading.Should().ThrowAsync<ArtifactRefusedException>()).WithMessage(sentence);
    }
}
