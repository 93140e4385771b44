using System.Net;
using System.Text;
using System.Text.Json;
using ErrorPipeline.Web.Issues;

namespace ErrorPipeline.Web.Tests;

public class ExportTests
{
    [TestCase("plain", "\"plain\"")]
    [TestCase("with, comma", "\"with, comma\"")]
    [TestCase("a \"quote\"", "\"a \"\"quote\"\"\"")]
    [TestCase("two\r\nlines", "\"two\r\nlines\"")]
    [TestCase("=HYPERLINK(\"//evil\")", "\"'=HYPERLINK(\"\"//evil\"\")\"")]
    [TestCase("+1", "\"'+1\"")]
    [TestCase("-1", "\"'-1\"")]
    [TestCase("@SUM(A1)", "\"'@SUM(A1)\"")]
    [TestCase("\t=1", "\"'\t=1\"")]
    [TestCase("\r=1", "\"'\r=1\"")]
    [TestCase("  =1", "\"'  =1\"")]
    [TestCase("\u200b=1", "\"'\u200b=1\"")]
    [TestCase("\uFF1D1", "\"'\uFF1D1\"")]
    [TestCase("a=1", "\"a=1\"")]
    [TestCase("", "\"\"")]
    public void Field_OfAnyText_IsOneFieldAndNoFormula(string text, string field) => CsvText.Field(text).Should().Be(field);

    [Test]
    public async Task Csv_OfHostileIssues_HasOneRowEachAndNoFormula()
    {
        var project = await Shared.ProjectAsync();
        string[] titles = ["=1+1", "a,b", "say \"hi\"", "line\nend", .. HostileText.Payloads];
        var made = await Shared.Rig.ApplyAsync([.. titles.Select((evil, n) => HostileText.Delta(project, evil, n + 1000))]);

        using var answer = await Shared.Ann.GetAsync($"/api/v1/issues/export?project={project}&format=csv");
        var rows = Parse(await answer.Content.ReadAsStringAsync());

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.ToString().Should().Be("text/csv; charset=utf-8; header=present");
        answer.Content.Headers.ContentDisposition!.ToString().Should().StartWith("attachment; filename=issues.csv");
        answer.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
        rows.Should().HaveCount(made.Count + 1).And.OnlyContain(row => row.Count == 13);
        rows.SelectMany(row => row).Where(field => field.Length > 0 && "=+-@\t\r".Contains(field[0])).Should().BeEmpty();
    }

    [Test]
    public async Task Export_IsTheWholeListOfTheSameFilters()
    {
        var project = await Shared.ProjectAsync();
        await Shared.Rig.ApplyAsync([.. Enumerable.Range(0, 230).Select(n => Some.Delta(project, $"export{n}", message: n % 2 == 0 ? "even" : "odd"))]);

        var csv = Parse(await Shared.Ann.ReadAsync($"/api/v1/issues/export?project={project}"));
        var lines = (await Shared.Ann.ReadAsync($"/api/v1/issues/export?project={project}&format=ndjson&q=odd")).TrimEnd('\n').Split('\n');

        csv.Skip(1).Select(row => row[0]).Distinct().Should().HaveCount(230);
        lines.Should().HaveCount(115);
        lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("title").GetString()).Should().OnlyContain(title => title!.Contains("odd"));
        (await Shared.Ann.ReadAsync($"/api/v1/issues/export?project={project}&state=resolved")).TrimEnd().Should().NotContain("\n");
    }

    /// <summary>RFC 4180, to the letter.</summary>
    private static List<List<string>> Parse(string text)
    {
        var rows = new List<List<string>> { new() };
        var (field, quoted) = (new StringBuilder(), false);
        for (var i = 0; i < text.Length; i++)
        {
            if (quoted && text[i] == '"' && i + 1 < text.Length && text[i + 1] == '"')
                field.Append(text[i++]);
            else if (text[i] == '"')
                quoted = !quoted;
            else if (!quoted && text[i] == ',')
                End();
            else if (!quoted && text[i] == '\r' && text[i + 1] == '\n')
            {
                End();
                rows.Add([]);
                i++;
            }
            else
                field.Append(text[i]);
        }

        quoted.Should().BeFalse();
        rows[^1].Should().BeEmpty("the last row ends as all do");
        rows.RemoveAt(rows.Count - 1);
        return rows;

        void End()
        {
            rows[^1].Add(field.ToString());
            field.Clear();
        }
    }
}
