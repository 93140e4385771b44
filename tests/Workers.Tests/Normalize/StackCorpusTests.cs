using System.Text.Json;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize.Stacks;

namespace ErrorPipeline.Workers.Tests.Normalize;

/// <summary>Cases that authors of other parsers wrote down. They lie beside the project, not in it; without them the test is ignored.</summary>
public class StackCorpusTests
{
    /// <summary>What no parser of the stack string can know, by case.</summary>
    private static readonly Dictionary<string, string> Unanswerable = new(StringComparer.Ordinal)
    {
        ["csnover/TraceKit#104"] = "expects the first line of the back-trace, where the error was thrown, not to be a frame; the same case of a later Opera expects it",
        ["csnover/TraceKit#105"] = "the frames were in Opera's 'stacktrace' property; the case holds a message without a back-trace, and no stack",
        ["csnover/TraceKit#107"] = "columns were in Opera's 'stacktrace' property; the stack that the case holds has none",
    };

    [Test]
    public void Parser_OnForeignCases_AgreesWhereTheJudgesAgree()
    {
        var file = Find();
        if (file is null)
            Assert.Ignore("the corpora are not beside this checkout");

        using var cases = JsonDocument.Parse(File.ReadAllBytes(file));
        int right = 0, total = 0, counted = 0, countedRight = 0;
        var misses = new List<string>();
        foreach (var one in cases.RootElement.EnumerateArray())
        {
            total++;
            var id = one.GetProperty("id").GetString()!;
            var difference = Difference(one);
            var agreed = one.GetProperty("judgesAgree").ValueKind != JsonValueKind.False;
            counted += agreed ? 1 : 0;
            if (difference is null)
            {
                right++;
                countedRight += agreed ? 1 : 0;
                continue;
            }

            TestContext.Out.WriteLine($"{id} ({one.GetProperty("judgesAgree")}): {difference}");
            if (agreed && !Unanswerable.ContainsKey(id))
                misses.Add($"{id}: {difference}");
        }

        TestContext.Out.WriteLine($"stacks: {right} of {total} exactly right; of those that count {countedRight} of {counted}");
        misses.Should().BeEmpty();
    }

    private static string? Difference(JsonElement one)
    {
        var frames = StackParser.Parse(Text(one, "type"), Text(one, "message"), Text(one, "stack")).Frames;
        if (one.GetProperty("frameCount") is { ValueKind: JsonValueKind.Number } count && count.GetInt32() != frames.Count)
            return $"{frames.Count} frames, expected {count.GetInt32()}";
        var index = 0;
        foreach (var expected in one.GetProperty("expectedFrames").EnumerateArray())
        {
            if (expected.ValueKind == JsonValueKind.Object && (index >= frames.Count || !Matches(expected, frames[index])))
                return $"frame {index} is {(index < frames.Count ? frames[index] : null)}, expected {expected}";
            index++;
        }

        return null;
    }

    private static bool Matches(JsonElement expected, StackFrame frame) =>
        Same(expected, "function", frame.Function) && Same(expected, "file", frame.File)
        && Same(expected, "line", frame.Line?.ToString()) && Same(expected, "col", frame.Column?.ToString());

    private static bool Same(JsonElement expected, string name, string? actual) =>
        !expected.TryGetProperty(name, out var value) || (value.ValueKind == JsonValueKind.Null ? null : value.ToString()) == actual;

    private static string? Text(JsonElement one, string name) => one.GetProperty(name).GetString();

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(TestContext.CurrentContext.TestDirectory); folder is not null; folder = folder.Parent)
        {
            foreach (var candidate in new[] { "shared/corpora/stacks.json", "../shared/corpora/stacks.json" })
            {
                var path = Path.Combine(folder.FullName, candidate);
                if (File.Exists(path))
                    return path;
            }
        }

        return null;
    }
}
