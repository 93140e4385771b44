using System.Net.Http.Headers;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.EndToEnd.Builds;

/// <summary>The shop of app/, bundled and minified as a site does it, and its maps uploaded in one of the ways there are.</summary>
internal sealed class ShopBuild : IDisposable
{
    public const string UploadToken = "upload-token-of-the-tests-0123456789";

    /// <summary>Where <c>centsOf</c> fails, in src/cart.ts.</summary>
    public const int Line = 7;
    public const string Source = "  return item.price!.cents;";

    /// <summary>Pushes everything down and changes every hash.</summary>
    private const string Shift = """
        // Prices are in cents.

        export const currencies = ["EUR", "USD"];

        console.debug("shop", currencies.join());

        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly string App = Path.Combine(Places.Root, "tests", "EndToEnd", "Builds", "app");
    private readonly TempFolder _folder = new();
    private readonly string _release;

    private ShopBuild(string release) => _release = release;

    private string Out => _folder["dist"];

    /// <summary>Once per checkout, by the lock file.</summary>
    public static async Task InstallAsync()
    {
        var done = Path.Combine(App, "node_modules", ".package-lock.json");
        if (File.Exists(done) && File.GetLastWriteTimeUtc(done) >= File.GetLastWriteTimeUtc(Path.Combine(App, "package-lock.json")))
            return;
        var (code, output) = await ChildProcess.RunAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], TimeSpan.FromMinutes(10), folder: App);
        code.Should().Be(0, output);
        File.SetLastWriteTimeUtc(done, TimeProvider.System.GetUtcNow().UtcDateTime);
    }

    /// <param name="uploadTo">Web's address, where the bundler's Sentry plugin is to upload the maps.</param>
    public static async Task<ShopBuild> MakeAsync(string bundler, string release, string? uploadTo = null, bool shifted = false)
    {
        var build = new ShopBuild(release);
        Directory.CreateDirectory(build._folder["src"]);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(App, "src")))
            await File.WriteAllTextAsync(build._folder[Path.Combine("src", Path.GetFileName(file))], (shifted ? Shift : "") + await File.ReadAllTextAsync(file));
        var environment = new Dictionary<string, string>();
        if (uploadTo is not null)
            environment = new(SentrySettings(uploadTo)) { ["UPLOAD_RELEASE"] = release };
        var (code, output) = await ChildProcess.RunAsync("node", [Path.Combine(App, "build.mjs"), bundler, build._folder.Path], Patience, environment, App);
        code.Should().Be(0, output);
        return build;
    }

    /// <summary>A request a file, as docs/source-maps.md has it.</summary>
    public async Task UploadByApiAsync(string web, int project)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", UploadToken);
        foreach (var map in Directory.EnumerateFiles(Out, "*.map"))
        {
            using var body = new ByteArrayContent(await File.ReadAllBytesAsync(map));
            var url = Uri.EscapeDataString("~/static/" + Path.GetFileName(map));
            using var answer = await http.PutAsync(new Uri($"{web}/api/v1/projects/{project}/artifacts?release={_release}&url={url}"), body);
            answer.IsSuccessStatusCode.Should().BeTrue(await answer.Content.ReadAsStringAsync());
        }
    }

    public async Task UploadBySentryCliAsync(string web)
    {
        var cli = Path.Combine(App, "node_modules", "@sentry", "cli-linux-x64", "bin", "sentry-cli");
        var (code, output) = await ChildProcess.RunAsync(
            cli, ["sourcemaps", "upload", "--release", _release, "--url-prefix", "~/static", Out], Patience, SentrySettings(web), _folder.Path);
        code.Should().Be(0, output);
    }

    /// <summary>The site that serves the build; its page carries the snippet.</summary>
    public Task<WebSite> ServeAsync(string snippet)
    {
        var script = Directory.EnumerateFiles(Out, "*.js").Single();
        return WebSite.StartAsync(new Dictionary<string, string>
        {
            ["/"] = $$"""
                <!doctype html><html lang="en"><head><title>Shop</title><script>{{snippet}}</script><script>ep("init", { release: "{{_release}}" });</script></head>
                <body><button id="pay">Pay</button><button id="advise">Advise</button><script type="module" src="/static/{{Path.GetFileName(script)}}"></script></body></html>
                """,
            ["/static/" + Path.GetFileName(script)] = File.ReadAllText(script),
        });
    }

    public void Dispose() => _folder.Dispose();

    private static Dictionary<string, string> SentrySettings(string web) => new()
    {
        ["SENTRY_URL"] = web,
        ["SENTRY_AUTH_TOKEN"] = UploadToken,
        ["SENTRY_ORG"] = "shop",
        ["SENTRY_PROJECT"] = "demo",
    };
}
