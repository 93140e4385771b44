using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Policies;

namespace ErrorPipeline.Web.Policies;

/// <summary>What people choose on the page of filters, and whether it can be used.</summary>
public sealed record FilterForm
{
    private const int LongestBrowser = 60;

    /// <summary>Names of the switches that are on; a box that is not ticked sends nothing.</summary>
    public IReadOnlyList<string> On { get; init; } = [];
    public string? OldestBrowsers { get; init; }
    public string? Messages { get; init; }
    public string? Releases { get; init; }

    public static FilterForm Of(FilterSettings? settings) => new()
    {
        On = settings?.On ?? FilterName.OnAtFirst,
        OldestBrowsers = Lines.Join(settings?.OldestBrowsers ?? FilterName.OldestBrowsersAtFirst),
        Messages = Lines.Join(settings?.Messages),
        Releases = Lines.Join(settings?.Releases),
    };

    public static FilterForm From(IFormCollection form) => new()
    {
        On = [.. form["On"].OfType<string>().Where(FilterName.Switches.Contains).Distinct()],
        OldestBrowsers = form["OldestBrowsers"],
        Messages = form["Messages"],
        Releases = form["Releases"],
    };

    public FilterSettings ToSettings() => new()
    {
        On = On,
        // As they stand for every project, they may get better with a newer build.
        OldestBrowsers = Lines.Of(OldestBrowsers) is { Count: > 0 } own && !own.SequenceEqual(FilterName.OldestBrowsersAtFirst) ? own : null,
        Messages = Lines.Of(Messages),
        Releases = Lines.Of(Releases),
    };

    public static IReadOnlyList<string> Problems(FilterSettings settings) =>
    [
        .. (settings.On ?? []).Except(FilterName.Switches).Select(name => $"There is no filter '{name}': use {string.Join(", ", FilterName.Switches)}."),
        .. Lines.Problems("Oldest browsers", settings.OldestBrowsers, Version),
        .. Lines.Problems("Messages", settings.Messages, Glob.Problem),
        .. Lines.Problems("Releases", settings.Releases, Glob.Problem),
    ];

    private static string? Version(string line) =>
        line.Length <= LongestBrowser && BrowserVersion.Parse(line) is not null ? null : "write a browser's name and a whole number, \"Chrome 80\"";
}
