using System.Globalization;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Policies;
using ErrorPipeline.Workers.Normalize.Agents;
using ErrorPipeline.Workers.Normalize.Fingerprints;

namespace ErrorPipeline.Workers.Normalize.Policies;

/// <summary>Which events a project counts and does not keep. The first filter that takes an event is its reason.</summary>
internal sealed class Filters
{
    private readonly HashSet<string> _on;
    private readonly List<Glob> _messages;
    private readonly List<Glob> _releases;
    private readonly List<BrowserVersion> _oldest;

    public Filters(FilterSettings? settings)
    {
        _on = [.. settings?.On ?? FilterName.OnAtFirst];
        _messages = [.. (settings?.Messages ?? []).Select(m => new Glob(m))];
        _releases = [.. (settings?.Releases ?? []).Select(r => new Glob(r))];
        _oldest = [.. (settings?.OldestBrowsers ?? FilterName.OldestBrowsersAtFirst).Select(BrowserVersion.Parse).OfType<BrowserVersion>()];
    }

    /// <summary>Null where the event is kept.</summary>
    public string? ReasonOf(in FilterSubject subject)
    {
        if (subject.Release is { } release && _releases.Exists(g => g.Matches(release)))
            return FilterName.Release;
        if (_messages.Count > 0 && IsUnwanted(subject.Error))
            return FilterName.Message;
        if (_on.Contains(FilterName.Localhost) && IsLocal(subject.Page))
            return FilterName.Localhost;
        if (_on.Contains(FilterName.Crawler) && subject.Agent?.Bot is not null)
            return FilterName.Crawler;
        if (_on.Contains(FilterName.LegacyBrowser) && IsOld(subject.Agent))
            return FilterName.LegacyBrowser;
        return ByClass(subject.Class, subject.IsMuteScriptError);
    }

    private string? ByClass(string blame, bool isMuteScriptError)
    {
        if (isMuteScriptError && _on.Contains(FilterName.ScriptError))
            return FilterName.ScriptError;
        var name = blame switch { "extension" => FilterName.Extension, "injected" => FilterName.WebView, _ => null };
        return name is not null && _on.Contains(name) ? name : null;
    }

    private bool IsUnwanted(ErrorDetail error)
    {
        var full = $"{error.Type}: {error.Message}";
        return _messages.Exists(g => g.Matches(error.Message) || g.Matches(full));
    }

    private bool IsOld(UserAgent? agent) =>
        agent?.Browser.Major is { } major && int.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
        && _oldest.Exists(o => version < o.Major && IsNamed(agent.Browser.Name, o.Name));

    /// <summary>"Chrome" is "Chrome Mobile" and "Chrome Mobile WebView" too; but on iOS all are Safari inside, with versions of their own.</summary>
    private static bool IsNamed(string browser, string name) =>
        browser.Equals(name, StringComparison.OrdinalIgnoreCase)
        || (!browser.Contains("iOS", StringComparison.Ordinal)
            && browser.Split(' ').Except(["Mobile", "WebView", "Headless"], StringComparer.OrdinalIgnoreCase).SequenceEqual(name.Split(' '), StringComparer.OrdinalIgnoreCase));

    private static bool IsLocal(string? page) => page is not null && Site.HostOf(page) is { } host
        && (host is "localhost" or "[::1]" or "0.0.0.0" || host.EndsWith(".localhost", StringComparison.Ordinal) || host.StartsWith("127.", StringComparison.Ordinal));
}

/// <param name="IsMuteScriptError">"Script error." and nothing that says of which script.</param>
internal readonly record struct FilterSubject(ErrorDetail Error, string? Release, string? Page, UserAgent? Agent, string Class, bool IsMuteScriptError);
