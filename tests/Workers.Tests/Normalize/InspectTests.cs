using System.Text;
using ErrorPipeline.Workers.Inspect;

namespace ErrorPipeline.Workers.Tests.Normalize;

public class InspectTests
{
    [TestCase("""{"kind":"stack","stack":"TypeError: x\n    at f (a.js:1:2)"}""",
        """{"type":"TypeError","message":"x","frames":[{"function":"f","file":"a.js","line":1,"col":2,"inApp":true}]}""")]
    [TestCase("""{"kind":"message","message":"undefined is not an object (evaluating 'a.b')"}""",
        """{"canonical":"Cannot access property 'b' of undefined","parameterized":"undefined is not an object (evaluating 'a.b')"}""")]
    [TestCase("""{"kind":"useragent","ua":"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}""",
        """{"browser":{"name":"Firefox","major":"140","minor":"0","patch":null},"os":{"name":"Linux","major":null,"minor":null},"device":{"class":"desktop","family":"Other","brand":null,"model":null},"bot":false}""")]
    [TestCase("""{"kind":"message","message":"a\ud83d"}""", "{\"canonical\":\"a\ufffd\",\"parameterized\":\"a\ufffd\"}")]
    public async Task Inspect_Line_IsAnswered(string question, string answer) => (await Ask(question)).Should().Equal(answer);

    [Test]
    public async Task Inspect_BadLines_AreAnsweredAndTheRestGoesOn()
    {
        var answers = await Ask("nonsense", "7", """{"kind":"weather"}""", """{"kind":"event","format":"morse","event":{}}""", """{"kind":"event"}""", """{"kind":"message","message":"x"}""");

        answers.Should().HaveCount(6);
        answers[..5].Should().OnlyContain(a => a.StartsWith("{\"error\":"));
        answers[5].Should().Be("""{"canonical":"x","parameterized":"x"}""");
    }

    [Test]
    public async Task Inspect_Event_TellsFingerprintTokensAndClass()
    {
        var answer = (await Ask("""{"kind":"event","format":"native","event":{"type":"TypeError","message":"x","stack":"f@https://a.test/x.js:1:2","url":"https://a.test/"}}""")).Single();

        answer.Should().Contain("\"grouping\":[\"type: TypeError\",\"message: x\",\"frame: f in /x.js\"]").And.Contain("\"class\":\"ours\",\"filtered\":null");
    }

    [Test]
    public async Task Inspect_EventOfAnotherClient_IsReadByItsAdapter()
    {
        var answer = (await Ask("""{"kind":"event","format":"sentry","event":{"exception":{"values":[{"type":"TypeError","value":"x","mechanism":{"type":"onerror","handled":false},"stacktrace":{"frames":[{"function":"outer","filename":"https://a.test/x.js","lineno":1},{"function":"f","filename":"https://a.test/x.js","lineno":2}]}}]},"request":{"url":"https://a.test/"}}}""")).Single();

        answer.Should().Contain("\"grouping\":[\"type: TypeError\",\"message: x\",\"frame: f in /x.js\",\"frame: outer in /x.js\"]").And.Contain("\"handled\":false");
    }

    private static async Task<string[]> Ask(params string[] lines)
    {
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        using var output = new MemoryStream();
        await InspectCommand.RunAsync(input, output);
        return Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
