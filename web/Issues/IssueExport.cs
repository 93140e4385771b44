using System.Globalization;
using System.Text;
using System.Text.Json;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Api;
using ErrorPipeline.Web.Issues.Searching;

namespace ErrorPipeline.Web.Issues;

/// <summary>The whole list as a file, page by page as it is read: however long it is, no more than one page is held.</summary>
internal static class IssueExport
{
    public const string Csv = "text/csv";
    public const string Ndjson = "application/x-ndjson";
    private const int AtOnce = 100;

    public static void MapIssueExport(this IEndpointRouteBuilder app) => app.MapGet("/api/v1/issues/export", ExportAsync).WithMetadata(new ApiEndpoint("Issues", "The whole list as a file")
    {
        Streams = [Csv, Ndjson],
        Query = [new("format", "of the file", OneOf: ["csv", "ndjson"]), .. IssueParameters.All],
    });

    private static async Task<IResult> ExportAsync(HttpContext http, IssueLists lists, IssueSearch searches, CancellationToken cancel, string format = "csv")
    {
        if (format is not ("csv" or "ndjson"))
            return Jsend.Problem(StatusCodes.Status400BadRequest, "bad_format", "The format is csv or ndjson.");
        var filter = IssueFilter.From(http.Request.Query) with { Limit = AtOnce, Me = http.User.Identity?.Name };
        if (!http.Request.Query.ContainsKey("state"))
            filter = filter with { State = "all" };
        // Before the answer begins: a filter that cannot be read is still told so.
        async Task<IssuePage> ReadAsync(string? after) => await lists.ReadAsync(filter with { After = after ?? filter.After }, await searches.ReadAsync(filter with { After = after ?? filter.After }, cancel), cancel);
        var first = await ReadAsync(null);
        var site = $"{http.Request.Scheme}://{http.Request.Host}";
        return Results.Stream(to => WriteAsync(to, format == "csv", site, first, ReadAsync, cancel), format == "csv" ? Csv + "; charset=utf-8; header=present" : Ndjson, "issues." + format);
    }

    private static async Task WriteAsync(Stream to, bool csv, string site, IssuePage page, Func<string, Task<IssuePage>> readAsync, CancellationToken cancel)
    {
        await using var writer = new StreamWriter(to, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 16 * 1024, leaveOpen: true) { NewLine = "\r\n" };
        if (csv)
            await writer.WriteLineAsync("id,project,title,culprit,level,class,state,count,users,first_seen,last_seen,regressed_in,address".AsMemory(), cancel);
        while (true)
        {
            foreach (var issue in page.Rows.Select(ApiIssue.Of))
            {
                if (csv)
                    await writer.WriteLineAsync(Line(issue, site).AsMemory(), cancel);
                else
                    await writer.WriteAsync((JsonSerializer.Serialize(issue, JsonSerializerOptions.Web) + "\n").AsMemory(), cancel);
            }

            if (page.Next is null)
                return;
            page = await readAsync(page.Next);
        }
    }

    private static string Line(ApiIssue issue, string site) => string.Join(
        ',', Number(issue.Id), Number(issue.ProjectId), CsvText.Field(issue.Title), CsvText.Field(issue.Culprit), CsvText.Field(issue.Level), CsvText.Field(issue.Class),
        CsvText.Field(issue.State), Number(issue.Count), Number(issue.Users), Time(issue.FirstSeen), Time(issue.LastSeen), CsvText.Field(issue.RegressedIn ?? ""),
        CsvText.Field(site + IssueView.PathOf(issue.ProjectId, issue.Id)));

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Time(long ms) => Components.Parts.Said.Time(ms).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
