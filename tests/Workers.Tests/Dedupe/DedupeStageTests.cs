using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Streams;
using ErrorPipeline.Workers.Dedupe;

namespace ErrorPipeline.Workers.Tests.Dedupe;

public sealed class DedupeStageTests
{
    private const string Body = """{"type":"TypeError","message":"x","release":"1"}""";

    [Test]
    public void Run_EventSeenBefore_IsADuplicateOfItsProjectAndMinute()
    {
        var seen = new HashSet<EventIdentity> { EventIdentity.Of(1, Some.EventId(1)) };

        var result = DedupeStage.Run([Some.Raw(1, Body, receivedAt: 120_500), Some.Raw(2, Body)], seen, default);

        result.Outcomes.Should().Equal(new OutcomeCount(1, 2, "duplicate", 1));
        result.Forward.Should().ContainSingle().Which.Occurrences.Should().ContainSingle(o => o.EventId == Some.EventId(2));
    }

    [Test]
    public void Run_SameIdTwiceInABatch_KeepsTheFirst()
    {
        var result = Run(Some.Raw(1, """{"message":"first"}"""), Some.Raw(1, """{"message":"second"}"""));

        result.Forward.Should().ContainSingle().Which.Body.ToArray().Should().Equal("""{"message":"first"}"""u8.ToArray());
        result.Outcomes.Should().ContainSingle().Which.Count.Should().Be(1);
    }

    [Test]
    public void Run_SameIdInTwoProjects_IsTwoEvents()
    {
        var result = Run(Some.Raw(1, Body, project: 1), Some.Raw(1, Body, project: 2));

        result.Forward.Select(u => u.ProjectId).Should().Equal(1, 2);
        result.Outcomes.Should().BeEmpty();
    }

    [Test]
    public void Run_EventsThatDifferInLightFactsOnly_FoldAndKeepThem()
    {
        var first = Some.Raw(1, """{"id":"a","timestamp":5,"url":"https://a/1","user":{"id":"u1"},"message":"x","meta":{"a":1}}""");
        var second = Some.Raw(2, """{"id":"b","timestamp":"1970-01-01T00:00:00.007Z","url":"https://a/2","user":{"email":"e"},"message":"x","meta":{}}""")
            with
        { UserAgent = "other" };
        var third = Some.Raw(3, """{"message":"x","url":"https://a/1","session":"s"}""");
        var fourth = Some.Raw(4, """{"message":"x"}""");

        var unique = Run(first, second, third, fourth).Forward.Should().ContainSingle().Subject;

        unique.Body.Should().Be(first.Body);
        unique.Occurrences.Select(o => (o.Timestamp, o.Url, o.User, o.UserAgent)).Should().Equal(
            (5, null, null, "agent"),
            (7, "https://a/2", "e", "other"),
            (null, null, "s", "agent"),
            (null, "", "", "agent"));
    }

    [TestCase("""{"message":"y"}""")]
    [TestCase("""{"message":"x","release":"2"}""")]
    [TestCase("""{"message":"x","environment":"test"}""")]
    [TestCase("""{"message":"x","handled":true}""")]
    [TestCase("""{"message":"x","tags":{"a":"1"}}""")]
    [TestCase("""{"message":"x","fingerprint":["a"]}""")]
    [TestCase("""{"message":"x","level":"info"}""")]
    [TestCase("""{"message":"x","stack":"a"}""")]
    [TestCase("""{"message":"x","causes":[{"message":"y"}]}""")]
    [TestCase("""{"mess":"agex"}""")]
    public void Run_EventsThatDifferInAnythingElse_StayApart(string other) =>
        Run(Some.Raw(1, """{"message":"x"}"""), Some.Raw(2, other)).Forward.Should().HaveCount(2);

    [TestCase("not json")]
    [TestCase("")]
    [TestCase("[]")]
    [TestCase("""{"message":"x"} trailing""")]
    [TestCase("""{"message":"x","url":"\ud83d"}""")]
    [TestCase("""{"message":"x","url":"a\u0000b"}""")]
    [TestCase("""{"message":"x","session":7}""")]
    [TestCase("""{"message":"x","user":"me"}""")]
    [TestCase("""{"message":"x","user":{"id":["me"]}}""")]
    [TestCase("""{"message":"x","url":"a","url":"b"}""")]
    [TestCase("""{"message":"x","\u0075rl":"a"}""")]
    [TestCase("""{"message":"x","timestamp":1e999}""")]
    [TestCase("""{"message":"x","timestamp":"9999-99-99Z"}""")]
    public void Run_OddBodies_TravelAlone(string odd) =>
        Run(Some.Raw(1, odd), Some.Raw(2, odd)).Forward.Should().HaveCount(2).And.OnlyContain(u => u.Count == 1);

    [Test]
    public void Run_InvalidUtf8InALightField_TravelsAlone()
    {
        byte[] body = [.. "{\"url\":\""u8, 0xff, .. "\"}"u8];
        var raws = new[] { 1, 2 }.Select(n => Some.Raw(n, "") with { Body = body }).ToArray();

        Run(raws).Forward.Should().HaveCount(2);
    }

    [Test]
    public void Run_LoneSurrogateOutsideLightFields_Folds()
    {
        const string Odd = """{"message":"\ud83d \u0000"}""";

        Run(Some.Raw(1, Odd), Some.Raw(2, Odd)).Forward.Should().ContainSingle().Which.Count.Should().Be(2);
    }

    [Test]
    public void Run_OtherProtocols_DoNotFold() =>
        Run(Some.Raw(1, Body, protocol: "other"), Some.Raw(2, Body, protocol: "other")).Forward.Should().HaveCount(2);

    [Test]
    public void Run_FloodOfOneError_MakesBoundedRecordsAndLosesNothing()
    {
        var result = Run([.. Enumerable.Range(0, 2500).Select(n => Some.Raw(n, Body))]);

        result.Forward.Select(u => u.Count).Should().Equal(1000, 1000, 500);
        result.Forward.SelectMany(u => u.Occurrences).Select(o => o.EventId).Should().OnlyHaveUniqueItems();
    }

    [Test]
    public void Run_FloodWithLongAgents_BoundsTheBytesOfARecord()
    {
        var agent = new string('a', 10_000);

        var result = Run([.. Enumerable.Range(0, 100).Select(n => Some.Raw(n, Body) with { UserAgent = agent })]);

        result.Forward.Should().OnlyContain(u => u.Count <= 14);
        result.Forward.Sum(u => u.Count).Should().Be(100);
    }

    private static Workers.Pumping.StageResult<UniqueError> Run(params RawError[] batch) =>
        DedupeStage.Run(batch, new HashSet<EventIdentity>(), default);
}
