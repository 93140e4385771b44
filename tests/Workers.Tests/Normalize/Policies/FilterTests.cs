using System.Text;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Policies;
using ErrorPipeline.Workers.Normalize;
using ErrorPipeline.Workers.Normalize.Policies;
using ErrorPipeline.Workers.Normalize.SourceMaps;

namespace ErrorPipeline.Workers.Tests.Normalize.Policies;

public class FilterTests
{
    private const string Chrome142 = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
    private const string Extension = """{"message":"x","stack":"Error: x\n at f (chrome-extension://a/b.js:1:2)"}""";
    private const string InApp = """{"message":"Can't find variable: _AutofillCallbackHandler"}""";
    private const string Ours = """{"type":"TypeError","message":"boom","stack":"TypeError: boom\n at f (https://a.test/b.js:1:2)","url":"https://a.test/p","release":"1.2.0-beta.3"}""";

    private static NormalizeFacts Facts(FilterSettings? filters = null, string? rules = null, PrivacySettings? privacy = null) => new(
        MapFacts.None, new([new() { Id = 1, Name = "Shop", Keys = [], Policy = new() { Filters = filters, Rules = rules, Privacy = privacy }, UserSalt = "salt" }]));

    private static UniqueError Unique(string body, params string?[] agents) => new()
    {
        ProjectId = 1,
        Protocol = "native",
        Body = Encoding.UTF8.GetBytes(body),
        Occurrences = [.. agents.Select((agent, i) => new Occurrence { EventId = Some.EventId(i), ReceivedAt = Some.Time + (i * 60_000L), UserAgent = agent, ClientIp = "203.0.113.77" })],
    };

    private static string? Reason(string body, FilterSettings? filters, string? agent = Chrome142) =>
        new NormalizeStage().Judge(Unique(body, agent), Facts(filters)).Single().Filtered;

    [Test]
    public void NewProject_FiltersWhatNoChangeToItsCodeCouldMend()
    {
        Reason(Extension, null).Should().Be("extension");
        Reason(InApp, null).Should().Be("web_view");
        Reason(Ours, null).Should().BeNull();
        Reason(Ours, null, "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)").Should().BeNull("a crawler shows what search engines see");
        Reason("""{"message":"Script error."}""", null).Should().BeNull("its issue says what to do");
        Reason("""{"message":"x","url":"http://localhost:3000/"}""", null).Should().BeNull("people try the snippet there first");
    }

    [Test]
    public void ExtensionOfACrawler_IsTakenAsAnExtension() => Reason(Extension, null, Bot).Should().Be("extension");

    [Test]
    public void SwitchedOff_KeepsEverything()
    {
        Reason(Extension, new() { On = [] }).Should().BeNull();
        Reason(InApp, new() { On = [] }).Should().BeNull();
    }

    [TestCase("crawler", "https://a.test/", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")]
    [TestCase("localhost", "http://localhost:3000/x", Chrome142)]
    [TestCase("localhost", "http://shop.localhost/", Chrome142)]
    [TestCase("localhost", "http://127.0.0.1:8080/", Chrome142)]
    [TestCase("localhost", "http://[::1]:8080/", Chrome142)]
    [TestCase("legacy_browser", "https://a.test/", "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; AS; rv:11.0) like Gecko")]
    [TestCase("legacy_browser", "https://a.test/", "Mozilla/5.0 (Linux; Android 9; Pixel) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/61.0.3163.98 Mobile Safari/537.36")]
    public void Switch_On_TakesItsKind(string name, string url, string agent)
    {
        var body = $$"""{"message":"boom","url":"{{url}}"}""";

        Reason(body, new() { On = [name] }, agent).Should().Be(name);
        Reason(body, new() { On = [] }, agent).Should().BeNull();
        Reason("""{"message":"boom","url":"https://a.test/localhost"}""", new() { On = [name] }).Should().BeNull();
    }

    [Test]
    public void OldestBrowsers_OfTheProject_Count()
    {
        var settings = new FilterSettings { On = [FilterName.LegacyBrowser], OldestBrowsers = ["Chrome 143"] };

        Reason(Ours, settings).Should().Be("legacy_browser");
        Reason(Ours, settings with { OldestBrowsers = ["Chrome 142", "nonsense"] }).Should().BeNull();
    }

    [TestCase("boom", true)]
    [TestCase("TypeError: *", true)]
    [TestCase("*OO*", true)]
    [TestCase("boo", false)]
    public void MessageGlob_MatchesTheWholeMessageWithOrWithoutItsType(string glob, bool taken) =>
        Reason(Ours, new() { Messages = [glob] }).Should().Be(taken ? "message" : null);

    [TestCase("1.2.0-beta.*", true)]
    [TestCase("1.2", false)]
    public void ReleaseGlob_MatchesTheWholeRelease(string glob, bool taken) => Reason(Ours, new() { Releases = [glob] }).Should().Be(taken ? "release" : null);

    [Test]
    public void ScriptError_IsTakenOnlyWhereNothingSaysOfWhichScript()
    {
        var on = new FilterSettings { On = [FilterName.ScriptError] };

        Reason("""{"message":"Script error."}""", on).Should().Be("script_error");
        Reason("""{"message":"Script error.","scripts":["https://cdn.test/x.js"]}""", on).Should().BeNull();
    }

    [Test]
    public void Run_CountsWhatItFilteredByMinuteAndKeepsTheSum()
    {
        var bot = "Mozilla/5.0 (compatible; Googlebot/2.1)";
        var result = new NormalizeStage().Run(
            [Unique(Ours, Chrome142, bot, bot), Unique(Extension, Chrome142)], Facts(new() { On = ["crawler", "extension"] }), default);

        result.Forward.Should().ContainSingle().Which.Count.Should().Be(1);
        result.Outcomes.Should().BeEquivalentTo(
        [
            new OutcomeCount(1, (Some.Time / 60_000) + 1, "filtered:crawler", 1),
            new OutcomeCount(1, (Some.Time / 60_000) + 2, "filtered:crawler", 1),
            new OutcomeCount(1, Some.Time / 60_000, "filtered:extension", 1),
        ]);
    }

    private const string Bot = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
    private const string Ie11 = "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko";

    [TestCase("extension", Extension, Chrome142)]
    [TestCase("web_view", InApp, Chrome142)]
    [TestCase("script_error", """{"message":"Script error.","url":"https://a.test/"}""", Chrome142)]
    [TestCase("crawler", Ours, Bot)]
    [TestCase("legacy_browser", Ours, Ie11)]
    [TestCase("localhost", """{"message":"boom","url":"http://localhost:5173/cart"}""", Chrome142)]
    [TestCase("message", """{"type":"Error","message":"ResizeObserver loop completed with undelivered notifications."}""", Chrome142)]
    [TestCase("release", """{"message":"boom","release":"shop@2.0.0-dev"}""", Chrome142)]
    [TestCase("rule", """{"type":"WidgetError","message":"boom"}""", Chrome142)]
    public void Run_WhatAFilterTakes_IsCountedWithItsReasonAndToldToReceipts(string reason, string body, string agent)
    {
        var facts = Facts(new() { On = FilterName.Switches, Messages = ["ResizeObserver loop *"], Releases = ["*-dev"] }, "type:WidgetError -> ignore");

        var result = new NormalizeStage().Run([Unique(body, agent)], facts, default);

        result.Forward.Should().BeEmpty();
        result.Outcomes.Should().Equal(new OutcomeCount(1, Some.Time / 60_000, "filtered:" + reason, 1));
        result.Fates.Should().ContainSingle().Which.Outcome.Should().Be("filtered:" + reason);
        new NormalizeStage().Run([Unique(body, agent)], Facts(new() { On = [] }), default).Forward.Should().ContainSingle("nothing is filtered by itself");
    }

    [Test]
    public void Rules_ThatIgnore_FilterWithTheirReason() =>
        new NormalizeStage().Judge(Unique(Ours, Chrome142), Facts(rules: "message:boom -> ignore")).Single().Filtered.Should().Be("rule");

    [Test]
    public void Rules_GroupAndTitle_AndSayIt()
    {
        var error = new NormalizeStage().Normalize(
            Unique(Ours, Chrome142), Facts(rules: "url:*a.test/p -> fingerprint checkout {{ type }}, title \"Checkout: {{ message }}\"")).Single();

        error.Grouping.Tokens.Should().Equal("rule: checkout", "rule: TypeError");
        error.Title.Should().Be("Checkout: boom");
    }

    [Test]
    public void Rules_DefaultInAFingerprint_StandsForOurs() =>
        new NormalizeStage().Normalize(Unique(Ours, Chrome142), Facts(rules: "type:TypeError -> fingerprint {{ default }} eu")).Single()
            .Grouping.Tokens.Should().Equal("type: TypeError", "message: boom", "frame: f in /b.js", "rule: eu");

    [Test]
    public void Rules_InApp_ChangeFramesGroupingAndClass()
    {
        var stage = new NormalizeStage();
        var body = """{"message":"boom","stack":"Error: boom\n at f (https://cdn.test/lib.js:1:2)\n at g (https://a.test/b.js:1:2)","url":"https://a.test/"}""";
        var plain = stage.Normalize(Unique(body, Chrome142), Facts()).Single();
        var foreign = stage.Normalize(Unique(body, Chrome142), Facts(rules: "file:https://cdn.test/* -> in-app no")).Single();
        var own = stage.Normalize(Unique(body, Chrome142), Facts(rules: "file:https://cdn.test/* -> in-app yes")).Single();

        plain.Grouping.Tokens.Should().Contain("frame: f in /lib.js");
        foreign.Grouping.Tokens.Should().NotContain("frame: f in /lib.js").And.Contain("frame: g in /b.js");
        foreign.Error.Frames[0].InApp.Should().BeFalse();
        own.Context.ClassEvidence.Should().Contain("rule");
        stage.Normalize(Unique(body, Chrome142), Facts()).Single().Grouping.Should().BeEquivalentTo(plain.Grouping, "another project's rules are none of its business");
    }

    [Test]
    public void Address_ByTheProjectsSetting()
    {
        NormalizedOccurrence Facts(string? mode) => new NormalizeStage().Normalize(
            Unique(Ours, Chrome142), FilterTests.Facts(privacy: new() { Address = mode })).Single().Occurrences[0];

        Facts("off").Should().BeEquivalentTo(new { UserKey = (string?)null, Address = (string?)null });
        Facts("hashed").UserKey.Should().NotBeNull();
        Facts("hashed").Address.Should().BeNull();
        Facts("truncated").Address.Should().Be("203.0.113.0/24");
        Facts("truncated").UserKey.Should().NotBe(Facts("hashed").UserKey);
        Facts(null).UserKey.Should().Be(Facts("hashed").UserKey);
    }

    [Test]
    public void Privacy_OfTheProject_AddsKeysAndPatternsAndAllowsOthers()
    {
        var body = """{"message":"order CUST-123456 of ann@a.test failed","meta":{"loyaltyNo":"77","session":"visible","password":"p"},"tags":{"crm":"CUST-999999"}}""";
        var settings = new PrivacySettings { Keys = ["loyalty_no"], Patterns = ["CUST-[0-9]{6}"], AllowedKeys = ["session"], KeepEmails = true };

        var error = new NormalizeStage().Normalize(Unique(body, Chrome142), Facts(privacy: settings)).Single();

        error.Error.Message.Should().Be("order [Filtered] of ann@a.test failed");
        error.Context.Meta.Should().Be("""{"loyaltyNo":"[Filtered]","session":"visible","password":"[Filtered]"}""");
        error.Context.Tags[0].V.Should().Be("[Filtered]");
    }
}
