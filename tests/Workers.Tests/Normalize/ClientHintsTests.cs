using System.Text;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Dedupe;
using ErrorPipeline.Workers.Normalize;
using ErrorPipeline.Workers.Normalize.Agents;

namespace ErrorPipeline.Workers.Tests.Normalize;

public class ClientHintsTests
{
    private const string Windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
    private const string Mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
    private const string Brands = """[{"brand":"Chromium","version":"142"},{"brand":"Not A(Brand","version":"8"},{"brand":"Google Chrome","version":"142"}]""";

    private static (string? Browser, string? System, string Device) Of(string agent, string? hints)
    {
        var parsed = AgentParser.Parse(agent);
        parsed = ClientHints.Read(hints)?.Refine(parsed) ?? parsed;
        return (parsed.BrowserLabel, parsed.SystemLabel, parsed.Device);
    }

    [TestCase(Windows, "Windows", "15.0.0", "Windows 11")]
    [TestCase(Windows, "Windows", "13.0.0", "Windows 11")]
    [TestCase(Windows, "Windows", "10.0.0", "Windows 10")]
    [TestCase(Windows, "Windows", "", "Windows 10")]
    [TestCase(Mac, "macOS", "15.6.1", "macOS 15")]
    [TestCase(Mac, "macOS", "x", "Mac OS X 10.15")]
    [TestCase("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36", "Android", "16.0.0", "Android 16")]
    public void PlatformVersion_TellsWhatTheFrozenAgentHides(string agent, string platform, string version, string expected) =>
        Of(agent, $$"""{"brands":{{Brands}},"mobile":false,"platform":"{{platform}}","platformVersion":"{{version}}"}""").System.Should().Be(expected);

    [Test]
    public void Brand_ThatPretendsToBeChrome_IsNamed()
    {
        Of(Windows, """{"brands":[{"brand":"Chromium","version":"142"},{"brand":"Brave","version":"142"},{"brand":"Not)A;Brand","version":"24"}]}""").Browser.Should().Be("Brave 142");
        Of(Windows, $$"""{"brands":{{Brands}}}""").Browser.Should().Be("Chrome 142");
    }

    [Test]
    public void Headers_OfARequest_AreReadToo()
    {
        var hints = AgentHints.Of("\"Chromium\";v=\"142\", \"Brave\";v=\"142\", \"Not_A Brand\";v=\"99\"", "\"Chrome OS\"", "?0");

        Of("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36", hints).Browser.Should().Be("Brave 142");
    }

    [TestCase("{")]
    [TestCase("[]")]
    [TestCase("\n\n\n")]
    [TestCase("""{"brands":7,"platform":[],"platformVersion":{},"mobile":"x"}""")]
    [TestCase("""{"brands":[1,null,{"brand":""}],"platform":"Windows","platformVersion":"99999999999"}""")]
    [TestCase("\"\"\"\"\"\"\"\"")]
    public void Hostile_ChangesNothing(string hints) => Of(Windows, hints).Should().Be(("Chrome 142", "Windows 10", "desktop"));

    [Test]
    public void Bot_StaysOne() =>
        Of("Mozilla/5.0 (compatible; Googlebot/2.1)", """{"brands":[{"brand":"Brave","version":"1"}],"platform":"Windows","platformVersion":"15"}""").Device.Should().Be("bot");

    [Test]
    public void FoldedEvents_KeepTheHintsOfEach()
    {
        static string Body(string? version) => version is null ? """{"message":"m"}""" : """{"message":"m","agent":{"platform":"Windows","platformVersion":"VERSION"}}""".Replace("VERSION", version);
        RawError[] raws = [Some.Raw(1, Body("15.0")), Some.Raw(2, Body("10.0")), Some.Raw(3, Body(null)), Some.Raw(4, Body("15.0"))];

        var fold = DedupeStage.Run([.. raws.Select(r => r with { UserAgent = Mac.Replace("Macintosh; Intel Mac OS X 10_15_7", "Windows NT 10.0") })], new HashSet<Shared.Streams.EventIdentity>(), default).Forward;

        fold.Should().ContainSingle("hints are light facts");
        new NormalizeStage().Normalize(fold[0]).Single().Occurrences.Select(o => o.Os).Should().Equal("Windows 11", "Windows 10", "Windows 10", "Windows 11");
    }

    [Test]
    public void RawError_WithHints_IsReadByThisBuildAndPassedOverByOlderOnes()
    {
        var raw = Some.Raw(1, "{}") with { AgentHints = "a\nb\nc" };
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        MessageCodec.Write(bytes, raw);

        MessageCodec.ReadRaw(bytes.WrittenMemory).AgentHints.Should().Be("a\nb\nc");
        MessageCodec.ReadRaw(bytes.WrittenMemory[..^(2 + 5)]).AgentHints.Should().BeNull("that is what an older build wrote");
    }
}
