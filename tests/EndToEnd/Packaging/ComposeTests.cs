using ErrorPipeline.Rigs;

namespace ErrorPipeline.EndToEnd.Packaging;

/// <summary>docker-compose.yml as Debian's docker-compose reads it; no engine is needed for that.</summary>
internal sealed class ComposeTests
{
    private static readonly Dictionary<string, string> Filled = new()
    {
        ["REDIS_PASSWORD"] = "redis-secret",
        ["COLLECTOR_URL"] = "https://errors.example.com",
        ["FIRST_USER_EMAIL"] = "first@example.com",
        ["FIRST_USER_PASSWORD"] = "first-secret",
    };

    [OneTimeSetUp]
    public void NeedsCompose()
    {
        if (!File.Exists("/usr/bin/docker-compose"))
            Assert.Ignore("docker-compose is not installed (apt-get install docker-compose): docker-compose.yml was NOT validated");
    }

    [Test]
    public async Task Compose_WithEverySecretGiven_IsValid()
    {
        var (code, output) = await ConfigAsync(Filled);
        code.Should().Be(0, output);
        var lines = output.Split('\n');
        lines.Should().Contain(["  redis:", "  collector:", "  dedupe:", "  normalize:", "  aggregate:", "  writer:", "  web:", "  mongo:"]);
        lines.Count(line => line == "    healthcheck:").Should().Be(8, "every service tells its health");
    }

    [TestCaseSource(nameof(Required))]
    public async Task Compose_WithoutARequiredValue_RefusesAndNamesIt(string name)
    {
        var some = Filled.Where(v => v.Key != name).ToDictionary();
        var (code, output) = await ConfigAsync(some);
        code.Should().NotBe(0);
        output.Should().Contain($"set {name}");
    }

    [Test]
    public async Task Compose_ExampleEnv_NamesEveryRequiredValueAndGivesNone()
    {
        var example = await File.ReadAllLinesAsync(Path.Combine(Places.Root, "deploy", "example.env"));
        foreach (var name in Required())
            example.Should().Contain($"{name}=");
    }

    [TestCase("collector")]
    [TestCase("workers")]
    [TestCase("web")]
    public async Task Dockerfile_OfEachApp_CopiesWhatItsBuildReadsAndDropsRoot(string app)
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(Places.Root, "deploy", $"{app}.Dockerfile"));
        var sources = lines.Where(l => l.StartsWith("COPY ", StringComparison.Ordinal) && !l.Contains("--from", StringComparison.Ordinal))
            .SelectMany(l => l.Split(' ')[1..^1]);
        foreach (var source in sources)
            Path.Exists(Path.Combine(Places.Root, source)).Should().BeTrue(source);
        lines.Last(l => l.StartsWith("USER ", StringComparison.Ordinal)).Should().Be("USER $APP_UID");
    }

    private static IEnumerable<string> Required() => Filled.Keys;

    private static async Task<(int Code, string Output)> ConfigAsync(Dictionary<string, string> values)
    {
        // From a folder of its own, so that nobody's .env fills in what is missing.
        using var folder = new TempFolder();
        return await ChildProcess.RunAsync(
            "docker-compose", ["--project-directory", folder.Path, "-f", Path.Combine(Places.Root, "docker-compose.yml"), "--profile", "mongo", "config"],
            TimeSpan.FromSeconds(60), values, folder.Path);
    }
}
