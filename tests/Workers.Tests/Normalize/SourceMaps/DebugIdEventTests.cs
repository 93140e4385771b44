using System.Text;
using System.Text.Json;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Workers.Tests.Normalize.SourceMaps;

/// <summary>Events that tell the debug ids of their files find their maps without release and address.</summary>
public sealed class DebugIdEventTests
{
    private const string File = "https://shop.test/static/app.js";
    private const string Stack = "TypeError: x\n    at e (https://shop.test/static/app.js?v=2:1:1)";
    private static readonly Guid Build = Guid.Parse("85314830-023f-4cf1-a267-535f4e37bb17");
    private static readonly Guid Other = Guid.Parse("00000000-0000-4000-8000-000000000001");

    private TestArtifacts _artifacts = null!;

    [SetUp]
    public async Task SetUp() => _artifacts = await TestArtifacts.MigratedAsync();

    [TearDown]
    public async Task TearDown() => await _artifacts.DisposeAsync();

    [Test]
    public async Task NativeEvent_FindsTheMapOfItsDebugId()
    {
        await PutAsync("", Build, "right");
        await PutAsync("", Other, "wrong");
        var error = await _artifacts.NormalizeAsync("native", new { type = "TypeError", message = "x", stack = Stack, debugIds = new Dictionary<string, object> { [File] = Build, ["x"] = 5 } });

        error.Error.Frames[0].Should().BeEquivalentTo(new { File = "right.ts", DebugId = Build, Generated = new { File = File + "?v=2" } });
    }

    [Test]
    public async Task SentryEvent_FindsTheMapOfItsDebugId()
    {
        await PutAsync("", Build, "right");
        var error = await _artifacts.NormalizeAsync("sentry", new
        {
            exception = new { values = new[] { new { type = "TypeError", value = "x", stacktrace = new { frames = new[] { new { filename = File, function = "e", lineno = 1, colno = 1 } } } } } },
            debug_meta = new { images = new object[] { new { type = "wasm", code_file = File, debug_id = Other }, new { type = "sourcemap", code_file = File, debug_id = Build } } },
        });

        error.Error.Frames[0].File.Should().Be("right.ts");
    }

    [Test]
    public async Task SentryEvent_OfADist_GetsTheMapOfThatDist()
    {
        await PutAsync("1.0", null, "one", dist: "1");
        await PutAsync("1.0", null, "two", dist: "2");
        var error = await _artifacts.NormalizeAsync("sentry", new
        {
            release = "1.0",
            dist = "1",
            exception = new { values = new[] { new { type = "TypeError", value = "x", stacktrace = new { frames = new[] { new { filename = File, function = "e", lineno = 1, colno = 1 } } } } } },
        });

        error.Error.Frames[0].File.Should().Be("one.ts");
    }

    [Test]
    public async Task Event_WhoseDebugIdNoMapHas_IsNotGivenTheMapOfAnotherBuild()
    {
        await PutAsync("1.0", Build, "right");
        var error = await _artifacts.NormalizeAsync("native", new { type = "TypeError", message = "x", stack = Stack, release = "1.0", debugIds = new Dictionary<string, Guid> { [File] = Other } });

        error.Error.Frames[0].Generated.Should().BeNull();
        error.Error.Frames[0].MapProblem.Should().Be($"The source map of {File}?v=2 has the debug id {Build}, the file itself {Other}: the map is for another build.");
    }

    [Test]
    public async Task EqualErrors_OfTwoBuilds_KeepTheirOwnMaps()
    {
        await PutAsync("", Build, "one");
        await PutAsync("", Other, "two");
        foreach (var (id, file) in new[] { (Build, "one.ts"), (Other, "two.ts"), (Build, "one.ts") })
            (await _artifacts.NormalizeAsync("native", new { type = "TypeError", message = "x", stack = Stack, debugIds = new Dictionary<string, Guid> { [File] = id } })).Error.Frames[0].File.Should().Be(file);
    }

    private Task PutAsync(string release, Guid? debugId, string source, string dist = "")
    {
        var map = $$"""{"version":3,"sources":["{{source}}.ts"],"names":[],"mappings":"AAAA"{{(debugId is null ? "" : $",\"debugId\":\"{debugId}\"")}}}""";
        return _artifacts.Store.PutAsync([new(1, release, "~/static/app.js.map", ArtifactKind.Map, Encoding.UTF8.GetBytes(map)) { DebugId = debugId, Dist = dist }], DateTimeOffset.UnixEpoch, default);
    }
}
