using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize.Stacks;

namespace ErrorPipeline.Workers.Tests.Normalize;

public class StackParserTests
{
    [TestCase("    at foo (https://a.test/x.js:1:2)", "foo", "https://a.test/x.js", 1, 2)]
    [TestCase("    at https://a.test/x.js:1:2", null, "https://a.test/x.js", 1, 2)]
    [TestCase("    at async load (https://a.test/x.js:1:2)", "async load", "https://a.test/x.js", 1, 2)]
    [TestCase("    at async https://a.test/x.js:1:2", null, "https://a.test/x.js", 1, 2)]
    [TestCase("    at Object.callback (async http://localhost:5000/:25:7)", "Object.callback", "http://localhost:5000/", 25, 7)]
    [TestCase("    at async Promise.all (index 0)", "async Promise.all", "index 0", null, null)]
    [TestCase("    at Array.map (<anonymous>)", "Array.map", "<anonymous>", null, null)]
    [TestCase("    at <anonymous>", null, "<anonymous>", null, null)]
    [TestCase("    at something (http://localhost:5000/(some)/(thing)/index.html:20:16)", "something", "http://localhost:5000/(some)/(thing)/index.html", 20, 16)]
    [TestCase("    at more (http://localhost:5000/(group)/[route]/script.js:1:126)", "more", "http://localhost:5000/(group)/[route]/script.js", 1, 126)]
    [TestCase("    at http://localhost/a(b).js:1:2", null, "http://localhost/a(b).js", 1, 2)]
    [TestCase("    at Object.<anonymous> (C:\\work\\my app\\a.js:3:14)", "Object.<anonymous>", "C:\\work\\my app\\a.js", 3, 14)]
    [TestCase("    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)", "process.processTicksAndRejections", "node:internal/process/task_queues", 95, 5)]
    [TestCase("    at value (address at index.android.bundle:1:32776)", "value", "index.android.bundle", 1, 32776)]
    [TestCase("    at forEach (native)", "forEach", "native", null, null)]
    [TestCase("    at eval (eval at <anonymous> (https://a.test/x.js:7:3), <anonymous>:1:1)", "eval", "https://a.test/x.js", 7, 3)]
    [TestCase("    at eval at run (https://a.test/x.js:7:3), <anonymous>:1:30", null, "https://a.test/x.js", 7, 3)]
    [TestCase("    at eval (webpack-internal:///./src/a.ts:22:9)", "eval", "webpack-internal:///./src/a.ts", 22, 9)]
    [TestCase("    at main (wasm://wasm/mod-00a1:wasm-function[3]:0x12)", "main", "wasm://wasm/mod-00a1:wasm-function[3]:0x12", null, null)]
    [TestCase("    at chrome-extension://abcdef/content.js:10:5", null, "chrome-extension://abcdef/content.js", 10, 5)]
    [TestCase("    at Function code (Function code:1:1)", "Function code", "Function code", 1, 1)]
    [TestCase("    at [object Object].global.every [as _onTimeout] (/Users/me/t.coffee:36:3)", "[object Object].global.every [as _onTimeout]", "/Users/me/t.coffee", 36, 3)]
    [TestCase("    at Button", "Button", null, null, null)]
    [TestCase("    in Button (at App.js:12)", "Button", "App.js", 12, null)]
    [TestCase("    in div (created by App)", "div", null, null, null)]
    [TestCase("foo@https://a.test/x.js:1:2", "foo", "https://a.test/x.js", 1, 2)]
    [TestCase("foo@https://unpkg.com/react@16.0.0/umd/react.js:1:2", "foo", "https://unpkg.com/react@16.0.0/umd/react.js", 1, 2)]
    [TestCase("https://unpkg.com/react@16.0.0/umd/react.js:1:2", null, "https://unpkg.com/react@16.0.0/umd/react.js", 1, 2)]
    [TestCase("obj[\"@fn\"]@Script%20snippet%20%231:10:29", "obj[\"@fn\"]", "Script%20snippet%20%231", 10, 29)]
    [TestCase("who@http://localhost:5000/misc/@stuff/foo.js:3:9", "who", "http://localhost:5000/misc/@stuff/foo.js", 3, 9)]
    [TestCase("async*run@https://a.test/x.js:1:2", "async*run", "https://a.test/x.js", 1, 2)]
    [TestCase("setTimeout handler*@https://a.test/x.js:1:2", null, "https://a.test/x.js", 1, 2)]
    [TestCase("anonymous@https://a.test/x.js line 9 > Function:1:1", "anonymous", "https://a.test/x.js", 9, null)]
    [TestCase("f@https://a.test/x.js line 26 > eval line 2 > eval:1:30", "f", "https://a.test/x.js", 26, null)]
    [TestCase("global code@https://a.test/:5:3", "global code", "https://a.test/", 5, 3)]
    [TestCase("forEach@[native code]", "forEach", "[native code]", null, null)]
    [TestCase("ClipperError@safari-extension:(//3284871F/2665/commons.js:223036:10)", "ClipperError", "safari-extension://3284871F/2665/commons.js", 223036, 10)]
    [TestCase("safari-web-extension:(//3284871F/2665/topee.js:3313:26)", null, "safari-web-extension://3284871F/2665/topee.js", 3313, 26)]
    [TestCase("f@webkit-masked-url://hidden/:3:9", "f", "webkit-masked-url://hidden/", 3, 9)]
    [TestCase("s@33.js:1:531", "s", "33.js", 1, 531)]
    [TestCase("102.js:1:2956", null, "102.js", 1, 2956)]
    [TestCase("run@blob:https://a.test/1f0c-22:4:5", "run", "blob:https://a.test/1f0c-22", 4, 5)]
    [TestCase("called from line 27, column 8 in <anonymous function: run>(ex) in http://a.test/x.js:", "run", "http://a.test/x.js", 27, 8)]
    [TestCase("called from line 15, column 3 in http://a.test/x.js:", null, "http://a.test/x.js", 15, 3)]
    [TestCase("  Line 4 of inline#1 script in http://a.test/x.js: In function bar", "bar", "http://a.test/x.js", 4, null)]
    public void Parse_LineOfAnEngine_GivesItsPlace(string line, string? function, string? file, int? number, int? column)
    {
        var frame = StackParser.Parse(null, null, line).Frames.Should().ContainSingle().Subject;

        (frame.Function, frame.File, frame.Line, frame.Column).Should().Be((function, file, number, column));
    }

    [TestCase("TypeError: x is not a function\n    at f (a.js:1:2)", "TypeError", "x is not a function")]
    [TestCase("Uncaught (in promise) RangeError: too deep\n    at f (a.js:1:2)", "RangeError", "too deep")]
    [TestCase("Error\n    at f (a.js:1:2)", "Error", "")]
    [TestCase("Error: first\nsecond\n    at f (a.js:1:2)", "Error", "first\nsecond")]
    [TestCase("something went wrong\n    at f (a.js:1:2)", null, "something went wrong")]
    [TestCase("Error: write to me@a.test:25:3\n    at f (a.js:1:2)", "Error", "write to me@a.test:25:3")]
    [TestCase("f@https://a.test/x.js:1:2", null, null)]
    public void Parse_HeaderAboveFrames_GivesTypeAndMessage(string stack, string? type, string? message)
    {
        var parsed = StackParser.Parse(null, null, stack);

        (parsed.Type, parsed.Message, parsed.Frames.Count).Should().Be((type, message, 1));
    }

    [Test]
    public void Parse_MessageThatLooksLikeFrames_IsReadOffFirst()
    {
        const string message = "bad template\n    at line (a.html:3:4)";

        var parsed = StackParser.Parse("Error", message, $"Error: {message}\n    at f (a.js:1:2)");

        parsed.Frames.Should().ContainSingle().Which.File.Should().Be("a.js");
    }

    [TestCase("https://a.test/app.js", true)]
    [TestCase("webpack:///./src/a.ts", true)]
    [TestCase("https://a.test/node_modules/react/index.js", false)]
    [TestCase("moz-extension://abc/x.js", false)]
    [TestCase("[native code]", false)]
    [TestCase("<anonymous>", false)]
    public void InAppRule_File_TellsOwnCodeFromTheRest(string file, bool own) => InAppRule.IsInApp(file).Should().Be(own);

    [Test]
    public void Parse_DeepRecursion_KeepsTheFirst150AndTheLast50()
    {
        var stack = string.Join('\n', Enumerable.Range(1, 1000).Select(i => $"    at f (a.js:{i}:1)"));

        var frames = StackParser.Parse(null, null, stack).Frames;

        frames.Select(f => f.Line).Should().Equal(Enumerable.Range(1, 150).Concat(Enumerable.Range(951, 50)).Cast<int?>());
    }

    [Test]
    public void Parse_EndlessNames_AreCut()
    {
        var frame = StackParser.Parse(null, null, $"at {new string('f', 30_000)} (https://a.test/{new string('x', 30_000)}:7:8)").Frames.Single();

        frame.Should().BeEquivalentTo(new { Line = 7, Column = 8 });
        frame.Function!.Length.Should().Be(FrameList.LongestFunction);
        frame.File!.Length.Should().Be(FrameList.LongestFile);
    }

    /// <summary>64 KB of what breaks backtracking parsers. Quadratic work would be four billion steps each.</summary>
    [TestCase("at ")]
    [TestCase("(")]
    [TestCase(")")]
    [TestCase("@")]
    [TestCase("at (eval at ")]
    [TestCase("@a:")]
    [TestCase(":1")]
    [TestCase(" > eval line 1")]
    [TestCase("at x @ ")]
    [TestCase("\n")]
    [TestCase("at \n@")]
    [TestCase("\"@")]
    [TestCase("<anonymous function: ")]
    [TestCase("Line 1 of script in ")]
    [TestCase("called from line 1, column 1 in ")]
    public void Parse_HostileRepetition_TakesLinearTime(string part)
    {
        var stack = string.Concat(Enumerable.Repeat(part, StackParser.LongestStack / part.Length));
        var started = TimeProvider.System.GetTimestamp();

        for (var i = 0; i < 20; i++)
            StackParser.Parse(null, null, stack + (i % 2 == 0 ? ")" : ":1:2"));

        TimeProvider.System.GetElapsedTime(started).Should().BeLessThan(TimeSpan.FromSeconds(2));
    }

    [Test]
    public void Parse_RandomPiecesOfStacks_NeverThrowsAndStaysBounded()
    {
        string[] pieces =
        [
            "at ", "async ", "(", ")", "@", ":", "1", "99999999999999", "\n", " ", "eval at ", "<anonymous>", "https://a.test/x.js", "[native code]", " > eval", " line 3",
            "safari-extension:(//", "Error: ", "\ud83d", "\0", "in ", "created by ", "called from line ", ", column ", " in ", "Line ", " script ", "\"", "data:", "C:\\", "é",
        ];
        var random = new Random(4711);
        for (var i = 0; i < 20_000; i++)
        {
            var stack = string.Concat(Enumerable.Range(0, random.Next(1, 25)).Select(_ => pieces[random.Next(pieces.Length)]));
            IReadOnlyList<StackFrame> frames = [];

            var parse = () => frames = StackParser.Parse("Error", "x", stack).Frames;

            parse.Should().NotThrow(stack);
            frames.Where(f => f.Line < 0 || f.File?.Length > FrameList.LongestFile).Should().BeEmpty();
        }
    }
}
