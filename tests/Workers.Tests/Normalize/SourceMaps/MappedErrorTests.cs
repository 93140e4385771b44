using System.Text;
using System.Text.Json;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Storage.Sqlite;
using ErrorPipeline.Workers.Normalize;
using ErrorPipeline.Workers.Normalize.Policies;
using ErrorPipeline.Workers.Normalize.SourceMaps;
using ErrorPipeline.Workers.Pumping;

namespace ErrorPipeline.Workers.Tests.Normalize.SourceMaps;

/// <summary>
/// Two builds of one small shop by esbuild (tests/Corpus/shop-build: the sources of the first, both bundles and their maps), with the
/// stacks that V8 and SpiderMonkey give for them: from the store of artifacts through loader and stage.
/// </summary>
public sealed class MappedErrorTests
{
    private const string First = "app.1a2b3c4d.js";
    private const string Second = "app.5e6f7a8b.js";
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(Some.Time);

    private readonly NormalizeStage _stage = new();
    private TestArtifacts _artifacts = null!;
    private MapLoader _loader = null!;

    [SetUp]
    public async Task SetUp()
    {
        _artifacts = await TestArtifacts.MigratedAsync();
        _loader = new(_artifacts.Reader, _stage.Files, new PumpOptions(), TimeProvider.System);
    }

    [TearDown]
    public async Task TearDown() => await _artifacts.DisposeAsync();

    [Test]
    public async Task Error_OfAMinifiedBuild_IsShownWhereItWasWritten()
    {
        await UploadAsync("1.0", First);
        var error = await NormalizeAsync("1.0", V8(First, "e", 55, "r", 136));

        error.Culprit.Should().Be("totalOf in src/cart.ts");
        var newest = error.Error.Frames[0];
        newest.Should().BeEquivalentTo(new
        {
            Function = "totalOf",
            File = "src/cart.ts",
            Line = 6,
            InApp = true,
            MapProblem = (string?)null,
            Generated = new GeneratedPlace($"https://shop.test/static/{First}", 1, 55, "e"),
        });
        newest.Context!.Line.Should().Be("    sum += item.price!.amount;");
        newest.Context.Pre[^1].Should().Be("  for (const item of items) {");
        newest.Context.Post[0].Should().Be("  }");
        error.Error.Frames[1].Should().BeEquivalentTo(new { Function = "checkout", File = "src/main.ts", Line = 6 });
        error.Grouping.Tokens.Should().Equal(
            "type: TypeError", "message: Cannot access property 'amount' of null", "frame: totalOf in src/cart.ts", "frame: checkout in src/main.ts");
        error.Context.Class.Should().Be("ours");
    }

    [Test]
    public async Task Error_OfARebuildAndOfAnotherBrowser_IsTheSameIssue()
    {
        await UploadAsync("1.0", First);
        await UploadAsync("2.0", Second);

        var one = await NormalizeAsync("1.0", V8(First, "e", 55, "r", 136));
        var rebuilt = await NormalizeAsync("2.0", V8(Second, "o", 55, "c", 177));
        var gecko = await NormalizeAsync("2.0", $"o@https://shop.test/static/{Second}:1:55\nc@https://shop.test/static/{Second}:1:177\n");

        rebuilt.Grouping.Fingerprint.Should().Be(one.Grouping.Fingerprint);
        rebuilt.Error.Frames[0].Line.Should().Be(9, "the second build has three more lines above");
        gecko.Error.Frames[0].Function.Should().Be("totalOf");
        gecko.Grouping.Tokens.Should().Equal(one.Grouping.Tokens);
    }

    [Test]
    public async Task Error_WithoutMap_StaysMinifiedAndSaysWhyOfOwnFramesOnly()
    {
        var stack = V8(First, "e", 55, "r", 136) + "\n    at x (chrome-extension://abc/x.js:1:1)";
        (await NormalizeAsync("1.0", stack)).Error.Frames.Should().OnlyContain(f => f.MapProblem == null, "a project without any maps misses none");

        await UploadAsync("2.0", Second);
        var error = await NormalizeAsync("1.0", stack);

        error.Error.Frames.Select(f => f.MapProblem).Should().Equal("No source map was uploaded for release 1.0; the newest upload is for release 2.0.", "No source map was uploaded for release 1.0; the newest upload is for release 2.0.", null);
        error.Error.Frames[0].Function.Should().Be("e");
    }

    [Test]
    public async Task Map_UploadedBetweenTwoEvents_IsUsedForTheSecond()
    {
        await UploadAsync("2.0", Second);
        var before = await NormalizeAsync("1.0", V8(First, "e", 55, "r", 136));
        await UploadAsync("1.0", First);
        var after = await NormalizeAsync("1.0", V8(First, "e", 55, "r", 136));
        var again = await NormalizeAsync("1.0", V8(First, "e", 55, "r", 136));

        before.Error.Frames[0].Generated.Should().BeNull();
        after.Error.Frames[0].Function.Should().Be("totalOf");
        again.Error.Should().BeSameAs(after.Error, "the symbolicated error is kept like the parsed one");
    }

    [Test]
    public async Task Source_WithASecret_IsScrubbed()
    {
        var map = (await File.ReadAllTextAsync(Built(First + ".map"))).Replace("sum += item.price!.amount;", "login('ann@example.com');  ", StringComparison.Ordinal);
        await PutAsync("1.0", $"~/static/{First}.map", Encoding.UTF8.GetBytes(map));
        var error = await NormalizeAsync("1.0", V8(First, "e", 55, "r", 136));

        error.Error.Frames[0].Context!.Line.Should().Contain("login(");
        JsonSerializer.Serialize(error, ContractsJson.Default.NormalizedError).Should().NotContain("ann@example.com");
    }

    [Test]
    public async Task Store_ThatIsDamaged_HoldsNoEventUp()
    {
        await File.WriteAllBytesAsync(_artifacts.Folder["damaged.db"], new byte[8192]);
        await using var damaged = new SqliteArtifactReader(_artifacts.Folder["damaged.db"]);
        var facts = await new MapLoader(damaged, _stage.Files, new PumpOptions(), TimeProvider.System).LoadAsync([Event("1.0", "")], PolicySet.Usual, default);
        facts.Files.Should().BeEmpty();
    }

    [Test]
    public async Task Batch_WithAnEventThatCannotBeRead_GetsTheMapsOfTheOthers()
    {
        await UploadAsync("1.0", First);
        var good = Event("1.0", V8(First, "e", 55, "r", 136));
        var maps = await _loader.LoadAsync([good with { Protocol = "martian" }, good], PolicySet.Usual, default);

        _stage.Normalize(good, new(maps, PolicySet.Usual)).Single().Error.Frames[0].Function.Should().Be("totalOf");
    }

    [TestCase("webpack://shop/./src/cart.ts?a1b2", "src/cart.ts")]
    [TestCase("webpack:///./src/cart.ts", "src/cart.ts")]
    [TestCase("../../src/cart.ts", "src/cart.ts")]
    [TestCase("webpack:////./src/cart.ts", "src/cart.ts")]
    [TestCase("/./src/cart.ts", "src/cart.ts")]
    [TestCase("/../src/cart.ts", "src/cart.ts")]
    [TestCase("webpack-internal:///./src/cart.ts", "src/cart.ts")]
    [TestCase("webpack:///(app-pages-browser)/./src/cart.ts", "src/cart.ts")]
    [TestCase("webpack://shop/./node_modules/ts-loader/index.js??ruleSet[1]!./src/cart.vue?vue&type=script&lang=ts", "src/cart.vue")]
    [TestCase("webpack://shop/./src/main.ts + 3 modules", "src/main.ts")]
    [TestCase("webpack://shop/src/lib/../cart.ts", "src/cart.ts")]
    [TestCase("turbopack:///[project]/src/cart.ts", "src/cart.ts")]
    [TestCase("ng:///shop/src/cart.ts", "shop/src/cart.ts")]
    [TestCase("file:///home/build/src/cart.ts", "/home/build/src/cart.ts")]
    [TestCase("/@fs/home/build/src/cart.ts", "/home/build/src/cart.ts")]
    [TestCase("..\\..\\src\\cart.ts", "src/cart.ts")]
    [TestCase("src/cart.ts?t=1700000000000", "src/cart.ts")]
    [TestCase("src/a!b.ts!", "src/a!b.ts!")]
    [TestCase("src/cart.ts", "src/cart.ts")]
    [TestCase("https://shop.test/src/cart.ts", "https://shop.test/src/cart.ts")]
    [TestCase("../", "../")]
    public void Source_OfAnyBundler_HasOneName(string source, string tidy) => OriginalFile.Tidy(source).Should().Be(tidy);

    private static string V8(string file, string inner, int column, string outer, int outerColumn) =>
        $"TypeError: Cannot read properties of null (reading 'amount')\n    at {inner} (https://shop.test/static/{file}:1:{column})\n    at {outer} (https://shop.test/static/{file}:1:{outerColumn})";

    private static string Built(string name)
    {
        var folder = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "ErrorPipeline.sln")))
            folder = folder.Parent;
        return Path.Combine(folder.FullName, "tests", "Corpus", "shop-build", name);
    }

    private static UniqueError Event(string release, string stack) => new()
    {
        ProjectId = 1,
        Protocol = "native",
        Body = JsonSerializer.SerializeToUtf8Bytes(
            new { type = "TypeError", message = "Cannot read properties of null (reading 'amount')", stack, release, url = "https://shop.test/cart" }),
        Occurrences = [new() { EventId = Some.EventId(1), ReceivedAt = Some.Time }],
    };

    private async Task UploadAsync(string release, string file) => await PutAsync(release, $"~/static/{file}.map", await File.ReadAllBytesAsync(Built(file + ".map")));

    private Task PutAsync(string release, string url, byte[] map) => _artifacts.Store.PutAsync([new(1, release, url, ArtifactKind.Map, map)], Now, default);

    private async Task<NormalizedError> NormalizeAsync(string release, string stack)
    {
        var unique = Event(release, stack);
        var maps = await _loader.LoadAsync([unique], PolicySet.Usual, default);
        return _stage.Run([unique], new(maps, PolicySet.Usual), Now).Forward.Single();
    }
}
