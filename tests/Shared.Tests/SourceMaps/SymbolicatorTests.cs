using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.SourceMaps;

namespace ErrorPipeline.Shared.Tests.SourceMaps;

public class SymbolicatorTests
{
    private const string Script = "https://x.test/app.js";
    private static readonly Guid Build = Guid.Parse("85314830-023f-4cf1-a267-535f4e37bb17");

    private const string Source = "import { price } from './price';\n\nexport function total(items) {\n  return items.map(i => price(i));\n}\n\nfunction checkout() {\n  total(null);\n}\n";

    [Test]
    public void Frame_WithAMapAndItsText_GetsPlaceFunctionAndLines()
    {
        var frame = Symbolicate([Frame("t", 1, 11)], Map(Source))[0];

        frame.Should().BeEquivalentTo(new StackFrame
        {
            Function = "total",
            File = "src/cart.ts",
            Line = 4,
            Column = 10,
            InApp = true,
            Generated = new GeneratedPlace(Script, 1, 11, "t"),
            Context = new FrameContext(
                ["import { price } from './price';", "", "export function total(items) {"], "  return items.map(i => price(i));", ["}", "", "function checkout() {", "  total(null);", "}"]),
        });
    }

    [Test]
    public void Frame_WithoutTheText_TakesTheNameOfItsCallersToken()
    {
        var frames = Symbolicate([Frame("t", 1, 11), Frame("n", 1, 31), Frame(null, 1, 31)], Map(null));

        frames.Select(frame => frame.Function).Should().Equal("total", "total", null);
        frames[0].Context.Should().BeNull();
    }

    [Test]
    public void Frame_WithAPropertysName_KeepsItWithoutTheText() =>
        Symbolicate([Frame("Object.handle", 1, 11), Frame("n", 1, 31)], Map(null))[0].Function.Should().Be("Object.handle");

    [TestCase(7, 5, "describes 1 line, but the frame is on line 7")]
    [TestCase(1, 3, "Column 3 is before the first mapping of line 1")]
    [TestCase(1, 95, "was made by the bundler")]
    [TestCase(1, 85, "does not name the source")]
    [TestCase(null, null, "gave no line")]
    [TestCase(1, null, "gave no column")]
    public void Frame_ThatAMapDoesNotKnow_StaysAndSaysWhy(int? line, int? column, string problem)
    {
        var frame = Frame("t", line, column);
        var result = Symbolicate([frame], Map(Source))[0];
        result.MapProblem.Should().Contain(problem).And.Contain(Script).And.EndWith(".");
        (result with { MapProblem = null }).Should().Be(frame);
    }

    [Test]
    public void Frame_OfAFileWithoutMap_SaysSo()
    {
        Symbolicator.Symbolicate([Frame("t", 1, 11)], (_, _) => default)[0].MapProblem.Should().Be($"No source map was uploaded for {Script}.");
        Symbolicator.Symbolicate([Frame("t", 1, 11)], (_, _) => new MapAnswer(null, "The release 1.0 has no artifacts."))[0].MapProblem
            .Should().Be("The release 1.0 has no artifacts.");
    }

    [Test]
    public void Frame_WhoseDebugIdIsNotTheMaps_IsNotResolvedByIt()
    {
        var other = Guid.Parse("00000000-0000-4000-8000-000000000001");
        var ids = new Dictionary<string, Guid>(StringComparer.Ordinal) { [Script] = other };
        Guid? asked = null;
        var frame = Symbolicator.Symbolicate([Frame("t", 1, 11)], (_, id) => { asked = id; return new MapAnswer(Map(Source)); }, ids)[0];
        asked.Should().Be(other);
        frame.MapProblem.Should().Contain(Build.ToString()).And.Contain(other.ToString());
        frame.Generated.Should().BeNull();
    }

    [Test]
    public void Frames_SymbolicatedTwice_AreUnchanged()
    {
        var once = Symbolicate([Frame("t", 1, 11)], Map(Source));
        Symbolicator.Symbolicate(once, (_, _) => throw new InvalidOperationException("asked again")).Should().Equal(once);
    }

    [Test]
    public void Frame_OfALibrary_IsNotInApp() => Symbolicate([Frame("t", 1, 75)], Map(Source))[0].InApp.Should().BeFalse();

    [Test]
    public void Context_OfALongLine_IsCutAroundTheColumn()
    {
        var line = new string('a', 500) + "HERE" + new string('b', 500);
        var map = MapText.Map([new Mapping(0, 0, 0, 0, 500)], ["a.ts"], [], [line]);
        var context = Symbolicate([Frame("t", 1, 1)], map)[0].Context!;
        context.Line.Should().HaveLength(200).And.Contain("HERE");
    }

    private static IReadOnlyList<StackFrame> Symbolicate(StackFrame[] frames, SourceMap map) => Symbolicator.Symbolicate(frames, (_, _) => new MapAnswer(map));

    private static StackFrame Frame(string? function, int? line, int? column) =>
        new() { Function = function, File = Script, Line = line, Column = column, InApp = true };

    private static SourceMap Map(string? content) => MapText.Map(
        [
            new Mapping(0, 5, 0, 2, 16, 0), new Mapping(0, 10, 0, 3, 9), new Mapping(0, 30, 0, 7, 2, 0),
            new Mapping(0, 70, 1, 0, 0), new Mapping(0, 80, 2, 0, 0), new Mapping(0, 90),
        ],
        ["src/cart.ts", "../node_modules/lib/index.js", null!], ["total"], content is null ? null : [content], Build);
}
