using System.Text;
using ErrorPipeline.Workers.Normalize.Protocols;
using ErrorPipeline.Workers.Normalize.Reading;
using ErrorPipeline.Workers.Normalize.Scrubbing;

namespace ErrorPipeline.Workers.Tests.Normalize.Protocols;

public class JsonTreeTests
{
    private static JsonValue Parse(string json, out bool damaged) => JsonTree.Parse(Encoding.UTF8.GetBytes(json), out damaged);

    [Test]
    public void Parse_DamagedInside_KeepsWhatStoodBefore()
    {
        var root = Parse("""{"a":{"b":["x",{"c":1""", out var damaged);

        damaged.Should().BeTrue();
        root["a"]["b"].Items.First().Text(10).Should().Be("x");
        root["a"]["b"].Items.Last()["c"].Should().NotBeNull();
    }

    [TestCase("[]")]
    [TestCase("7")]
    [TestCase("")]
    [TestCase("nonsense")]
    public void Parse_NotAnObject_IsDamagedAndMissing(string json)
    {
        Parse(json, out var damaged)["a"]["b"].IsNothing.Should().BeTrue();

        damaged.Should().BeTrue();
    }

    [Test]
    public void Parse_TooManyValues_EndsEarly()
    {
        var root = Parse($$"""{"first":1,"many":[{{string.Join(',', Enumerable.Repeat("[]", 200_000))}}],"last":1}""", out var damaged);

        damaged.Should().BeTrue();
        (root["first"].Scalar(10), root["last"].IsNothing).Should().Be(("1", true));
    }

    [Test]
    public void Parse_ByteOrderMark_IsSkipped() => Parse("\ufeff{\"a\":1}", out _)["a"].Place().Should().Be(1);

    [TestCase("1795311474.776", 1000, 1795311474776)]
    [TestCase("\"1795310788523100000\"", 1e-6, 1795310788523)]
    [TestCase("\"Sun, 22 Nov 2026 01:23:22 GMT\"", 1, 1795310602000)]
    [TestCase("-1", 1, null)]
    [TestCase("1e300", 1000, null)]
    [TestCase("\"soon\"", 1, null)]
    [TestCase("{}", 1, null)]
    public void Time_OfAnyForm_IsMsOrAbsent(string value, double unit, long? expected) => Parse($$"""{"t":{{value}}}""", out _)["t"].Time(unit).Should().Be(expected);

    [Test]
    public void MetaText_ValuesOfHostileKeys_AreOneScrubbedObject()
    {
        var root = Parse("""{"extra":{"password":"p","__proto__":1,"\ud83d":"a\ud83d","empty":{}},"cut":{"a":[""", out _);

        var meta = Scrub.Usual.Json(new MetaText().AddAll("extra", root["extra"]).Add("cut", root["cut"]).Add("more", "text").ToJson(), FieldLimits.Meta);

        meta.Should().Be("{\"password\":\"[Filtered]\",\"__proto__\":1,\"\ufffd\":\"a\ufffd\",\"more\":\"text\"}");
    }
}
