using System.Text;
using System.Text.Json;
using ErrorPipeline.Shared.SourceMaps;

namespace ErrorPipeline.Shared.Tests.SourceMaps;

/// <summary>The cases of ECMA-426's own suite. They lie beside the project, not in it; without them the tests are ignored.</summary>
public class SourceMapCorpusTests
{
    /// <summary>What the corpus cannot be asked for, by case. Empty: nothing is excused.</summary>
    private static readonly Dictionary<string, string> Unanswerable = new(StringComparer.Ordinal);

    /// <summary>
    /// The corpus names this map of the transitive cases but does not hold it. This one puts TypeScript's output
    /// back under its comment line: what the cases say of it, and no more.
    /// </summary>
    private const string TypeScriptStep =
        """{"version":3,"sources":["typescript-original.ts"],"names":[],"mappings":"AACA,SAAS,IAAI;IACX,OAAO;AACT;AACA,IAAI"}""";

    [Test]
    public void Decoder_OnTheStandardsSuite_AcceptsAndRefusesAsExpected()
    {
        int right = 0, total = 0;
        var misses = new List<string>();
        foreach (var one in Cases())
        {
            total++;
            var refusal = Decode(Text(one, "mapText"), out _);
            if ((refusal is null) == one.GetProperty("valid").GetBoolean())
                right++;
            else
                misses.Add($"{Text(one, "id")}: {refusal ?? "accepted"}");
        }

        Report("source maps accepted or refused", right, total, misses);
    }

    [Test]
    public void Refusals_OnTheStandardsSuite_AreSentences()
    {
        foreach (var one in Cases().Where(one => !one.GetProperty("valid").GetBoolean()))
        {
            var refusal = Decode(Text(one, "mapText"), out _);
            TestContext.Out.WriteLine($"{Text(one, "id")}: {refusal}");
            refusal.Should().NotBeNullOrWhiteSpace();
        }
    }

    [Test]
    public void Lookups_OnTheStandardsSuite_FindTheExpectedPlaces()
    {
        int right = 0, total = 0;
        var misses = new List<string>();
        foreach (var one in Cases().Where(one => one.GetProperty("lookups").GetArrayLength() > 0))
        {
            Decode(Text(one, "mapText"), out var map);
            foreach (var lookup in one.GetProperty("lookups").EnumerateArray())
            {
                total++;
                var found = Shown(map!, lookup.GetProperty("line").GetInt32(), lookup.GetProperty("col").GetInt32());
                if (found == Expected(lookup.GetProperty("expected"), withName: true))
                    right++;
                else
                    misses.Add($"{Text(one, "id")} {lookup}: {found}");
            }
        }

        Report("source map lookups", right, total, misses);
    }

    [Test]
    public void IgnoreLists_OnTheStandardsSuite_NameTheExpectedSources()
    {
        foreach (var one in Cases().Where(one => one.TryGetProperty("ignoreList", out _)))
        {
            Decode(Text(one, "mapText"), out var map);
            var ignored = Enumerable.Range(0, map!.SourceCount).Select(map.Source).Where(source => source.Ignored).Select(source => source.Url);
            ignored.Should().Equal(one.GetProperty("ignoreList").EnumerateArray().Select(url => url.GetString()));
        }
    }

    [Test]
    public void DebugIds_OnTheStandardsSuite_AreThoseOfTheGoldenRecords()
    {
        foreach (var one in Cases().Where(one => Text(one, "id").Contains("/debug-id/", StringComparison.Ordinal)))
        {
            using var golden = JsonDocument.Parse(Text(one, "goldenText"), new JsonDocumentOptions { AllowTrailingCommas = true });
            Decode(Text(one, "mapText"), out var map);
            var expected = golden.RootElement.TryGetProperty("debugId", out var id) ? id.GetString() : null;
            (map!.DebugId?.ToString()).Should().Be(expected, Text(one, "id"));
        }
    }

    [Test]
    public void Lookups_ThroughIntermediateMaps_EndInTheFirstSource()
    {
        var steps = new Dictionary<string, SourceMap>(StringComparer.Ordinal) { ["transitive-mapping-original.js.map"] = Map(TypeScriptStep) };
        foreach (var one in Cases())
            if (Text(one, "source").EndsWith("/transitive-mapping.js.map", StringComparison.Ordinal))
                steps["transitive-mapping.js.map"] = Map(Text(one, "mapText"));
        int right = 0, total = 0;
        var misses = new List<string>();
        foreach (var one in Cases())
        {
            foreach (var lookup in one.TryGetProperty("transitive", out var all) ? all.EnumerateArray().ToList() : [])
            {
                total++;
                var (line, column) = (lookup.GetProperty("line").GetInt32(), lookup.GetProperty("col").GetInt32());
                var map = Map(Text(one, "mapText"));
                foreach (var step in lookup.GetProperty("intermediateMaps").EnumerateArray())
                {
                    map.Find(line, column, out var position).Should().Be(MapLookup.Found);
                    position.Source.Should().Be(step.GetString()!.Replace(".map", "", StringComparison.Ordinal));
                    (line, column, map) = (position.Line, position.Column, steps[step.GetString()!]);
                }

                map.Find(line, column, out var last);
                var found = $"{last.Source ?? "null"} {last.Line}:{last.Column}";
                if (found == Expected(lookup.GetProperty("expected"), withName: false))
                    right++;
                else
                    misses.Add($"{Text(one, "id")} {lookup}: {found}");
            }
        }

        Report("transitive lookups", right, total, misses);
    }

    private static void Report(string what, int right, int total, List<string> misses)
    {
        TestContext.Out.WriteLine($"{what}: {right} of {total} right");
        total.Should().BePositive();
        misses.Where(miss => !Unanswerable.Keys.Any(id => miss.StartsWith(id, StringComparison.Ordinal))).Should().BeEmpty();
    }

    private static SourceMap Map(string text) => SourceMap.Decode(Encoding.UTF8.GetBytes(text));

    private static string? Decode(string text, out SourceMap? map)
    {
        map = null;
        try
        {
            map = Map(text);
            return null;
        }
        catch (SourceMapException refusal)
        {
            return refusal.Message;
        }
    }

    private static string Shown(SourceMap map, int line, int column) =>
        map.Find(line, column, out var at) == MapLookup.Found ? $"{at.Source ?? "null"} {at.Line}:{at.Column} {at.Name ?? "null"}" : "nothing";

    private static string Expected(JsonElement place, bool withName) => place.ValueKind == JsonValueKind.Null
        ? "nothing"
        : $"{place.GetProperty("source").GetString() ?? "null"} {place.GetProperty("line")}:{place.GetProperty("col")}"
            + (withName ? $" {place.GetProperty("name").GetString() ?? "null"}" : "");

    private static string Text(JsonElement one, string name) => one.GetProperty(name).GetString()!;

    private static List<JsonElement> Cases()
    {
        for (var folder = new DirectoryInfo(TestContext.CurrentContext.TestDirectory); folder is not null; folder = folder.Parent)
        {
            foreach (var candidate in new[] { "shared/corpora/sourcemaps.json", "../shared/corpora/sourcemaps.json" })
            {
                var path = Path.Combine(folder.FullName, candidate);
                if (!File.Exists(path))
                    continue;
                using var cases = JsonDocument.Parse(File.ReadAllBytes(path));
                return cases.RootElement.Clone().EnumerateArray().ToList();
            }
        }

        Assert.Ignore("the corpora are not beside this checkout");
        return [];
    }
}
