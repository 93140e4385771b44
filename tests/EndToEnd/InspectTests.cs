using System.Diagnostics;
using System.Text.Json;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.EndToEnd;

/// <summary><c>./dev inspect</c> as people pipe into it.</summary>
internal sealed class InspectTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    [Test, CancelAfter(480_000)]
    public async Task Inspect_PipedLines_AreAnsweredOnStandardOutputAlone()
    {
        string[] questions =
        [
            """{"kind":"stack","type":null,"message":null,"stack":"TypeError: x\n    at https://a.test/x.js:1:2\n    at async Promise.all (index 0)"}""",
            """{"kind":"useragent","ua":"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}""",
            "no JSON",
            """{"kind":"message","message":"Order 4711 of ann@a.test failed"}""",
            """{"kind":"event","format":"native","event":{"type":"TypeError","message":"x","stack":"f@https://a.test/x.js:1:2","url":"https://a.test/"}}""",
            """{"kind":"sourcemap","map":"{\"version\":3,\"sources\":[\"a.ts\"],\"names\":[],\"mappings\":\"AAAA\"}","lookups":[{"line":0,"col":0}]}""",
        ];

        var answers = (await AskAsync(string.Join('\n', questions) + "\n")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();

        answers.Should().HaveCount(questions.Length);
        answers[0].GetProperty("frames").GetRawText().Should().Be(
            """[{"function":null,"file":"https://a.test/x.js","line":1,"col":2,"inApp":true},{"function":"async Promise.all","file":"index 0","line":null,"col":null,"inApp":false}]""");
        answers[1].GetProperty("bot").GetBoolean().Should().BeTrue();
        Names(answers[1]).Should().Equal("browser", "os", "device", "bot");
        Names(answers[2]).Should().Equal("error");
        answers[3].GetRawText().Should().Be("""{"canonical":"Order <n> of <email> failed","parameterized":"Order <n> of <email> failed"}""");
        Names(answers[4]).Should().Contain(["fingerprint", "grouping", "class", "filtered"]);
        answers[5].GetRawText().Should().Be("""{"valid":true,"error":null,"results":[{"source":"a.ts","line":0,"col":0,"name":null}]}""");
    }

    /// <summary>Promised are a million lines a minute; the machine of a test has other things to do, so a third of it must do here.</summary>
    [Test, CancelAfter(480_000)]
    public async Task Inspect_ManyStacks_KeepsUp()
    {
        const int lines = 60_000;
        const string line = """{"kind":"stack","stack":"TypeError: Cannot read properties of undefined (reading 'id')\n    at readRow (https://a.test/static/js/main.3f2a1b9c.js:2:48211)\n    at async showPage (https://a.test/static/js/main.3f2a1b9c.js:2:48300)\n    at async https://a.test/static/js/main.3f2a1b9c.js:2:48399"}""";
        await AskAsync(line);
        var began = TimeProvider.System.GetTimestamp();

        var answers = await AskAsync(string.Concat(Enumerable.Repeat(line + "\n", lines)));

        var perMinute = lines / TimeProvider.System.GetElapsedTime(began).TotalMinutes;
        await TestContext.Out.WriteLineAsync($"inspect: {perMinute:N0} stacks a minute, its start included");
        answers.AsSpan().Count('\n').Should().Be(lines);
        perMinute.Should().BeGreaterThan(333_333);
    }

    private static IEnumerable<string> Names(JsonElement answer) => answer.EnumerateObject().Select(property => property.Name);

    /// <summary>What came out of standard output; errors and the exit code are none.</summary>
    private static async Task<string> AskAsync(string input)
    {
        using var dev = Process.Start(new ProcessStartInfo(Path.Combine(Places.Root, "dev"), ["inspect"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            var (output, errors) = (dev.StandardOutput.ReadToEndAsync(limit.Token), dev.StandardError.ReadToEndAsync(limit.Token));
            await dev.StandardInput.WriteAsync(input.AsMemory(), limit.Token);
            dev.StandardInput.Close();
            await dev.WaitForExitAsync(limit.Token);
            dev.ExitCode.Should().Be(0, await errors);
            return await output;
        }
        finally
        {
            if (!dev.HasExited)
                dev.Kill(entireProcessTree: true);
        }
    }
}
