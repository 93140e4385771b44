using System.Text;
using System.Text.RegularExpressions;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.SourceMaps;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.EndToEnd.SourceMaps;

/// <summary>
/// The unmodified sentry-cli, of two major versions, the Sentry plugins of three bundlers and our own command, against a web process: what they
/// upload is what a frame of their build is resolved by.
/// </summary>
[TestFixture]
internal sealed partial class UploadClientTests
{
    private const string Token = "fedcba9876543210fedcba9876543210";
    private static readonly string Clients = Path.Combine(NodePackages.Folder, "SourceMaps");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private TempFolder _folder = null!;
    private Installation _all = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _folder = new();
        _all = await Installation.StartAsync(new() { Settings = new Dictionary<string, string> { ["Web:UploadToken"] = Token } });
        await NodePackages.InstallAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_all is not null)
            await _all.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task SentryCli_UploadsByReleaseAndAddress([Values] bool older)
    {
        var cli = older ? NodePackages.OlderSentryCli : NodePackages.SentryCli;
        var (release, built) = (Guid.NewGuid().ToString("n"), await BuildAsync("esbuild"));
        await RunAsync(cli, ["releases", "new", release]);
        var output = await RunAsync(cli, ["sourcemaps", "upload", "--release", release, "--url-prefix", "~/static", built]);
        await RunAsync(cli, ["releases", "finalize", release]);

        output.Should().Contain("File processing complete");
        await ResolvesAsync(built, new(1, release, "https://shop.test/static/app.js?v=3"));
    }

    [Test]
    public async Task SentryCli_UploadsByDebugId([Values] bool older)
    {
        var cli = older ? NodePackages.OlderSentryCli : NodePackages.SentryCli;
        var built = await BuildAsync("webpack");
        await RunAsync(cli, ["sourcemaps", "inject", built]);
        await RunAsync(cli, ["sourcemaps", "upload", "--wait", built]);

        await ResolvesAsync(built, new(1, null, "https://shop.test/anywhere.js", DebugId: DebugIdOf(built)));
    }

    [Test]
    public async Task SentryCli_ListsTellsAndDeletesReleases([Values] bool older)
    {
        var cli = older ? NodePackages.OlderSentryCli : NodePackages.SentryCli;
        var (release, built) = ($"shop@1.0-{Guid.NewGuid():n}", await BuildAsync("esbuild"));
        await RunAsync(cli, ["sourcemaps", "upload", "--release", release, "--url-prefix", "~/static", built]);

        (await RunAsync(cli, ["releases", "list"])).Should().Contain(release);
        (await RunAsync(cli, ["releases", "info", release])).Should().Contain(release);
        (await RunAsync(cli, ["releases", "delete", release])).Should().Contain("Deleted release");

        await using var reader = _all.OpenArtifacts();
        (await reader.ListReleasesAsync(1, 1_000, CancellationToken.None)).Select(r => r.Release).Should().NotContain(release);
    }

    [Test]
    public async Task SentryCli_TellsTheCommitsOfARelease([Values] bool older)
    {
        var cli = older ? NodePackages.OlderSentryCli : NodePackages.SentryCli;
        var (release, repository) = ($"commits-{Guid.NewGuid():n}", Directory.CreateDirectory(_folder[Guid.NewGuid().ToString("n")]).FullName);
        Task<string> GitAsync(params string[] arguments) => RunAsync("git", ["-c", "user.name=Ann", "-c", "user.email=ann@example.com", .. arguments], repository);
        await GitAsync("init", "-q");
        await GitAsync("remote", "add", "origin", "https://git.example/acme/shop.git");
        foreach (var (file, message) in new[] { ("src/basket.ts", "Keep the basket when signing in"), ("src/price.ts", "Round prices after the discount") })
        {
            Directory.CreateDirectory(Path.Combine(repository, "src"));
            await File.WriteAllTextAsync(Path.Combine(repository, file), message);
            await GitAsync("add", ".");
            await GitAsync("commit", "-q", "-m", message);
        }

        await RunAsync(cli, ["releases", "new", release], repository);
        await RunAsync(cli, ["releases", "set-commits", release, "--local"], repository);

        await using var config = _all.OpenConfig();
        var commits = await config.ListReleaseCommitsAsync(1, release, CancellationToken.None);
        commits.Select(commit => (commit.Author, commit.Message!.Trim(), commit.Files.Single())).Should().BeEquivalentTo(
            [("Ann", "Round prices after the discount", "src/price.ts"), ("Ann", "Keep the basket when signing in", "src/basket.ts")]);
        commits.Should().OnlyContain(commit => commit.Id.Length == 40 && commit.At > 0);
    }

    [TestCase("esbuild")]
    [TestCase("vite")]
    [TestCase("webpack")]
    public async Task Plugin_UploadsByDebugId(string bundler)
    {
        var built = await BuildAsync(bundler, Guid.NewGuid().ToString("n"));
        await ResolvesAsync(built, new(1, null, "https://shop.test/anywhere.js", DebugId: DebugIdOf(built)));
    }

    [Test]
    public async Task OurOwnCommand_UploadsByReleaseAndAddress()
    {
        var (release, built) = (Guid.NewGuid().ToString("n"), await BuildAsync("vite"));
        var output = await RunAsync(Path.Combine(Places.Root, "dev"), ["sourcemaps", "upload", "--release", release, "--url-prefix", "~/static", built]);

        output.Should().Contain("2 files uploaded");
        await ResolvesAsync(built, new(1, release, "https://shop.test/static/app.js"));
    }

    [TestCase("--project", "nosuch", "This token uploads to no project 'nosuch': set the project (--project, SENTRY_PROJECT) to 'demo'.")]
    [TestCase("--auth-token", "wrong", "This upload token is not known here: make one on the page 'Source maps' of the project")]
    public async Task SentryCli_ThatIsSetUpWrong_IsToldWhatToChange(string option, string value, string sentence)
    {
        var built = await BuildAsync("esbuild");
        string[] arguments = option == "--auth-token"
            ? [option, value, "sourcemaps", "upload", "--release", "1", built]
            : ["sourcemaps", "upload", option, value, "--release", "1", built];
        var (code, output) = await ChildProcess.RunAsync(NodePackages.SentryCli, arguments, Patience, Environment(), Clients);

        code.Should().NotBe(0);
        output.Should().Contain(sentence);
    }

    private async Task<string> BuildAsync(string bundler, string? release = null)
    {
        var built = _folder[Guid.NewGuid().ToString("n")];
        await RunAsync("node", ["build.mjs", bundler, built, .. release is null ? Array.Empty<string>() : [release]]);
        return built;
    }

    private async Task<string> RunAsync(string program, string[] arguments, string? folder = null)
    {
        var (code, output) = await ChildProcess.RunAsync(program, arguments, Patience, Environment(), folder ?? Clients);
        code.Should().Be(0, "{0} {1} should do it: {2}\n{3}", program, string.Join(' ', arguments), output, _all.Web.Output);
        return output;
    }

    private Dictionary<string, string> Environment() => new()
    {
        ["SENTRY_URL"] = _all.Web.Url,
        ["SENTRY_ORG"] = "any",
        ["SENTRY_PROJECT"] = "demo",
        ["SENTRY_AUTH_TOKEN"] = Token,
        ["SENTRY_CLI_NO_TELEMETRY"] = "1",
        ["ERRORPIPELINE_URL"] = _all.Web.Url,
        ["ERRORPIPELINE_PROJECT"] = "1",
        ["ERRORPIPELINE_TOKEN"] = Token,
        ["HOME"] = _folder.Path,
    };

    /// <summary>The place that throws in the build is found in the source.</summary>
    private async Task ResolvesAsync(string built, ArtifactQuestion question)
    {
        await using var reader = _all.OpenArtifacts();
        var match = (await reader.MatchAsync([question], CancellationToken.None)).Single();
        match.Problem.Should().BeNull();
        var map = SourceMap.Decode(await reader.ReadAsync(match.MapHash!, CancellationToken.None));
        var lines = await File.ReadAllLinesAsync(Path.Combine(built, "app.js"));
        var line = Array.FindIndex(lines, text => text.Contains(".price.amount", StringComparison.Ordinal));
        map.Find(line, lines[line].IndexOf(".price.amount", StringComparison.Ordinal), out var position).Should().Be(MapLookup.Found);
        position.Source.Should().EndWith("cart.mjs");
        position.Line.Should().Be(3);
        map.ContentLines(position.SourceIndex, 3, 4).Should().Equal("    sum += item.price.amount;");
    }

    /// <summary>What the build tells in the page.</summary>
    private static Guid DebugIdOf(string built) =>
        Guid.Parse(Told().Match(Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(built, "app.js")))).Groups["id"].Value);

    [GeneratedRegex("_sentryDebugIds\\[\\w+\\]=[\"'`](?<id>[0-9a-f-]{36})", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Told();
}
