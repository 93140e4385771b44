using System.Text;
using System.Text.Json;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Workers.Tests.Normalize.SourceMaps;

/// <summary>Each cause for which a frame stays as the browser ran it, and the one sentence that says what to change; from upload to event.</summary>
public sealed class MapDoctorTests
{
    private const string File = "https://shop.test/static/app.js";
    private const string Source = "export function pay(cart) {\n  return cart.total.amount;\n}\n";
    private static readonly Guid Build = Guid.Parse("85314830-023f-4cf1-a267-535f4e37bb17");
    private static readonly Guid Other = Guid.Parse("00000000-0000-4000-8000-000000000001");

    private TestArtifacts _artifacts = null!;

    [SetUp]
    public async Task SetUp() => _artifacts = await TestArtifacts.MigratedAsync();

    [TearDown]
    public async Task TearDown() => await _artifacts.DisposeAsync();

    [Test]
    public async Task Release_WithoutArtifacts_IsSaid()
    {
        await PutAsync("~/static/app.js.map", release: "2.0");
        (await ProblemAsync()).Should().Be("No source map was uploaded for release 1.0; the newest upload is for release 2.0.");
    }

    [Test]
    public async Task Event_WithoutRelease_IsSaid()
    {
        await PutAsync("~/static/app.js.map");
        (await ProblemAsync(release: null)).Should().Be($"The event names no release, so the source map of {File} cannot be told.");
    }

    [TestCase("~/app.js.map", "upload with the URL prefix ~/static")]
    [TestCase("~/dist/static/app.js.map", "upload it under the path that browsers load")]
    public async Task Prefix_ThatIsWrong_IsSaid(string url, string advice)
    {
        await PutAsync(url);
        (await ProblemAsync()).Should().Be($"Release 1.0 has {url}, which is another address than {File}: {advice}.");
    }

    [Test]
    public async Task Map_ForAnotherHost_IsSaid()
    {
        await PutAsync("https://other.test/static/app.js.map");
        (await ProblemAsync()).Should().Be($"Release 1.0 has https://other.test/static/app.js.map, which is for another host than {File}: upload it as ~/static/app.js.map for any host.");
    }

    [Test]
    public async Task Script_UploadedWithoutItsMap_IsSaid()
    {
        await _artifacts.Store.PutAsync([new(1, "1.0", "~/static/app.js", ArtifactKind.Minified, "f()"u8.ToArray()) { MapUrl = "app.js.map" }], DateTimeOffset.UnixEpoch, default);
        (await ProblemAsync()).Should().Be($"The file {File} was uploaded for release 1.0, but not its source map app.js.map.");
    }

    [Test]
    public async Task Line_BeyondTheMap_IsSaid()
    {
        await PutAsync("~/static/app.js.map");
        (await ProblemAsync(line: 7)).Should().Be($"The source map of {File} describes 1 line, but the frame is on line 7: the map is for another build or another file.");
    }

    [Test]
    public async Task Column_BeyondTheLine_IsSaid()
    {
        await PutAsync("~/static/app.js.map");
        (await ProblemAsync(column: 48_211)).Should().Be(
            $"Column 48211 is far beyond column 41, the last that the source map of {File} knows of line 1: the map is for another build.");
        (await NormalizeAsync("1.0", 1, 90, null)).Error.Frames[0].File.Should().Be("src/pay.js", "a line goes on for a while after its last mapping");
    }

    [Test]
    public async Task Column_BeforeTheFirstMapping_IsSaid()
    {
        await PutAsync("~/static/app.js.map");
        (await ProblemAsync(column: 3)).Should().Be($"Column 3 is before the first mapping of line 1 in the source map of {File}.");
    }

    [Test]
    public async Task DebugId_ThatDiffers_IsSaid()
    {
        await PutAsync("~/static/app.js.map", debugId: Build);
        (await ProblemAsync(debugId: Other)).Should().Be($"The source map of {File} has the debug id {Build}, the file itself {Other}: the map is for another build.");
    }

    [Test]
    public async Task DebugId_OfAnotherUploadedScript_IsSaid()
    {
        await _artifacts.Store.PutAsync([new(1, "1.0", "~/static/app.js", ArtifactKind.Minified, "f()"u8.ToArray()) { DebugId = Build }], DateTimeOffset.UnixEpoch, default);
        (await ProblemAsync(debugId: Other)).Should().Be(
            $"The page ran {File} with the debug id {Other}, but the one uploaded for release 1.0 has {Build}: it is of another build.");
    }

    [Test]
    public async Task Map_ThatIsBroken_IsSaid()
    {
        await _artifacts.Store.PutAsync([new(1, "1.0", "~/static/app.js.map", ArtifactKind.Map, "{\"version\":3}"u8.ToArray()) { Problem = "kept from a bundle" }], DateTimeOffset.UnixEpoch, default);
        (await ProblemAsync()).Should().StartWith($"The source map of {File} cannot be used: ").And.EndWith(".");
    }

    [TestCase("../src/pay.js", "~/src/pay.js")]
    [TestCase("webpack://shop/./src/pay.js", "~/src/pay.js")]
    [TestCase("webpack://shop/./src/pay.js", "https://any.test/src/pay.js", false)]
    [TestCase("src/pay.js", "~/static/src/pay.js")]
    public async Task Source_UploadedBesideAMapWithoutIt_IsShown(string source, string url, bool found = true)
    {
        await PutAsync("~/static/app.js.map", source: source, content: null);
        var before = (await NormalizeAsync("1.0", 1, 21, null)).Error.Frames[0];
        await _artifacts.Store.PutAsync([new(1, "1.0", url, ArtifactKind.Source, Encoding.UTF8.GetBytes(Source))], DateTimeOffset.UnixEpoch, default);
        var after = (await NormalizeAsync("1.0", 1, 21, null)).Error.Frames[0];

        before.Should().BeEquivalentTo(new { File = "src/pay.js", Line = 2, Context = (FrameContext?)null });
        after.Context?.Line.Should().Be("  return cart.total.amount;");
        (after.Context is not null).Should().Be(found);
        after.Function.Should().Be(found ? "pay" : "e", "the text tells the function, too");
    }

    /// <summary>Column 5 is where <c>pay</c> begins, 11 its access of <c>total</c>, 41 its end.</summary>
    private Task PutAsync(string url, string release = "1.0", Guid? debugId = null, string source = "../src/pay.js", string? content = Source)
    {
        var map = JsonSerializer.SerializeToUtf8Bytes(new
        {
            version = 3,
            sources = new[] { source },
            sourcesContent = content is null ? [] : new[] { content },
            names = Array.Empty<string>(),
            mappings = "IAAA,MACE,8BACF",
            debugId,
        });
        return _artifacts.Store.PutAsync([new(1, release, url, ArtifactKind.Map, map) { DebugId = debugId }], DateTimeOffset.UnixEpoch, default);
    }

    private async Task<string?> ProblemAsync(string? release = "1.0", int line = 1, int column = 11, Guid? debugId = null)
    {
        var frame = (await NormalizeAsync(release, line, column, debugId)).Error.Frames[0];
        frame.Should().BeEquivalentTo(new { File, Line = line, Column = column, Generated = (GeneratedPlace?)null });
        return frame.MapProblem;
    }

    private Task<NormalizedError> NormalizeAsync(string? release, int line, int column, Guid? debugId) => _artifacts.NormalizeAsync("native", new
    {
        type = "TypeError",
        message = "x",
        stack = $"TypeError: x\n    at e ({File}:{line}:{column})",
        release,
        debugIds = debugId is null ? [] : new Dictionary<string, Guid> { [File] = debugId.Value },
    });
}
