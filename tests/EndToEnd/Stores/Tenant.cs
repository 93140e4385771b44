using System.Text.Json;
using System.Text.RegularExpressions;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.EndToEnd.Stores;

/// <summary>An installation on one of the stores, and a person in front of its dashboard.</summary>
internal sealed partial class Tenant : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Installation _all;
    private readonly Dashboard _dashboard;
    private readonly HttpClient _visitors;

    private Tenant(Installation all)
    {
        _all = all;
        _dashboard = new(all.Web.Url);
        _visitors = new() { BaseAddress = new(all.Collector.Url) };
    }

    public int Project => _all.ProjectId;

    public static async Task<Tenant> StartAsync(StoreKind store)
    {
        var tenant = new Tenant(await Installation.StartAsync(new() { Store = store }));
        await tenant._dashboard.SignInAsync();
        return tenant;
    }

    /// <summary>One after the other, each stored before the next: both stores give the same numbers to the same issues.</summary>
    public async Task ReportAsync(IEnumerable<(string Agent, string Body)> events)
    {
        var sent = (await _all.Api.IssuesAsync(Project)).Sum(i => i.Count);
        foreach (var (agent, body) in events)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/api/{_all.Key}/events", UriKind.Relative)) { Content = new StringContent(body) };
            request.Headers.TryAddWithoutValidation("User-Agent", agent);
            using var answer = await _visitors.SendAsync(request);
            ((int)answer.StatusCode).Should().Be(202, "{0}", await answer.Content.ReadAsStringAsync());
            sent++;
            await UntilAsync(async () => (await _all.Api.IssuesAsync(Project)).Sum(i => i.Count) == sent, $"{sent} events are stored");
        }
    }

    public async Task<IReadOnlyList<long>> IssuesAsync() => [.. (await _all.Api.IssuesAsync(Project)).Select(i => i.Id).Order()];

    public async Task<string> LatestEventAsync(long issue) => (await IssueAsync(issue)).GetProperty("latestEventId").GetString()!;

    /// <summary>Does what a form of the issue's page does, and waits until the writer has done it.</summary>
    public async Task ChangeAsync(long issue, string what, Func<JsonElement, bool> isDone, params (string Name, string Value)[] fields)
    {
        await _dashboard.PostAsync($"/issues/{Project}/{issue}", $"/issues/{Project}/{issue}/{what}", fields);
        await UntilAsync(async () => isDone((await IssueAsync(issue)).GetProperty("issue")), $"issue {issue}: {what} is done");
    }

    /// <summary>A page as text, without what no two installations, or no two moments, have in common: keys, ports, tokens, salted users and times.</summary>
    public async Task<string> ReadAsync(string page)
    {
        var text = await _dashboard.ReadAsync(page);
        foreach (var (own, common) in new[] { (_all.Key, "KEY"), (_all.Collector.Url, "COLLECTOR"), (_all.Web.Url, "DASHBOARD"), (new Uri(_all.Collector.Url).Authority, "COLLECTOR") })
            text = text.Replace(own, common, StringComparison.Ordinal);
        return Moment().Replace(Token().Replace(text, "TOKEN"), "TIME");
    }

    public async ValueTask DisposeAsync()
    {
        _visitors.Dispose();
        _dashboard.Dispose();
        await _all.DisposeAsync();
    }

    private Task<JsonElement> IssueAsync(long issue) => _all.Api.GetAsync($"issues/{issue}?project={Project}");

    private Task UntilAsync(Func<Task<bool>> isSo, string what) => Deadline.Until(isSo, Patience, _all.Logs, what);

    [GeneratedRegex("(?<=(name=\"(__RequestVerificationToken|token|request)\" value|nonce)=\")[^\"]+|(?<=[?;&]user=|\"userKey\": \")[0-9a-f]{24}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Token();

    /// <summary>What people read, and what scripts do.</summary>
    [GeneratedRegex("<time .*?</time>|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z|\\b1[78][0-9]{11}\\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Moment();
}
