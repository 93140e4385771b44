using System.Diagnostics;
using ErrorPipeline.Rigs;
using ErrorPipeline.Web.Live;
using Microsoft.Extensions.DependencyInjection;

namespace ErrorPipeline.Web.Tests;

public class LiveTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Test]
    public async Task Live_AfterAChange_TellsWhichIssue()
    {
        var project = await Shared.ProjectAsync();
        var visitor = Shared.Ann;
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/live", UriKind.Relative));
        using var answer = await visitor.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("text/event-stream");
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        (await LineWithAsync(lines, "event:")).Should().Be("event: hello");

        var issue = (await Shared.Rig.ApplyAsync(Some.Delta(project, "live")))[0].IssueId;
        var clock = Stopwatch.StartNew();
        (await LineWithAsync(lines, "event: changes")).Should().NotBeNull();
        (await LineWithAsync(lines, "data:")).Should().Contain($"\"issues\":[{issue}]").And.Contain($"\"projects\":[{project}]").And.Contain("\"new\":1");
        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(2));
    }

    [Test]
    public async Task Live_PagesThatDoNotRead_AreBoundedAndForgotten()
    {
        var feed = Shared.Rig.App.Services.GetRequiredService<LiveFeed>();
        var project = await Shared.ProjectAsync();
        var slow = feed.Open(default);
        for (var i = 0; i < 8; i++)
        {
            var issue = (await Shared.Rig.ApplyAsync(Some.Delta(project, $"flood{i}")))[0].IssueId;
            await Deadline.Until(() => slow.Messages.Reader.Count >= Math.Min(i + 1, 4), Patience);
        }

        slow.Messages.Reader.Count.Should().Be(4);
        feed.Close(slow);
        await Deadline.Until(() => feed.Pages == 0, Patience);
    }

    [Test]
    public async Task Live_WhileAnotherProjectIsFlooded_TellsAChangeAtOnce()
    {
        var feed = Shared.Rig.App.Services.GetRequiredService<LiveFeed>();
        var (busy, quiet) = (await Shared.ProjectAsync(), await Shared.ProjectAsync());
        var ahead = 0;
        // Where the machine is slow the busy project's second may be over before the other's change is stored.
        for (var turn = 0; ahead == 0 && turn < 10; turn++)
        {
            var (flooded, calm) = (feed.Open(new(busy, null)), feed.Open(new(quiet, null)));
            await Shared.Rig.ApplyAsync(Some.Delta(busy, $"first{turn}"));
            await Deadline.Until(() => flooded.Messages.Reader.Count == 1, Patience);
            await Shared.Rig.ApplyAsync(Some.Delta(busy, $"second{turn}"));
            await Shared.Rig.ApplyAsync(Some.Delta(quiet, $"other{turn}"));
            await Deadline.Until(() => calm.Messages.Reader.Count == 1, Patience);
            ahead += flooded.Messages.Reader.Count == 1 ? 1 : 0;
            await Deadline.Until(() => flooded.Messages.Reader.Count == 2, Patience);
            feed.Close(flooded);
            feed.Close(calm);
        }

        ahead.Should().Be(1);
    }

    [Test]
    public async Task Browser_WithTheListOpen_ShowsANewIssueWithoutReload()
    {
        var project = await Shared.ProjectAsync();
        await Shared.Rig.ApplyAsync(Some.Delta(project, "old", message: "the old one"));
        await using var chromium = await Chromium.LaunchAsync();
        await using var context = await chromium.Browser.NewContextAsync(new() { BaseURL = Shared.Rig.Url.ToString() });
        var page = await context.NewPageAsync();
        await page.GotoAsync($"/sign-in?to=" + Uri.EscapeDataString($"/issues?project={project}"));
        await page.FillAsync("[name=Email]", DashboardRig.Email);
        await page.FillAsync("[name=Password]", DashboardRig.Password);
        await page.ClickAsync("button.main");
        await page.WaitForSelectorAsync("#live:visible");
        await page.EvaluateAsync("window.stayed = true");
        await Shared.Rig.ApplyAsync(Some.Delta(project, "new", message: "the new one"));
        await page.WaitForSelectorAsync("text=the new one", new() { Timeout = 5_000 });
        (await page.EvaluateAsync<bool>("window.stayed")).Should().BeTrue();
    }

    private static async Task<string?> LineWithAsync(StreamReader lines, string beginning)
    {
        using var end = new CancellationTokenSource(Patience);
        while (await lines.ReadLineAsync(end.Token) is { } line)
        {
            if (line.StartsWith(beginning, StringComparison.Ordinal))
                return line;
        }

        return null;
    }
}
