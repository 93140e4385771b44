using System.Text;
using ErrorPipeline.Shared.SourceMaps;

namespace ErrorPipeline.Shared.Tests.SourceMaps;

public class SourceMapTests
{
    private const string Plain = """{"version":3,"sources":["a.ts"],"names":["n"],"mappings":"AAAAA"}""";

    [TestCase("\uFEFF" + Plain)]
    [TestCase(")]}'\n" + Plain)]
    [TestCase(")]}'garbage here\r\n" + Plain)]
    [TestCase("\uFEFF)]}'\n" + Plain)]
    [TestCase("data:application/json," + Plain)]
    [TestCase("data:application/json;charset=utf-8,%7B%22version%22:3,%22sources%22:[%22a.ts%22],%22names%22:[%22n%22],%22mappings%22:%22AAAAA%22%7D")]
    public void Decoder_OnMapsInWrappings_TakesThem(string text)
    {
        MapText.Decode(text).Find(0, 0, out var at).Should().Be(MapLookup.Found);
        at.Should().Be(new OriginalPosition(0, "a.ts", 0, 0, "n"));
    }

    [Test]
    public void Decoder_OnABase64DataUrl_TakesItWithOrWithoutPadding()
    {
        var base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes(Plain));
        MapText.Decode("data:application/json;charset=utf-8;base64," + base64).SegmentCount.Should().Be(1);
        MapText.Decode("data:application/json;base64," + base64.TrimEnd('=')).SegmentCount.Should().Be(1);
    }

    [TestCase("", "the map is empty")]
    [TestCase(")]}'", "the map is empty")]
    [TestCase("[]", "a source map is a JSON object")]
    [TestCase("{", "not valid JSON at line 1, byte 2")]
    [TestCase(Plain + "x", "not valid JSON*")]
    [TestCase("data:application/json;base64,!!!", "the data: URL is not valid base64")]
    [TestCase("data:x", "the data: URL has no comma*")]
    [TestCase("""{"version":3,"sources":["a"],"mappings":"AAAA,AAAA,CggggggE"}""", "mappings: VLQ value out of range at segment 3")]
    [TestCase("""{"version":3,"sources":["a"],"mappings":"A,,A"}""", "mappings: empty segment at segment 2")]
    [TestCase("""{"version":3,"sources":["a"],"mappings":"B"}""", "mappings: generated column is negative at segment 1")]
    [TestCase("""{"version":3,"sources":["a"],"names":["b"],"mappings":"AAAAAA"}""", "mappings: a segment has 1, 4 or 5 fields, not more at segment 1")]
    [TestCase("""{"version":3,"sections":[{"offset":{"line":0,"column":0},"url":"x"}]}""", "sections?0?.map is missing; sections by url are not supported")]
    public void Decoder_OnABrokenMap_SaysWhatAndWhere(string text, string refusal) =>
        FluentActions.Invoking(() => MapText.Decode(text)).Should().Throw<SourceMapException>().WithMessage(refusal);

    [Test]
    public void Decoder_BeyondALimit_NamesIt()
    {
        var tight = new SourceMapLimits { Bytes = 2000, Segments = 3, Lines = 5, Sections = 2, Depth = 2, Entries = 4, NameLength = 10, SourceLength = 20 };
        Refused(new string(' ', 2001), "*2000*");
        Refused(Of("AAAA,AAAA,AAAA,AAAA"), "*limit of 3 segments*");
        Refused(Of(";;;;;;"), "*limit of 5 lines*");
        Refused("""{"version":3,"sections":[{"offset":{"line":9,"column":0},"map":{"version":3,"sources":[],"mappings":""}}]}""", "*9 is beyond the limit of 5 lines*");
        Refused("""{"version":3,"names":["01234567890"],"sources":[],"mappings":""}""", "names?0?*limit of 10");
        Refused("""{"version":3,"names":[],"sources":["012345678901234567890"],"mappings":""}""", "sources?0?*limit of 20");
        Refused("""{"version":3,"names":["a","b","c","d","e"],"sources":[],"mappings":""}""", "*limit of 4");
        Refused(Nest(3), "*nested deeper than the limit of 2");
        Refused($$"""{"version":3,"sections":[{{string.Join(',', Enumerable.Range(0, 3).Select(i => $$"""{"offset":{"line":{{i}},"column":0},"map":{{Of("")}}}"""))}}]}""", "*limit of 2 sections");
        MapText.Decode(Nest(2), tight).SegmentCount.Should().Be(1);

        void Refused(string text, string message) =>
            FluentActions.Invoking(() => MapText.Decode(text, tight)).Should().Throw<SourceMapException>().WithMessage(message);

        static string Of(string mappings) => $$"""{"version":3,"sources":["a"],"mappings":"{{mappings}}"}""";

        static string Nest(int levels) => levels == 0 ? Of("AAAA") : $$"""{"version":3,"sections":[{"offset":{"line":0,"column":0},"map":{{Nest(levels - 1)}}}]}""";
    }

    [Test]
    public void Decoder_OnNestedSections_AddsTheirOffsets()
    {
        var map = MapText.Decode("""
            {"version":3,"sections":[{"offset":{"line":0,"column":0},"map":{"version":3,"sources":["a"],"names":["x"],"mappings":"AAAAA,I"}},
            {"offset":{"line":0,"column":4},"map":{"version":3,"sections":[{"offset":{"line":0,"column":3},"map":{"version":3,"sources":["b"],"names":["y"],"mappings":"AAAAA;EAAA"}}]}}]}
            """);
        map.Find(0, 7, out var at).Should().Be(MapLookup.Found);
        at.Should().Be(new OriginalPosition(1, "b", 0, 0, "y"));
        map.Find(1, 2, out at).Should().Be(MapLookup.Found);
        map.Find(0, 4, out _).Should().Be(MapLookup.Generated, "the first section ends itself there, and the second begins later");
    }

    [Test]
    public void Section_ThatBeginsAtTheLastMappingOfTheOneBefore_CountsThere()
    {
        const string section = """{"offset":{"line":0,"column":0},"map":{"version":3,"sources":["a"],"mappings":"AAAA,EAAE"}}""";
        var map = MapText.Decode($$"""{"version":3,"sections":[{{section}},{{section.Replace("\"column\":0", "\"column\":2", StringComparison.Ordinal).Replace("\"a\"", "\"b\"", StringComparison.Ordinal)}}]}""");
        foreach (var (column, expected) in ((int, string)[])[(0, "a"), (1, "a"), (2, "b"), (3, "b"), (4, "b")])
        {
            map.Find(0, column, out var at).Should().Be(MapLookup.Found);
            at.Source.Should().Be(expected);
        }
    }

    [Test]
    public void Hermes_OffsetsAndFunctionMaps_AreRead()
    {
        var map = MapText.Decode("""
            {"version":3,"sources":["a.js"],"names":[],"mappings":"AAAA;AACA","x_hermes_function_offsets":{"0":[0,120,300]},
            "x_facebook_sources":[[{"names":["<global>","outer","inner"],"mappings":"AAA;ECC;ICC"}]]}
            """);
        map.HermesFunctionOffset(0, 1).Should().Be(120);
        map.HermesFunctionOffset(1, 0).Should().BeNull();
        map.EnclosingFunction(new OriginalPosition(0, "a.js", 0, 5, null)).Should().Be("<global>");
        map.EnclosingFunction(new OriginalPosition(0, "a.js", 2, 3, null)).Should().Be("outer");
        map.EnclosingFunction(new OriginalPosition(0, "a.js", 9, 0, null)).Should().Be("inner");
    }

    [Test]
    public void ContentLines_OfAnyBreaks_AreCountedLikeEditorsDo()
    {
        var map = MapText.Map([new Mapping(0, 0, 0)], ["a"], [], ["one\ntwo\r\nthree\r\"four\\n\"\n"]);
        map.ContentLines(0, 0, 99).Should().Equal("one", "two", "three", "\"four\\n\"", "");
        map.ContentLines(0, 1, 3).Should().Equal("two", "three");
        map.Content(0).Should().Be("one\ntwo\r\nthree\r\"four\\n\"\n");
    }

    [Test]
    public void Content_WithHalfASurrogate_IsShownNotRefused() =>
        MapText.Decode("""{"version":3,"sources":["a"],"sourcesContent":["\ud800x"],"mappings":""}""").Content(0).Should().HaveLength(2).And.EndWith("x");

    [Test]
    public void Lookup_OfAnyPlace_AllocatesNothing()
    {
        var mappings = Enumerable.Range(0, 5000).Select(i => new Mapping(i / 1000, i % 1000 * 3, i % 3, i, i % 80, i % 2 - 1));
        var map = MapText.Map(mappings, ["a", "b", "c"], ["n"]);
        long sum = 0;
        Look();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Look();
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
        sum.Should().BePositive();

        void Look()
        {
            for (var i = 0; i < 10_000; i++)
            {
                map.Find(i % 6, i % 3100, out var at);
                sum += at.Line;
            }
        }
    }

    [Test]
    public void CompactForm_OfAMap_TakesThirteenBytesASegment()
    {
        var map = MapText.Map(Enumerable.Range(0, 10_000).Select(i => new Mapping(0, i, 0, i, 0)), ["a"], []);
        map.Bytes.Should().BeLessThan(10_000 * 13 + 500);
    }
}
