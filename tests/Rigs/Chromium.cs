using Microsoft.Playwright;

namespace ErrorPipeline.Rigs;

/// <summary>The machine's own Chromium under Playwright; nothing is downloaded.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private readonly IPlaywright _playwright;

    private Chromium(IPlaywright playwright, IBrowser browser)
    {
        _playwright = playwright;
        Browser = browser;
    }

    public IBrowser Browser { get; }

    /// <summary>CHROMIUM names another executable than /usr/bin/chromium, PLAYWRIGHT_NODEJS_PATH another node than the one on the path.</summary>
    /// <param name="more">Arguments beside the usual ones.</param>
    public static async Task<Chromium> LaunchAsync(params string[] more)
    {
        var executable = Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } named ? named : "/usr/bin/chromium";
        if (!File.Exists(executable))
            throw new FileNotFoundException($"{executable} is not there: `apt-get install chromium`, or name another one in CHROMIUM.");
        Environment.SetEnvironmentVariable("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        Environment.SetEnvironmentVariable("PLAYWRIGHT_DRIVER_SEARCH_PATH", Places.PlaywrightPackage);
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("PLAYWRIGHT_NODEJS_PATH")))
            Environment.SetEnvironmentVariable("PLAYWRIGHT_NODEJS_PATH", Places.OnPath("node") ?? throw new FileNotFoundException("node is not on the path: Node.js 20 is needed."));
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = executable,
            // As root in a container: no sandbox; /dev/shm is often too small.
            Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run", "--disable-background-networking", .. more],
        });
        return new Chromium(playwright, browser);
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.CloseAsync();
        _playwright.Dispose();
    }
}
