using System.Net.Http.Headers;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.EndToEnd.Builds;

/// <summary>The shop of app/, bundled and minified as a site does it, and its maps uploaded in one of the ways there are.</summary>
internal sealed class ShopBuild : IDisposable
{
    public const string UploadToken = "upload-token-of-the-tests-0123456789";

    /// <summary>Where <c>centsOf</c> fails, in src/cart.ts, unless shifted.</summary>
    public const int Line = 7;
    public const string Source = "  return item.price!.cents;";

    /// <summary>Pushes everything down and changes every hash.</summary>
    private const string Shift = """
        // Prices are in cents.

        export const currencies = ["EUR", "USD"];

        console.debug("shop", currencies.join());

        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly string App = Path.Combine(NodePackages.Folder, "Builds", "app");
    private readonly TempFolder _folder = new();
    private readonly string _release;

    private ShopBuild(string release) => _release = release;

    private string Out => _folder["dist"];

    /// <summary>The name of the file that browsers load.</summary>
    public string Script => Path.GetFileName(Directory.EnumerateFiles(Out, "*.js").Single());

    /// <param name="fault">What the function that fails is called: another name is another error.</param>
    /// <param name="uploadTo">Web's address, where the bundler's Sentry plugin is to upload the maps.</param>
    public static async Task<ShopBuild> MakeAsync(string bundler, string release, string fault, string? uploadTo = null, bool shifted = false)
    {
        var build = new ShopBuild(release);
        Directory.CreateDirectory(build._folder["src"]);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(App, "src")))
        {
            var text = (await File.ReadAllTextAsync(file)).Replace("centsOf", fault, StringComparison.Ordinal);
            await File.WriteAllTextAsync(build._folder[Path.Combine("src", Path.GetFileName(file))], (shifted ? Shift : "") + text);
        }

        var environment = new Dictionary<string, string>();
        if (uploadTo is not null)
            environment = new(build.SentrySettings(uploadTo)) { ["UPLOAD_RELEASE"] = release };
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
        var (code, output) = await ChildProcess.RunAsync(
            NodePackages.SentryCli, ["sourcemaps", "upload", "--release", _release, "--url-prefix", "~/static", Out], Patience, SentrySettings(web), _folder.Path);
        code.Should().Be(0, output);
    }

    /// <summary>The site that serves the build; its page carries the snippet.</summary>
    public Task<WebSite> ServeAsync(string snippet)
    {
        var script = Script;
        return WebSite.StartAsync(new Dictionary<string, string>
        {
            ["/"] = $$"""
                <!doctype html><html lang="en"><head><title>Shop</title><script>{{snippet}}</script><script>ep("init", { release: "{{_release}}" });</script></head>
                <body><button id="pay">Pay</button><button id="advise">Advise</button><script type="module" src="/static/{{script}}"></script></body></html>
                """,
            ["/static/" + script] = File.ReadAllText(Path.Combine(Out, script)),
        });
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Its own home: the plugins' client remembers there which server it spoke to last.</summary>
    private Dictionary<string, string> SentrySettings(string web) => new()
    {
        ["HOME"] = _folder.Path,
        ["SENTRY_URL"] = web,
        ["SENTRY_AUTH_TOKEN"] = UploadToken,
        ["SENTRY_ORG"] = "shop",
        ["SENTRY_PROJECT"] = "demo",
    };
}
