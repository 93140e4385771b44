using System.Text;
using ErrorPipeline.Workers.Inspect;

namespace ErrorPipeline.Workers.Tests.Inspect;

public class SourceMapQuestionTests
{
    [TestCase("""{"kind":"sourcemap","map":"{\"version\":3,\"sources\":[\"a.ts\"],\"names\":[\"n\"],\"mappings\":\"AAAAA,E\"}","lookups":[{"line":0,"col":1},{"line":0,"col":5},{"line":9}]}""",
        """{"valid":true,"error":null,"results":[{"source":"a.ts","line":0,"col":0,"name":"n"},null,null]}""")]
    [TestCase("""{"kind":"sourcemap","map":"{\"version\":3,\"sources\":[],\"mappings\":\"AA\"}","lookups":[{"line":0,"col":0}]}""",
        """{"valid":false,"error":"mappings: source index 0 is beyond the 0 entries of sources at segment 1","results":[null]}""")]
    [TestCase("""{"kind":"sourcemap"}""", """{"error":"a line of kind 'sourcemap' needs the map's text under 'map'"}""")]
    public async Task Inspect_OfASourceMap_TellsWhetherItIsValidAndAnswersLookups(string question, string answer)
    {
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(question));
        using var output = new MemoryStream();

        await InspectCommand.RunAsync(input, output);

        Encoding.UTF8.GetString(output.ToArray()).Should().Be(answer + "\n");
    }
}
