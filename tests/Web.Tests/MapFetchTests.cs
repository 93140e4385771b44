using System.Net;
using System.Text;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Storage.Sqlite;
using ErrorPipeline.Web.SourceMaps.Fetching;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ErrorPipeline.Web.Tests;

/// <summary>Maps fetched from a real site on this machine, which the reader is told to count as public; and how everything else is refused.</summary>
public sealed class MapFetchTests
{
    private const string Map = """{"version":3,"sources":["a.ts"],"names":[],"mappings":"AAAA"}""";
    private readonly Dictionary<string, Func<HttpContext, Task>> _site = new(StringComparer.Ordinal);
    private readonly List<string> _asked = [];
    private TempFolder _folder = null!;
    private SqliteArtifactStore _store = null!;
    private WebSite _server = null!;
    private string _origin = "";

    [SetUp]
    public async Task SetUp()
    {
        _folder = new();
        _store = new(_folder["artifacts.db"]);
        await _store.MigrateAsync(default);
        _site.Clear();
        _asked.Clear();
        _server = await WebSite.StartAsync(http =>
        {
            lock (_asked)
                _asked.Add(http.Request.Path);
            if (_site.TryGetValue(http.Request.Path, out var answer))
                return answer(http);
            http.Response.StatusCode = 404;
            return Task.CompletedTask;
        });
        _origin = _server.Url;
    }

    [TearDown]
    public async Task TearDown()
    {
        await _server.DisposeAsync();
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Script_ThatNamesItsMap_IsKeptWithIt()
    {
        Serve("/js/app.js", "f()\n//# sourceMappingURL=../maps/app.map");
        Serve("/maps/app.map", Map);
        await FetchAsync("/js/app.js");
        await FoundAsync("/js/app.js");
    }

    [Test]
    public async Task Script_WhoseMapTheHeaderNames_IsKeptWithIt()
    {
        _site["/app.js"] = http =>
        {
            http.Response.Headers["SourceMap"] = "/hidden.map";
            return http.Response.WriteAsync("f()");
        };
        Serve("/hidden.map", Map);
        await FetchAsync("/app.js");
        await FoundAsync("/app.js");
    }

    [Test]
    public async Task Script_ThatHoldsItsMap_IsKept()
    {
        Serve("/app.js", "f()\n//# sourceMappingURL=data:application/json;base64," + Convert.ToBase64String(Encoding.UTF8.GetBytes(Map)));
        await FetchAsync("/app.js");
        await FoundAsync("/app.js");
    }

    [Test]
    public async Task Script_ThatRedirectsWithinItsOrigin_IsFollowed()
    {
        Redirect("/app.js", "/v2/app.js");
        Serve("/v2/app.js", "f()\n//# sourceMappingURL=app.js.map");
        Serve("/v2/app.js.map", Map);
        await FetchAsync("/app.js");
        await FoundAsync("/app.js");
    }

    [Test]
    public async Task Redirect_ToAnotherOrigin_IsRefusedUnasked()
    {
        Redirect("/app.js", "http://169.254.169.254/latest/meta-data/");
        await RefusedAsync("/app.js", "http://169.254.169.254/latest/meta-data/ is not fetched: its origin is not among those that the project allows.");
    }

    [Test]
    public async Task Redirects_WithoutEnd_AreRefused()
    {
        Redirect("/app.js", "/app.js");
        await RefusedAsync("/app.js", "*redirects too often.");
        _asked.Should().HaveCount(4);
    }

    [Test]
    public async Task Map_OfAnotherOrigin_IsRefusedUnasked()
    {
        Serve("/app.js", "f()\n//# sourceMappingURL=http://localhost/app.map");
        await RefusedAsync("/app.js", "http://localhost/app.map is not fetched: its origin*");
    }

    [TestCase("file:///etc/passwd")]
    [TestCase("ftp://127.0.0.1/app.map")]
    public async Task Map_OfAnotherScheme_IsRefused(string address)
    {
        Serve("/app.js", "f()\n//# sourceMappingURL=" + address);
        await RefusedAsync("/app.js", "*by no address that can be fetched.");
    }

    [Test]
    public async Task File_ThatNeverEnds_IsCutOff()
    {
        _site["/app.js"] = async http =>
        {
            var much = new byte[1024 * 1024];
            while (!http.RequestAborted.IsCancellationRequested)
                await http.Response.Body.WriteAsync(much, http.RequestAborted);
        };
        await RefusedAsync("/app.js", "*is larger than 32 MB.");
    }

    [Test]
    public async Task File_ThatIsSmallOnlyWhilePacked_IsCutOff()
    {
        _site["/app.js"] = async http =>
        {
            http.Response.Headers.ContentEncoding = "gzip";
            await using var gzip = new System.IO.Compression.GZipStream(http.Response.Body, System.IO.Compression.CompressionLevel.Optimal);
            var much = new byte[1024 * 1024];
            for (var i = 0; i < 40; i++)
                await gzip.WriteAsync(much);
        };
        await RefusedAsync("/app.js", "*is larger than 32 MB.");
    }

    [Test]
    public async Task Map_ThatIsNone_IsRefusedAndNothingKept()
    {
        Serve("/app.js", "f()\n//# sourceMappingURL=app.map");
        Serve("/app.map", "<!doctype html>");
        var fetching = () => FetchAsync("/app.js");
        await fetching.Should().ThrowAsync<ErrorPipeline.Shared.SourceMaps.SourceMapException>();
        (await _store.ListAsync(1, 10, default)).Should().BeEmpty();
    }

    [TestCase("http://127.0.0.1")]
    [TestCase("http://localhost")]
    [TestCase("http://[::1]")]
    [TestCase("http://[::ffff:127.0.0.1]")]
    [TestCase("http://2130706433")]
    [TestCase("http://0x7f.1")]
    public async Task Address_OfThisMachine_IsNotConnectedTo(string host)
    {
        Serve("/app.js", "f()");
        using var reader = new SiteReader([]);
        var reading = () => reader.ReadAsync(new Uri($"{host}:{new Uri(_origin).Port}/app.js"), _ => true, CancellationToken.None);
        (await reading.Should().ThrowAsync<ArtifactRefusedException>()).WithMessage("*is not fetched from: its address is not a public one.");
        _asked.Should().BeEmpty();
    }

    [TestCase("https://cdn.example.com", true)]
    [TestCase("https://CDN.example.com/", true)]
    [TestCase("https://cdn.example.com:8443", false)]
    [TestCase("https://cdn.example.com/js", false)]
    [TestCase("https://user@cdn.example.com", false)]
    [TestCase("ftp://cdn.example.com", false)]
    [TestCase("cdn.example.com", false)]
    public void Origins_AreOrigins(string text, bool taken) => (FetchOrigins.Read(text).Problem is null).Should().Be(taken);

    [Test]
    public void Origin_WithAPort_IsNotTheAllowedOne()
    {
        FetchOrigins.Allows(["https://cdn.example.com"], new("https://cdn.example.com/a.js")).Should().BeTrue();
        FetchOrigins.Allows(["https://cdn.example.com"], new("https://cdn.example.com:6379/a.js")).Should().BeFalse();
        FetchOrigins.Allows(["https://cdn.example.com"], new("http://cdn.example.com/a.js")).Should().BeFalse();
        FetchOrigins.Allows(null, new("https://cdn.example.com/a.js")).Should().BeFalse();
    }

    private void Serve(string path, string text) => _site[path] = http => http.Response.WriteAsync(text);

    private void Redirect(string path, string to) => _site[path] = http =>
    {
        http.Response.Redirect(to);
        return Task.CompletedTask;
    };

    private async Task FetchAsync(string path)
    {
        using var reader = new SiteReader([IPAddress.Loopback]);
        await new MapFetch(reader, _store, TimeProvider.System).RunAsync(
            1, "1.0", new(_origin + path), address => address.GetLeftPart(UriPartial.Authority) == _origin, CancellationToken.None);
    }

    private async Task FoundAsync(string path)
    {
        var match = (await _store.MatchAsync([new(1, "1.0", _origin + path)], default)).Single();
        match.Problem.Should().BeNull();
        Encoding.UTF8.GetString((await _store.ReadAsync(match.MapHash!, default))!).Should().NotBeEmpty();
    }

    private async Task RefusedAsync(string path, string sentence)
    {
        var fetching = () => FetchAsync(path);
        (await fetching.Should().ThrowAsync<ArtifactRefusedException>()).WithMessage(sentence);
        (await _store.ListAsync(1, 10, default)).Should().BeEmpty();
    }
}
