using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize.Stacks;

namespace ErrorPipeline.Workers.Tests.Normalize;

/// <summary>tests/Corpus/stack-lines.txt: the forms in which engines write a frame, each with the frame it is.</summary>
public class StackLinesTests
{
    private static readonly string[] Lines = [.. File.ReadAllLines(Path.Combine(Checkout.Root, "tests", "Corpus", "stack-lines.txt")).Where(line => line.Length > 0 && !line.StartsWith("# ", StringComparison.Ordinal))];

    [Test]
    public void Parse_EveryFormOfALine_GivesItsFrame()
    {
        var wrong = new List<string>();
        for (var i = 0; i < Lines.Length; i += 2)
        {
            var frames = StackParser.Parse(null, null, Lines[i]).Frames;
            var actual = frames.Count == 0 ? "    => no frame" : string.Join('\n', frames.Select(Written));
            if (actual != Lines[i + 1])
                wrong.Add($"{Lines[i]}\n{actual}\ninstead of\n{Lines[i + 1]}");
        }

        Lines.Length.Should().BeGreaterThan(2 * 150);
        wrong.Should().BeEmpty();
    }

    private static string Written(StackFrame frame) => $"    => {frame.Function ?? "-"} | {frame.File ?? "-"} | {frame.Line?.ToString() ?? "-"} | {frame.Column?.ToString() ?? "-"} | {(frame.InApp ? "own" : "lib")}";

    [TestCase("TypeError: e is not a function at t (https://a.test/x.js:1:2) at n (https://a.test/x.js:3:4)", "TypeError", "e is not a function", "t n")]
    [TestCase("Error: I am at home at f (eval at g (https://a.test/x.js:1:2), <anonymous>:3:4) at n (https://a.test/x.js:3:4)", "Error", "I am at home", "f n")]
    [TestCase("Error: outer\n    at f (a.js:1:2) {\n  [cause]: Error: inner\n      at g (b.js:3:4)\n}", "Error", "outer", "f")]
    [TestCase("Error: outer\n    at f (a.js:1:2) {\n  code: 'E'\n}", "Error", "outer", "f")]
    [TestCase("TypeError: x\n    at f (a.js:1:2)\nCaused by: Error: y\n    at g (b.js:1:2)", "TypeError", "x", "f")]
    [TestCase("/home/me/a.js:3\n    throw new Error('x');\n    ^\n\nError: x\n    at f (/home/me/a.js:3:11)\n    at node:internal/x:1:2\n\nNode.js v20.1.0", "Error", "x", "f ?")]
    [TestCase("TypeError [ERR_INVALID_ARG_TYPE]: bad\n    at f (a.js:1:2)", "TypeError", "bad", "f")]
    [TestCase("Unhandled promise rejection: Error: x\n    at f (a.js:1:2)", "Error", "x", "f")]
    [TestCase("uncaught exception: Error: x", "Error", "x", "")]
    [TestCase("Error: x\r\n    at f (a.js:1:2)\r\n    at g (b.js:3:4)\r\n", "Error", "x", "f g")]
    [TestCase("Error: user@host:25\nfoo@http://a.test/x.js:1:2", "Error", "user@host:25", "foo")]
    [TestCase("Error: see http://a.test/x.js:1:2 for help\nfoo@http://a.test/x.js:1:2", "Error", "see http://a.test/x.js:1:2 for help", "foo")]
    [TestCase("Failed at step 2\nat home\nfoo@http://a.test/x.js:1:2", null, "Failed at step 2\nat home", "foo")]
    [TestCase("Statement on line 44: Type mismatch\nBacktrace:\n  Line 44 of linked script http://a.test/x.js\n    this.undef();\n  Line 31 of linked script http://a.test/x.js: In function f\n    x();", null, "Statement on line 44: Type mismatch", "? f")]
    [TestCase("\n    in Button (created by App)\n    in div (created by App)\n    in App", null, null, "Button div App")]
    [TestCase("\nButton@https://a.test/x.js:1:2\ndiv\nApp@https://a.test/x.js:1:9", null, null, "Button App")]
    [TestCase("Error: x\n    at f (a.js:1:2)\nFrom previous event:\n    at g (b.js:3:4)", "Error", "x", "f g")]
    [TestCase("Error\n    at f (address at /data/app/index.android.bundle:1:2)\n    ... skipping 20 frames\n    at g (address at index.android.bundle:1:9)", "Error", "", "f g")]
    public void Parse_WholeStack_GivesTypeMessageAndFunctions(string stack, string? type, string? message, string functions)
    {
        var parsed = StackParser.Parse(null, null, stack);

        (parsed.Type, parsed.Message, string.Join(' ', parsed.Frames.Select(f => f.Function ?? "?"))).Should().Be((type, message, functions));
    }

    [TestCase("    at async foo (https://a.test/x.js:1:2)", true)]
    [TestCase("    at async https://a.test/x.js:1:2", true)]
    [TestCase("async*@https://a.test/x.js:1:2", true)]
    [TestCase("setTimeout handler*foo@https://a.test/x.js:1:2", true)]
    [TestCase("    at foo (https://a.test/async.js:1:2)", false)]
    [TestCase("async@https://a.test/x.js:1:2", false)]
    public void Parse_FrameBeforeAnAwait_SaysSo(string line, bool expected) => StackParser.Parse(null, null, line).Frames.Single().Async.Should().Be(expected);

    /// <summary>Twice the text, about twice the time: for each beginning, the best of several ratios.</summary>
    [TestCase("at (eval at ")]
    [TestCase(" at f (eval at ")]
    [TestCase("\"@")]
    [TestCase("a@b:1:")]
    [TestCase("at f (https://a.test/(")]
    [TestCase(" > eval line 1")]
    [TestCase("^\n\n")]
    public void Parse_TwiceAsLong_TakesAboutTwiceAsLong(string part)
    {
        var (half, whole) = (Repeat(part, StackParser.LongestStack / 2), Repeat(part, StackParser.LongestStack));
        var ratio = double.MaxValue;
        for (var round = 0; round < 15 && ratio >= 2.5; round++)
            ratio = Math.Min(ratio, Took(whole) / Took(half));

        ratio.Should().BeLessThan(2.5);
    }

    private static string Repeat(string part, int length) => string.Concat(Enumerable.Repeat(part, length / part.Length));

    private static double Took(string stack)
    {
        StackParser.Parse(null, null, stack);
        var began = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < 8; i++)
            StackParser.Parse(null, null, stack);
        return TimeProvider.System.GetElapsedTime(began).TotalMilliseconds;
    }
}
