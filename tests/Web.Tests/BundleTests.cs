using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ErrorPipeline.Shared.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace ErrorPipeline.Web.Tests;

/// <summary>Artifact bundles by the requests of sentry-cli, whole, odd and hostile. The real clients are tried in tests/EndToEnd.</summary>
public sealed class BundleTests
{
    private const string Map = """{"version":3,"sources":["a.ts"],"names":[],"mappings":"AAAA","debug_id":"85314830-023f-4cf1-a267-535f4e37bb17"}""";
    private int _project;

    [SetUp]
    public async Task SetUp() => _project = await Shared.ProjectAsync();

    [Test]
    public async Task Bundle_IsTakenInParts()
    {
        var bundle = Zip(Manifest(("files/a.js", "minified_source", "~/a.js"), ("files/a.js.map", "source_map", "~/a.js.map")), ("files/a.js", "f()"), ("files/a.js.map", Map));
        byte[][] parts = [bundle[..100], bundle[100..200], bundle[200..]];
        var order = Order(Hash(bundle), [.. parts.Select(Hash)]);
        (await AssembleAsync(order)).Should().Match($"*not_found*{Hash(parts[0])}*{Hash(parts[1])}*{Hash(parts[2])}*");

        await SendPartsAsync(parts);
        (await AssembleAsync(order)).Should().Contain("\"state\":\"ok\"");
        (await ListAsync()).Select(a => (a.Url, a.Kind, a.Release, a.DebugId)).Should().BeEquivalentTo(new (string, ArtifactKind, string, Guid?)[]
        {
            ("~/a.js", ArtifactKind.Minified, "1.0", null), ("~/a.js.map", ArtifactKind.Map, "1.0", Guid.Parse("85314830-023f-4cf1-a267-535f4e37bb17")),
        });
    }

    [Test]
    public async Task Bundle_OfTheOlderRoad_IsOfTheReleaseInTheAddress()
    {
        var bundle = Zip(Manifest(("a.js.map", "source_map", "~/a.js.map")), ("a.js.map", Map));
        await SendPartsAsync(bundle);
        var text = await PostAsync("releases/shop%401.0%2F2/assemble/", new { checksum = Hash(bundle), chunks = new[] { Hash(bundle) }, projects = new[] { _project } });
        text.Should().Contain("\"state\":\"ok\"");
        (await ListAsync()).Single().Release.Should().Be("shop@1.0/2");
    }

    [Test]
    public async Task Map_ThatCannotBeDecoded_IsKeptWithTheReason()
    {
        await UploadAsync(Zip(Manifest(("a.js.map", "source_map", "~/a.js.map"), ("b.js.map", "source_map", "~/b.js.map")), ("a.js.map", "{\"version\":3}"), ("b.js.map", Map)), "\"state\":\"ok\"");
        var kept = await ListAsync();
        kept.Single(a => a.Url == "~/a.js.map").Problem.Should().NotBeNull();
        kept.Single(a => a.Url == "~/b.js.map").Problem.Should().BeNull();
        (await Shared.Ann.ReadAsync($"/projects/{_project}/source-maps")).Should().Contain("1 map cannot be used");
        (await Shared.Ann.ReadAsync($"/projects/{_project}/source-maps?release=1.0")).Should().Contain("Cannot be used:");
    }

    [Test]
    public async Task Names_ThatLeadOutOfTheBundle_AreNamesInsideItOnly()
    {
        const string Evil = "../../../../tmp/errorpipeline-evil.js.map";
        await UploadAsync(Zip(Manifest((Evil, "source_map", "~/a.js.map")), (Evil, Map)), "\"state\":\"ok\"");
        (await ListAsync()).Should().ContainSingle();
        File.Exists("/tmp/errorpipeline-evil.js.map").Should().BeFalse();
    }

    [Test]
    public Task Bundle_WithoutManifest_IsRefused() => UploadAsync(Zip(null, ("a.js.map", Map)), "has no manifest.json");

    [TestCase("{}", "has no files")]
    [TestCase("[]", "has no files")]
    [TestCase("{\"files\":[]}", "has no files")]
    [TestCase("not json", "is not JSON")]
    [TestCase("{\"files\":{\"gone.js\":{}}}", "names gone.js, which is not in the bundle")]
    [TestCase("{\"files\":{}}", "None of the files can ever be found")]
    public Task Manifest_OfNoUse_IsRefusedInWords(string manifest, string sentence) => UploadAsync(Zip(manifest), sentence);

    [Test]
    public Task Bundle_ThatIsNoZip_IsRefused() => UploadAsync([1, 2, 3, 4, 5], "it is not a zip");

    [Test]
    public Task Bundle_CutOff_IsRefused() => UploadAsync(Zip(Manifest(("a.js.map", "source_map", "~/a.js.map")), ("a.js.map", Map))[30..], "its zip cannot be read");

    [Test]
    public Task File_ThatIsABomb_IsRefused() =>
        UploadAsync(Zip(Manifest(("a.js", "minified_source", "~/a.js")), ("a.js", new string(' ', (64 * 1024 * 1024) + 1))), "a.js is larger than 64 MB");

    [Test]
    public async Task File_ThatIsLargerThanItSays_IsCutOffThere()
    {
        var bundle = Zip(Manifest(("a.js", "minified_source", "~/a.js")), ("a.js", new string(' ', 1_000_000)));
        // Its size in the directory: 1,000,000 becomes 10.
        var at = bundle.AsSpan().LastIndexOf(BitConverter.GetBytes(1_000_000));
        BitConverter.GetBytes(10).CopyTo(bundle, at);
        await UploadAsync(bundle, "\"state\":\"ok\"");
        (await ListAsync()).Single().Size.Should().Be(10);
    }

    [Test]
    public async Task Bundle_OfManyEntries_IsRefused()
    {
        var names = string.Join(',', Enumerable.Range(0, 10_001).Select(i => $"\"{i}\":{{}}"));
        await UploadAsync(Zip($"{{\"files\":{{{names}}}}}"), "more than 10000 files");
    }

    [Test]
    public Task Bundle_WithoutReleaseOrDebugIds_IsRefusedInWords() =>
        UploadAsync(Zip("""{"files":{"a.js":{"type":"minified_source","url":"~/a.js"}}}""", ("a.js", "f()")), "name the build by --release, or run 'sentry-cli sourcemaps inject'", version: null);

    [Test]
    public async Task Part_ThatIsNotWhatItsNameSays_IsRefused()
    {
        var text = await SendPartsAsync(HttpStatusCode.BadRequest, (Hash([1]), [2], false));
        text.Should().Contain("\"detail\":\"A part of the upload does not have the SHA-1");
        text = await SendPartsAsync(HttpStatusCode.BadRequest, (Hash([1]), new byte[100], true));
        text.Should().Contain("is not valid gzip");
        text = await SendPartsAsync(HttpStatusCode.BadRequest, ("../../etc/passwd", [1], false));
        text.Should().Contain("A part is named by its SHA-1");
        var bomb = Gzip(new byte[9 * 1024 * 1024]);
        text = await SendPartsAsync(HttpStatusCode.BadRequest, (Hash(bomb), bomb, true));
        text.Should().Contain("larger than 8 MB");
    }

    [Test]
    public async Task Part_OfAnotherToken_IsNotThere()
    {
        var bundle = Zip(Manifest(("a.js.map", "source_map", "~/a.js.map")), ("a.js.map", Map));
        await SendPartsAsync(bundle);
        var page = $"/projects/{_project}/source-maps";
        using var made = await Shared.Ann.PostAsync(page, page + "/tokens", ("name", "x"));
        var token = System.Text.RegularExpressions.Regex.Match(await made.Content.ReadAsStringAsync(), "epu_\\w{12}_\\w{40}", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)).Value;
        (await PostAsync("artifactbundle/assemble/", Order(Hash(bundle), [Hash(bundle)]), token)).Should().Contain("not_found");
    }

    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("nonsense")]
    [TestCase("""{"checksum":"x","chunks":["y"]}""")]
    [TestCase("""{"checksum":5,"chunks":{}}""")]
    public async Task Order_ThatIsNone_IsRefused(string body)
    {
        using var request = Request("artifactbundle/assemble/", DashboardRig.UploadToken);
        request.Content = new StringContent(body);
        using var visitor = Shared.Rig.Visit();
        using var answer = await visitor.Client.SendAsync(request);
        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).Should().StartWith("{\"detail\":");
    }

    private async Task UploadAsync(byte[] bundle, string answer, string? version = "1.0")
    {
        await SendPartsAsync(bundle);
        (await AssembleAsync(Order(Hash(bundle), [Hash(bundle)], version))).Should().Contain(answer);
    }

    private object Order(string checksum, string[] chunks, string? version = "1.0") => new { checksum, chunks, projects = new[] { _project.ToString(System.Globalization.CultureInfo.InvariantCulture) }, version };

    private static Task<string> AssembleAsync(object order) => PostAsync("artifactbundle/assemble/", order);

    private static async Task<string> PostAsync(string path, object body, string token = DashboardRig.UploadToken)
    {
        using var request = Request(path, token);
        request.Content = JsonContent.Create(body);
        using var visitor = Shared.Rig.Visit();
        using var answer = await visitor.Client.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }

    private static async Task SendPartsAsync(params byte[][] parts) => await SendPartsAsync(HttpStatusCode.OK, [.. parts.Select((part, i) => i % 2 == 0 ? (Hash(part), Gzip(part), true) : (Hash(part), part, false))]);

    private static async Task<string> SendPartsAsync(HttpStatusCode expected, params (string Name, byte[] Content, bool Gzip)[] parts)
    {
        using var form = new MultipartFormDataContent();
        foreach (var part in parts)
            form.Add(new ByteArrayContent(part.Content), part.Gzip ? "file_gzip" : "file", part.Name);
        using var request = Request("chunk-upload/", DashboardRig.UploadToken);
        request.Content = form;
        using var visitor = Shared.Rig.Visit();
        using var answer = await visitor.Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.Should().Be(expected, text);
        return text;
    }

    private static HttpRequestMessage Request(string path, string token) =>
        new(HttpMethod.Post, new Uri("/api/0/organizations/any/" + path, UriKind.Relative)) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };

    private Task<IReadOnlyList<Artifact>> ListAsync() => Shared.Rig.App.Services.GetRequiredService<IArtifactStore>().ListAsync(_project, 100, default);

    private static string Manifest(params (string Path, string Type, string Url)[] files) =>
        JsonSerializer.Serialize(new { files = files.ToDictionary(f => f.Path, f => new { type = f.Type, url = f.Url, headers = new Dictionary<string, string>() }) });

    private static byte[] Zip(string? manifest, params (string Name, string Content)[] files)
    {
        using var bytes = new MemoryStream();
        bytes.Write("SYSB\u0002\0\0\0"u8);
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in manifest is null ? files : [.. files, ("manifest.json", manifest)])
            {
                using var entry = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
                entry.Write(Encoding.UTF8.GetBytes(content));
            }
        }

        return bytes.ToArray();
    }

    private static byte[] Gzip(byte[] content)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
            gzip.Write(content);
        return bytes.ToArray();
    }

#pragma warning disable CA5350 // the protocol names parts so
    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA1.HashData(content));
#pragma warning restore CA5350
}
