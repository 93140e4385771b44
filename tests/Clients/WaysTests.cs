using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Contracts;
using Microsoft.Playwright;

namespace ErrorPipeline.Clients;

/// <summary>Ways of sending that are no client's default, and machines that are not as they should be.</summary>
internal sealed class WaysTests
{
    private const string OffByThreeHours = """
        const off = -3 * 3600_000, Right = Date, origin = performance.timeOrigin + off;
        globalThis.Date = class Date extends Right {
          constructor(...parts) { parts.length ? super(...parts) : super(Right.now() + off); }
          static now() { return Right.now() + off; }
        };
        Object.defineProperty(performance, "timeOrigin", { get: () => origin });
        """;

    [TestCase("sentry7")]
    [TestCase("sentry11")]
    public async Task Tunnel_OfSentry_FindsItsProject(string client)
    {
        var way = await Way.OpenAsync(client, "tunnel", "handled", url => new { tunnel = url + "/tunnel" });
        await way.VisitAsync();
        way.Requests.Should().Contain(r => r.Path == "/tunnel" && r.Status == 200).And.NotContain(r => r.Path.Contains("/api/"));
        (await way.SeenAsync()).Should().ContainSingle().Which.Issue.Count.Should().Be(1);
    }

    [TestCase("elastic")]
    [TestCase("datadog-rum")]
    public async Task CompressedRequests_AreRead(string client)
    {
        var way = await Way.OpenAsync(client, "compressed", "handled", _ => new { compressIntakeRequests = true });
        await way.VisitAsync();
        way.Events.Should().Contain(r => r.IsCompressed);
        (await way.SeenAsync()).Should().ContainSingle().Which.Issue.Count.Should().Be(1);
    }

    [TestCase("ours", "ours")]
    [TestCase("sentry11", "sentry11-offline")]
    [TestCase("raygun", "raygun-offline")]
    [TestCase("datadog-rum", "datadog-rum")]
    public async Task WhatIsToldOffline_ArrivesOnceWhenTheNetworkIsBack(string client, string bundle)
    {
        var way = await Way.OpenAsync(client, "offline", "limit", bundle: bundle);
        // Datadog collects for half a minute.
        var isSlow = client == "datadog-rum";
        var page = await way.GotoAsync(isSlow);
        await page.Context.SetOfflineAsync(true);
        await page.EvaluateAsync("order(0)");
        if (isSlow)
            await page.Clock.FastForwardAsync(31_000);
        // The client tries, and finds nobody.
        await page.WaitForTimeoutAsync(800);
        way.Events.Should().BeEmpty();
        await page.Context.SetOfflineAsync(false);
        await page.EvaluateAsync("order(1)");
        if (isSlow)
            await page.Clock.FastForwardAsync(31_000);
        try
        {
            await Deadline.Until(() => way.Told.Events >= 2, TimeSpan.FromSeconds(20));
        }
        catch (TimeoutException)
        {
            // Some keep it for the next page of the site.
            await page.ReloadAsync();
        }

        await Deadline.Until(() => way.Told.Events >= 2, TimeSpan.FromSeconds(20), what: $"{client} sends what it kept");
        await page.GotoAsync("about:blank");
        (await way.SeenAsync()).Sum(seen => seen.Issue.Count).Should().Be(2);
    }

    /// <summary>These tell when they sent, by the same wrong clock.</summary>
    [TestCase("ours")]
    [TestCase("sentry7")]
    [TestCase("sentry11")]
    [TestCase("bugsnag")]
    public async Task ClockThreeHoursBehind_OfAVisitor_IsPutRight(string client)
    {
        var way = await Way.OpenAsync(client, "clock", "breadcrumbs", script: OffByThreeHours);
        await way.VisitAsync();
        var seen = (await way.SeenAsync()).Should().ContainSingle().Subject.Event;
        Math.Abs(seen.Occurrence.At - seen.Occurrence.ReceivedAt).Should().BeLessThan(30_000);
        seen.Context.Breadcrumbs.Should().OnlyContain(crumb => crumb.Timestamp != null && Math.Abs(crumb.Timestamp.Value - seen.Occurrence.ReceivedAt) < 60_000);
    }

    [TestCase("sentry11", "sentry11-feedback")]
    [TestCase("sentry7", "sentry7-feedback")]
    public async Task FeedbackOfAVisitor_IsKeptWithItsEvent(string client, string bundle)
    {
        var way = await Way.OpenAsync(client, "feedback", "handled", bundle: bundle);
        var page = await way.GotoAsync();
        await Deadline.Until(() => way.Events.Any(), TimeSpan.FromSeconds(20));
        await page.EvaluateAsync("say('The voucher is not taken')");
        await Deadline.Until(() => way.Requests.Any(r => r.Text.Contains("The voucher is not taken")), TimeSpan.FromSeconds(20));
        await page.Context.CloseAsync();

        var seen = (await way.SeenAsync()).Should().ContainSingle("feedback makes no issue").Subject;
        seen.Issue.Count.Should().Be(1);
        seen.Feedback.Should().ContainSingle().Which.Should().Match<EventFeedback>(f => f.Message == "The voucher is not taken" && f.Name == "Ann" && f.Email == "ann@shop.example" && f.EventId == seen.Event.EventId);
        (await World.Dashboard.PageAsync(way.Project.Id, seen.Issue.Id)).Should().Contain("What visitors said").And.Contain("The voucher is not taken");
        (await World.Dashboard.OutcomeAsync(way.Project.Id, "stored")).Should().Be(2);
    }

    [Test]
    public async Task ClientReportOfSentry_IsCountedInTheLedger()
    {
        var way = await Way.OpenAsync("sentry11", "reports", "limit", _ => new { sampleRate = 0 });
        var page = await way.GotoAsync();
        await page.EvaluateAsync("order(0); order(1); order(2)");
        await page.GotoAsync("about:blank");
        await Deadline.Until(() => way.Requests.Any(r => r.Text.Contains("discarded_events")), TimeSpan.FromSeconds(20));
        way.Requests.Where(r => r.Text.Contains("discarded_events")).Should().OnlyContain(r => r.Status == 200);
        await Deadline.Until(async () => await World.Dashboard.OutcomeAsync(way.Project.Id, "suppressed") == 3, TimeSpan.FromSeconds(30), World.All.Logs, "three events that the client did not send are in the books");
        (await way.SeenAsync()).Should().BeEmpty();
    }
}
