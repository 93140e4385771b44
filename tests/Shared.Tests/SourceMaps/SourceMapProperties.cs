using System.Diagnostics;
using System.Text;
using ErrorPipeline.Shared.SourceMaps;
using FsCheck;
using FsCheck.Fluent;

namespace ErrorPipeline.Shared.Tests.SourceMaps;

public class SourceMapProperties
{
    private static readonly string[] Sources = ["a.ts", "b.ts", "c.ts"];
    private static readonly string[] Names = ["alpha", "beta", "gamma", "delta"];

    [Test]
    public void Lookups_OfAnyMappings_AreThoseOfAListSearchedFromTheEnd() =>
        Prop.ForAll(Arb.From(Maps()), Arb.From(Places()), (mappings, places) =>
        {
            var map = MapText.Map(mappings, Sources, Names);
            foreach (var (line, column) in places)
            {
                var found = map.Find(line, column, out var at) == MapLookup.Found ? at : default;
                var expected = Naive(mappings, line, column);
                found.Should().Be(expected is { Source: >= 0 }
                    ? new OriginalPosition(expected.Source, Sources[expected.Source], expected.OriginalLine, expected.OriginalColumn, expected.Name < 0 ? null : Names[expected.Name])
                    : default(OriginalPosition));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Test]
    public void IndexMap_OfTheLinesOfAMap_AnswersLikeTheMap() =>
        Prop.ForAll(Arb.From(Maps()), Arb.From(Places()), (mappings, places) =>
        {
            var whole = MapText.Map(mappings, Sources, Names);
            var sections = mappings.GroupBy(mapping => mapping.Line).Select(line =>
                $$"""{"offset":{"line":{{line.Key}},"column":0},"map":{{MapText.Json(line.Select(mapping => mapping with { Line = 0 }), Sources, Names)}}}""");
            var index = MapText.Decode($$"""{"version":3,"sections":[{{string.Join(',', sections)}}]}""");
            foreach (var (line, column) in places)
            {
                var inWhole = whole.Find(line, column, out var expected);
                var inIndex = index.Find(line, column, out var found);
                (inIndex == MapLookup.Found).Should().Be(inWhole == MapLookup.Found);
                (found with { SourceIndex = 0 }).Should().Be(expected with { SourceIndex = 0 });
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    [Test]
    public void Decoder_OnMutilatedMaps_RefusesOrDecodesButNothingElse()
    {
        var random = new Random(426);
        var good = Encoding.UTF8.GetBytes("""
            {"version":3,"file":"x.js","sourceRoot":"r","sections":[{"offset":{"line":0,"column":3},"map":{"version":3,"sources":["a","b"],"sourcesContent":["x\ny\u00e4",null],
            "names":["n","m"],"mappings":"AAAAA,SAASA,MACP;;EACA,CCAC","ignoreList":[0],"rangeMappings":"B;","debugId":"85314830-023f-4cf1-a267-535f4e37bb17",
            "x_facebook_sources":[[{"names":["f"],"mappings":"AAA"}],null],"x_hermes_function_offsets":{"0":[1,2]}}}]}
            """);
        SourceMap.Decode(good).SegmentCount.Should().Be(5);
        var clock = Stopwatch.StartNew();
        int accepted = 0, refused = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var text = Mutilate(good, random);
            try
            {
                var map = SourceMap.Decode(text);
                for (var line = -1; line < 4; line++)
                    map.Find(line, random.Next(-1, 40), out _);
                for (var source = 0; source < map.SourceCount; source++)
                    map.ContentLines(source, 0, 3);
                accepted++;
            }
            catch (SourceMapException refusal)
            {
                refusal.Message.Should().NotBeEmpty();
                refused++;
            }
        }

        accepted.Should().BeGreaterThan(1000);
        refused.Should().BeGreaterThan(1000);
        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(30));
    }

    private static byte[] Mutilate(byte[] good, Random random)
    {
        List<byte> text = [.. good];
        for (var cuts = random.Next(1, 4); cuts > 0; cuts--)
        {
            var at = random.Next(text.Count);
            switch (random.Next(5))
            {
                case 0: text[at] = (byte)random.Next(256); break;
                case 1: text.RemoveRange(at, Math.Min(text.Count - at - 1, random.Next(1, 20))); break;
                case 2: text.Insert(at, (byte)"{}[]\",:0123456789ABgz+/;\\-e."[random.Next(28)]); break;
                case 3: text.InsertRange(at, text.GetRange(random.Next(text.Count - 20), 20)); break;
                default: text[at] = (byte)"ACDEgy;,0"[random.Next(9)]; break;
            }
        }

        return [.. text];
    }

    private static Mapping? Naive(List<Mapping> mappings, int line, int column)
    {
        var inLine = mappings.Where(mapping => mapping.Line == line && mapping.Column <= column).OrderBy(mapping => mapping.Column).ToList();
        return inLine.Find(mapping => mapping.Column == column) ?? inLine.LastOrDefault();
    }

    /// <summary>Up to six lines, columns in any order, now and then with values that need all bits.</summary>
    private static Gen<List<Mapping>> Maps()
    {
        var small = Gen.Choose(0, 60);
        var any = Gen.Frequency((9, small), (1, Gen.Choose(0, int.MaxValue)));
        var one = from line in Gen.Choose(0, 5)
                  from column in small
                  from source in Gen.Choose(-1, 2)
                  from originalLine in any
                  from originalColumn in any
                  from name in Gen.Choose(-1, 3)
                  select source < 0 ? new Mapping(line, column) : new Mapping(line, column, source, originalLine, originalColumn, name);
        return Gen.ListOf(one).Select(all => all.OrderBy(mapping => mapping.Line).ToList());
    }

    private static Gen<List<(int Line, int Column)>> Places() =>
        Gen.ListOf(from line in Gen.Choose(0, 7) from column in Gen.Choose(0, 70) select (line, column)).Select(all => all.ToList());
}
