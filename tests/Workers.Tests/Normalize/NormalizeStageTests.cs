using System.Text;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize;
using ErrorPipeline.Workers.Normalize.Caching;
using ErrorPipeline.Workers.Normalize.Policies;

namespace ErrorPipeline.Workers.Tests.Normalize;

public class NormalizeStageTests
{
    private const long Received = 1_800_000_000_000;
    private const string Chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";

    private static UniqueError Unique(string body, params Occurrence[] occurrences) => new()
    {
        ProjectId = 7,
        Protocol = "native",
        Body = Encoding.UTF8.GetBytes(body),
        Occurrences = occurrences.Length > 0 ? occurrences : [Occurrence(1)],
    };

    private static Occurrence Occurrence(int number, string? agent = Chrome) => new() { EventId = number.ToString("x32"), ReceivedAt = Received, UserAgent = agent, ClientIp = "203.0.113.9" };

    [Test]
    public void Normalize_EventOfABrowser_IsReadWhole()
    {
        var error = new NormalizeStage().Normalize(Unique("""
            {"type":"TypeError","message":"Cannot read properties of undefined (reading 'id')","stack":"TypeError: Cannot read properties of undefined (reading 'id')\n    at Cart.add (https://shop.test/app.3f2a1b9c.js:10:5)",
             "mechanism":"onerror","url":"https://shop.test/cart?token=abc","release":"1.0","environment":"live","tags":{"plan":"pro","api_key":"k"},"user":{"email":"ann@a.test"}}
            """)).Should().ContainSingle().Subject;

        error.Title.Should().Be("TypeError: Cannot read properties of undefined (reading 'id')");
        error.Culprit.Should().Be("Cart.add in /app.3f2a1b9c.js");
        error.Grouping.Tokens.Should().Equal("type: TypeError", "message: Cannot access property 'id' of undefined", "frame: add in /app.*.js");
        error.Error.Frames.Should().ContainSingle().Which.Should().BeEquivalentTo(new StackFrame { Function = "Cart.add", File = "https://shop.test/app.3f2a1b9c.js", Line = 10, Column = 5, InApp = true });
        error.Context.Should().BeEquivalentTo(new { Class = "ours", Handled = false, Release = "1.0", Environment = "live", User = new EventUser(null, "ann@a.test", null) });
        error.Context.Tags.Should().Equal(new Tag("plan", "pro"), new Tag("api_key", "[Filtered]"));
        error.Occurrences.Should().ContainSingle().Which.Should().BeEquivalentTo(
            new { Browser = "Chrome 131", Os = "Windows 10", Device = "desktop", Url = "https://shop.test/cart?token=[Filtered]", Page = "https://shop.test/cart", At = Received });
    }

    [Test]
    public void Normalize_CrawlerAmongPeople_IsItsOwnRecordOfTheSameGroup()
    {
        var errors = new NormalizeStage().Normalize(Unique("""{"message":"boom"}""", Occurrence(1), Occurrence(2, "Mozilla/5.0 (compatible; Googlebot/2.1)"), Occurrence(3)));

        errors.Select(e => (e.Context.Class, e.Count)).Should().BeEquivalentTo([("unknown", 2), ("bot", 1)]);
        errors.Select(e => e.Grouping.Fingerprint).Distinct().Should().ContainSingle();
    }

    [Test]
    public void Normalize_RecordWithoutTheBodysEvent_ShowsNothingOfThatVisitor()
    {
        var errors = new NormalizeStage().Normalize(Unique(
            """{"message":"boom","user":{"id":"ann"},"meta":{"cart":3},"referrer":"https://a.test/","breadcrumbs":[{"message":"clicked"}]}""",
            Occurrence(1), Occurrence(2, "Mozilla/5.0 (compatible; Googlebot/2.1)")));

        errors.Single(e => e.Context.Class == "unknown").Context.Should().BeEquivalentTo(new { User = new EventUser("ann", null, null), Meta = """{"cart":3}""", Referrer = "https://a.test/" });
        errors.Single(e => e.Context.Class == "bot").Context.Should().BeEquivalentTo(
            new { User = (EventUser?)null, Meta = (string?)null, Referrer = (string?)null, Breadcrumbs = Array.Empty<Breadcrumb>() });
    }

    [Test]
    public void Normalize_UsersOfAFold_AreToldApartWithoutBeingNamed()
    {
        var keys = new NormalizeStage().Normalize(Unique(
            """{"message":"boom","user":{"id":"ann"}}""", Occurrence(1), Occurrence(2) with { User = "bob" }, Occurrence(3) with { User = "" }, Occurrence(4)))
            .Single().Occurrences.Select(o => o.UserKey).ToList();

        keys.Distinct().Should().HaveCount(3).And.NotContainNulls();
        keys[0].Should().Be(keys[3]).And.NotContain("ann");
    }

    [TestCase(null, null, Received)]
    [TestCase(Received - 1000, null, Received - 1000)]
    [TestCase(Received - 1000 - 3_600_000, Received - 3_600_000, Received - 1000)]
    [TestCase(253402300799999, null, Received + 60_000)]
    [TestCase(1, null, Received - (30L * 86_400_000))]
    [TestCase(long.MaxValue, long.MinValue, Received + 60_000)]
    public void EventTime_ClientClock_IsCorrectedAndHeldInBounds(long? timestamp, long? sentAt, long expected) =>
        EventTime.Correct(timestamp, sentAt, Received).Should().Be(expected);

    [Test]
    public void Run_CollectorsClockIsAhead_HappenedNoLaterThanAMinuteFromNow()
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(Received - 3_600_000);

        var errors = new NormalizeStage().Run([Unique("""{"message":"boom"}""", Occurrence(1))], NormalizeFacts.None, now).Forward;

        errors.Single().Occurrences.Single().Should().BeEquivalentTo(new { At = Received - 3_600_000 + 60_000, ReceivedAt = Received });
    }

    [TestCase("""{"message":"a\ud83db\u0000","stack":"\ud83d@\u0000","meta":{"\ud83d":"\udead"}}""")]
    [TestCase("not json")]
    [TestCase("")]
    [TestCase("{}")]
    [TestCase("""{"message":["x"],"stack":{},"type":1,"url":7,"timestamp":"9999-12-31","fingerprint":"x"}""")]
    public void Normalize_HostileBody_GivesOneStorableError(string body)
    {
        var error = new NormalizeStage().Normalize(Unique(body)).Single();

        error.Title.Should().NotBeEmpty();
        error.Grouping.Fingerprint.Should().MatchRegex("^[0-9a-f]{32}$");
        var bytes = () => System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(error, ContractsJson.Default.NormalizedError);
        bytes.Should().NotThrow();
    }

    [Test]
    public void Normalize_SeededSecrets_AreNowhereInTheResult()
    {
        const string secret = "s3cr3tValue42";
        var error = new NormalizeStage().Normalize(Unique($$"""
            {"type":"Error","message":"login failed: password={{secret}}","stack":"Error: password={{secret}}\n    at f (https://a.test/x.js?token={{secret}}:1:2)","url":"https://u:{{secret}}@a.test/?api_key={{secret}}",
             "referrer":"https://a.test/#access_token={{secret}}","tags":{"auth":"{{secret}}","note":"Bearer {{secret}}"},"meta":{"password":"{{secret}}","deep":[{"cookie":"{{secret}}"}]},
             "causes":[{"message":"secret={{secret}}"}],"breadcrumbs":[{"message":"GET /?token={{secret}}","data":{"authorization":"{{secret}}"} }],"fingerprint":["token={{secret}}"]}
            """)).Single();

        System.Text.Json.JsonSerializer.Serialize(error, ContractsJson.Default.NormalizedError).Should().NotContain(secret).And.NotContain("203.0.113.9");
    }

    [Test]
    public void Normalize_Repeat_SharesTheParsedError()
    {
        var stage = new NormalizeStage();
        const string body = """{"message":"boom","stack":"at f (https://a.test/x.js:1:2)"}""";

        stage.Normalize(Unique(body)).Single().Error.Should().BeSameAs(stage.Normalize(Unique(body)).Single().Error);
    }

    [Test]
    public void RecentCache_EndlessKeys_StaysInItsBudgetAndKeepsWhatIsUsed()
    {
        var cache = new RecentCache<int, int>(budget: 100, (_, _) => 1);
        cache.Add(-1, 1);
        for (var i = 0; i < 10_000; i++)
        {
            cache.Add(i, i);
            cache.TryGet(-1, out var used).Should().BeTrue();
            cache.Count.Should().BeLessThanOrEqualTo(200);
        }
    }
}
