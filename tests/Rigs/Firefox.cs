using System.Text.RegularExpressions;

namespace ErrorPipeline.Rigs;

/// <summary>The machine's own Firefox, driven by WebDriver BiDi, which it speaks itself. A fresh profile each time.</summary>
public sealed partial class Firefox : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ChildProcess _process;
    private readonly TempFolder _profile;
    private BiDiConnection _bidi = null!;

    private Firefox(ChildProcess process, TempFolder profile) => (_process, _profile) = (process, profile);

    /// <summary>FIREFOX names another executable than /usr/bin/firefox-esr.</summary>
    public static async Task<Firefox> LaunchAsync()
    {
        var executable = Environment.GetEnvironmentVariable("FIREFOX") is { Length: > 0 } named ? named : "/usr/bin/firefox-esr";
        if (!File.Exists(executable))
            throw new FileNotFoundException($"{executable} is not there: `apt-get install firefox-esr`, or name another one in FIREFOX.");
        var profile = new TempFolder();
        await File.WriteAllTextAsync(Path.Combine(profile.Path, "user.js"), Preferences);
        var environment = new Dictionary<string, string> { ["HOME"] = profile.Path, ["MOZ_CRASHREPORTER_DISABLE"] = "1" };
        var started = new Firefox(
            ChildProcess.Start(executable, ["--headless", "--no-remote", "--remote-debugging-port", "0", "--profile", profile.Path, "about:blank"], environment), profile);
        try
        {
            await Deadline.Until(() => Listening().IsMatch(started._process.Output), Patience, () => started._process.Output, "Firefox listens for WebDriver BiDi");
            started._bidi = await BiDiConnection.OpenAsync(new Uri(Listening().Match(started._process.Output).Groups["address"].Value + "/session"));
            await started._bidi.CallAsync("session.new", new { capabilities = new { } });
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>A new tab that has loaded the address.</summary>
    public async Task<FirefoxTab> OpenAsync(string url)
    {
        var tab = new FirefoxTab(_bidi, (await _bidi.CallAsync("browsingContext.create", new { type = "tab" })).GetProperty("context").GetString()!);
        await tab.NavigateAsync(url);
        return tab;
    }

    public async ValueTask DisposeAsync()
    {
        if (_bidi is not null)
            await _bidi.DisposeAsync();
        if (_process.Running)
        {
            _process.Terminate();
            await Task.WhenAny(Deadline.Until(() => !_process.Running, TimeSpan.FromSeconds(10)), Task.Delay(TimeSpan.FromSeconds(11)));
        }

        await _process.DisposeAsync();
        _profile.Dispose();
    }

    /// <summary>Nothing is fetched but what a test asks for.</summary>
    private const string Preferences = """
        user_pref("app.update.disabledForTesting", true);
        user_pref("browser.safebrowsing.downloads.enabled", false);
        user_pref("browser.safebrowsing.malware.enabled", false);
        user_pref("browser.safebrowsing.phishing.enabled", false);
        user_pref("browser.shell.checkDefaultBrowser", false);
        user_pref("browser.startup.homepage_override.mstone", "ignore");
        user_pref("datareporting.policy.dataSubmissionEnabled", false);
        user_pref("extensions.update.enabled", false);
        user_pref("network.captive-portal-service.enabled", false);
        user_pref("network.connectivity-service.enabled", false);
        user_pref("services.settings.server", "data:,#remote-settings-dummy/v1");
        user_pref("toolkit.telemetry.enabled", false);
        """;

    [GeneratedRegex("WebDriver BiDi listening on (?<address>ws://[^\\s]+)", RegexOptions.None, 1000)]
    private static partial Regex Listening();
}
