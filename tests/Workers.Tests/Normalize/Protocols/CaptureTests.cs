using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize.Fingerprints;
using ErrorPipeline.Workers.Normalize.Messages;

namespace ErrorPipeline.Workers.Tests.Normalize.Protocols;

/// <summary>Requests of the real clients in real browsers, where they are at hand.</summary>
public class CaptureTests
{
    private const string V8Words = "Cannot read properties of undefined (reading 'amount')";

    /// <summary>The wire does not say these at all.</summary>
    private static readonly string[] WithoutEnvironment = ["raygun", "trackjs"];
    private static readonly string[] WithoutBreadcrumbs = ["datadog-logs", "datadog-rum", "elastic-apm", "otel"];
    private static readonly string[] WithoutCauses = ["airbrake", "elastic-apm", "otel", "raygun", "trackjs"];

    private static IEnumerable<Capture> Captures => Capture.All.Where(c => c.Events.Count > 0);

    private static IEnumerable<TestCaseData> OfClients => Captures.Where(c => !c.Client.StartsWith("native", StringComparison.Ordinal)).Select(c => new TestCaseData(c).SetArgDisplayNames(c.Name));

    private static IEnumerable<TestCaseData> OfBrowsers => Captures.Where(c => c.Client.StartsWith("native", StringComparison.Ordinal)).Select(c => new TestCaseData(c).SetArgDisplayNames(c.Name));

    [TestCaseSource(nameof(OfClients))]
    public void Normalize_CaptureOfAClient_TellsWhatThePageDid(Capture capture)
    {
        foreach (var error in capture.Normalized())
        {
            error.Error.Type.Should().NotBeEmpty();
            error.Error.Message.Should().NotBeEmpty().And.NotStartWith("Uncaught").And.NotContain("captured with");
            error.Occurrences[0].Browser.Should().Be(capture.Case.StartsWith("firefox", StringComparison.Ordinal) ? "Firefox 153" : "HeadlessChrome 156");
            error.Occurrences[0].Url.Should().Match(url => url == null ? capture.Client == "otel" && error.Context.Handled : url.StartsWith("http://127.0.0.1:9101/page/"));
            error.Context.Release.Should().Be(Release(capture.Client));
            error.Context.Environment.Should().Be(WithoutEnvironment.Contains(capture.Client) ? null : "staging");
            error.Context.Sdk.Should().Match(sdk => sdk != null || capture.Client == "otel");
            error.Grouping.Fingerprint.Should().HaveLength(32);
        }

        Judge(capture, capture.Normalized().Last());
    }

    [TestCaseSource(nameof(OfBrowsers))]
    public void Normalize_ReportOfABrowser_IsGroupedByWhatItIsAbout(Capture capture)
    {
        foreach (var error in capture.Normalized())
        {
            error.Error.Type.Should().BeOneOf("CSPViolation", "Deprecation", "Intervention", "PermissionsPolicyViolation");
            error.Error.Message.Should().NotContain("secret=1");
            error.Grouping.Tokens.Should().HaveCountGreaterThanOrEqualTo(3).And.OnlyContain(token => token.StartsWith("client: ") && !token.Contains("secret"));
            error.Occurrences[0].Browser.Should().NotBeNull();
            error.Occurrences[0].Page.Should().EndWith("/page");
        }
    }

    /// <summary>Deep stacks and shallow ones, which wrappers of clients would tell apart. The bundles of the captures differ by client in file and minified names, so both are replaced by their rank; all else is as it came.</summary>
    [TestCase("uncaught")]
    [TestCase("handled")]
    [TestCase("firefox-uncaught")]
    [TestCase("cause")]
    public void Normalize_SameErrorOfAllClients_IsOneIssue(string @case)
    {
        var captures = Captures.Where(c => c.Case == @case).ToList();
        TestContext.Progress.WriteLine($"same error, case {@case}: {captures.Count} clients compared");
        if (captures.Count == 0)
            Assert.Ignore("no captures here");

        var tokens = captures.ToDictionary(c => c.Client, c => string.Join(" | ", Ranked(c.Normalized().Last(), c.Client)));

        tokens.Values.Distinct().Should().ContainSingle(string.Join('\n', tokens));
    }

    [Test]
    public void Captures_OfThisMachine_AreCounted()
    {
        TestContext.Progress.WriteLine($"captures: {Captures.Count()} requests with {Captures.Sum(c => c.Events.Count)} events of {Captures.Select(c => c.Client).Distinct().Count()} clients");
        if (!Capture.Present)
            Assert.Ignore("no captures here");
        Captures.Should().NotBeEmpty();
    }

    private static string Release(string client) => client switch
    {
        "raygun" => "1.2.3.0",
        "rollbar" or "honeybadger" => "abc1234",
        _ when client.StartsWith("sentry", StringComparison.Ordinal) => "web@1.2.3+456",
        _ => "1.2.3",
    };

    private static void Judge(Capture capture, NormalizedError error)
    {
        switch (capture.Case)
        {
            case "uncaught" or "firefox-uncaught":
                error.Error.Type.Should().Be("TypeError");
                CanonicalMessage.Of(error.Error.Message).Should().Be("Cannot access property 'amount' of undefined");
                error.Error.Frames.Should().HaveCountGreaterThanOrEqualTo(6);
                error.Context.Handled.Should().BeFalse();
                break;
            case "handled":
                (error.Error.Type, error.Error.Message, error.Context.Handled).Should().Be(("TypeError", V8Words, true));
                error.Error.Frames.Should().HaveCountGreaterThanOrEqualTo(6);
                (capture.Client == "otel" || error.Context.User is { Id: "u-17" }).Should().BeTrue();
                $"{error.Context.Meta} {string.Join(',', error.Context.Tags)}".Should().ContainAny("o-1", "extra data");
                break;
            case "rejection-string":
                error.Error.Message.Should().Be("plain string reason");
                error.Context.Handled.Should().BeFalse();
                break;
            case "cause":
                (error.Error.Type, error.Error.Message).Should().Be(("Error", "could not boot widget"));
                error.Error.Frames.Should().NotBeEmpty();
                error.Error.Causes.Select(cause => cause.Type).Should().Equal(WithoutCauses.Contains(capture.Client) ? [] : ["TypeError", "SyntaxError"]);
                error.Error.Causes.Should().NotContain(cause => cause.Frames.Count == 0 || cause.Message.Length == 0);
                break;
            case "breadcrumbs" when !WithoutBreadcrumbs.Contains(capture.Client):
                error.Context.Breadcrumbs.Should().HaveCountGreaterThanOrEqualTo(6).And.OnlyContain(crumb => crumb.Timestamp > 1_700_000_000_000 && crumb.Category != null && crumb.Message != null);
                error.Context.Breadcrumbs.Select(crumb => crumb.Timestamp).Should().BeInAscendingOrder();
                error.Context.Breadcrumbs.Select(crumb => crumb.Category).Should().Contain("console");
                string.Join('\n', error.Context.Breadcrumbs).Should().NotContain("secret123");
                break;
            default:
                break;
        }
    }

    private static IReadOnlyList<string> Ranked(NormalizedError error, string client)
    {
        error.Error.Frames[0].File.Should().EndWith($"/static/{client}.min.js");
        var rank = 0;
        var frames = error.Error.Frames.Select(frame => frame with
        {
            Function = FrameFunction.Stable(frame.Function) == FrameFunction.Anonymous ? null : $"f{rank++}",
            File = frame.File?.Replace(client, "app"),
        }).ToList();
        return FingerprintV1.ErrorTokens(error.Error.Type, MessageTemplate.Of(CanonicalMessage.Of(error.Error.Message)), frames);
    }
}
