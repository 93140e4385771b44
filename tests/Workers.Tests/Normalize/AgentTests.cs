using System.Text.RegularExpressions;
using ErrorPipeline.Workers.Normalize.Agents;

namespace ErrorPipeline.Workers.Tests.Normalize;

public class AgentTests
{
    private const string Windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)";
    private const string WebKit = "AppleWebKit/537.36 (KHTML, like Gecko)";

    [TestCase($"{Windows} {WebKit} Chrome/131.0.0.0 Safari/537.36", "Chrome 131", "Windows 10", "desktop")]
    [TestCase($"{Windows} {WebKit} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.2903.51", "Edge 131", "Windows 10", "desktop")]
    [TestCase($"{Windows} {WebKit} Chrome/130.0.0.0 Safari/537.36 OPR/115.0.0.0", "Opera 115", "Windows 10", "desktop")]
    [TestCase("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox 140", "Linux", "desktop")]
    [TestCase("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15", "Safari 18", "Mac OS X 10.15", "desktop")]
    [TestCase("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1", "Mobile Safari 18", "iOS 18", "mobile")]
    [TestCase("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0.6778.73 Mobile/15E148 Safari/604.1", "Chrome Mobile iOS 131", "iOS 18", "mobile")]
    [TestCase("Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1", "Mobile Safari 17", "iOS 17", "tablet")]
    [TestCase($"Mozilla/5.0 (Linux; Android 14; SM-S918B) {WebKit} SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36", "Samsung Internet 27", "Android 14", "mobile")]
    [TestCase($"Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) {WebKit} Version/4.0 Chrome/131.0.6778.39 Mobile Safari/537.36", "Chrome Mobile WebView 131", "Android 14", "mobile")]
    [TestCase($"Mozilla/5.0 (Linux; Android 13; SM-X200) {WebKit} Chrome/131.0.0.0 Safari/537.36", "Chrome 131", "Android 13", "tablet")]
    [TestCase($"Mozilla/5.0 (X11; Linux x86_64) {WebKit} HeadlessChrome/131.0.0.0 Safari/537.36", "HeadlessChrome 131", "Linux", "desktop")]
    [TestCase("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot 2", null, "bot")]
    [TestCase("Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko", "IE 11", "Windows 7", "desktop")]
    [TestCase("no browser at all", null, null, "desktop")]
    public void Parse_Agent_NamesBrowserSystemAndDevice(string agent, string? browser, string? system, string device)
    {
        var parsed = AgentParser.Parse(agent);

        (parsed.BrowserLabel, parsed.SystemLabel, parsed.Device).Should().Be((browser, system, device));
    }

    [Test]
    public void Rules_OfUapCore_AreAllRead()
    {
        AgentRules.Embedded.Browsers.Count.Should().BeGreaterThan(250);
        AgentRules.Embedded.Systems.Count.Should().BeGreaterThan(150);
        AgentRules.Embedded.Devices.Count.Should().BeGreaterThan(500);
        AgentRules.Embedded.Devices.Select(r => r.Pattern.Value).Should().NotContainNulls("every pattern must be one that .NET understands");
    }

    [Test]
    public void Rules_WhosePatternMatches_AreNeverPassedOver()
    {
        var random = new Random(5);
        var rules = AgentRules.Embedded.Browsers.Concat(AgentRules.Embedded.Systems).Concat(AgentRules.Embedded.Devices).ToList();

        var matching = rules.ToDictionary(rule => rule, rule =>
        {
            var patient = new Regex($"{rule.Pattern.Value}", rule.Pattern.Value.Options, Regex.InfiniteMatchTimeout);
            var sampler = new PatternSampler($"{patient}", random);
            return Enumerable.Range(0, 30).Select(_ => sampler.Sample()).Where(text => patient.IsMatch(text)).ToList();
        });

        matching.Count(m => m.Value.Count > 0).Should().BeGreaterThan(rules.Count * 95 / 100, "nearly every pattern must be tried");
        matching.SelectMany(m => m.Value.Where(text => !m.Key.Texts.Value.MayMatch(text)).Select(text => $"{m.Key.Pattern.Value}: {text}")).Should().BeEmpty();
    }

    [Test]
    public void Rules_OfAnOrdinaryBrowser_AreNearlyAllPassedOver()
    {
        const string agent = $"{Windows} {WebKit} Chrome/131.0.0.0 Safari/537.36";

        AgentRules.Embedded.Browsers.Concat(AgentRules.Embedded.Systems).Count(rule => rule.Texts.Value.MayMatch(agent)).Should().BeLessThan(40);
    }

    [TestCase("foo(?:bar|b[aA]z)+x", false, "foobarx", true)]
    [TestCase("foo(?:bar|b[aA]z)+x", false, "fooqx", false)]
    [TestCase("foo(?:bar)?", false, "foo", true)]
    [TestCase("(?:foo|)bar", false, "bar", true)]
    [TestCase("ab{0,2}cdef", false, "acdef", true)]
    [TestCase(@"Chrome/\d+|Firefox", true, "FIREFOX", true)]
    [TestCase(@"Chrome/\d+|Firefox", true, "Safari", false)]
    [TestCase("(?!iPhone)iPad", false, "iPad", true)]
    [TestCase("(?<name>iPad)", false, "none", true, Description = "syntax that is not known")]
    [TestCase("iPad{oops}", false, "none", true, Description = "syntax that is not known")]
    [TestCase("[abc", false, "none", true, Description = "not a pattern")]
    public void RequiredTexts_OfAPattern_ExcludeOnlyWhatCannotMatch(string pattern, bool ignoresCase, string text, bool may) =>
        RequiredTexts.Of(pattern, ignoresCase).MayMatch(text).Should().Be(may);

    [TestCase("a")]
    [TestCase("Android;")]
    [TestCase("Mozilla/5.0 (")]
    [TestCase("bot ")]
    [TestCase("1.")]
    public void Parse_HostileRepetition_TakesAMoment(string part)
    {
        AgentParser.Parse("warm up");
        var started = TimeProvider.System.GetTimestamp();

        AgentParser.Parse(string.Concat(Enumerable.Repeat(part, 10_000)));

        TimeProvider.System.GetElapsedTime(started).Should().BeLessThan(TimeSpan.FromSeconds(1));
    }

    [Test]
    public void Model_Phone_NamesBrandAndModel() =>
        AgentParser.Model($"Mozilla/5.0 (Linux; Android 14; SM-S918B) {WebKit} Chrome/125.0.0.0 Mobile Safari/537.36").Should().Be(("Samsung SM-S918B", "Samsung", "SM-S918B"));
}
