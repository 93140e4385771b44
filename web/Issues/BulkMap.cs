using System.Globalization;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Commands;
using ErrorPipeline.Web.Components.Issues;
using ErrorPipeline.Web.Serving;
using ErrorPipeline.Web.SigningIn;
using Microsoft.AspNetCore.Mvc;

namespace ErrorPipeline.Web.Issues;

/// <summary>The same for many issues by one form, and taking it back.</summary>
internal static class BulkMap
{
    /// <summary>Issues of one form.</summary>
    public const int Most = 100;

    private const string Confirmed = "delete-now";

    public static void MapBulk(this IEndpointRouteBuilder app)
    {
        app.MapPost("/issues/bulk", ChangeAsync);
        app.MapPost("/issues/restore", RestoreAsync);
    }

    private static async Task<IResult> ChangeAsync(
        HttpContext http, [FromForm(Name = "do")] string? kind, [FromForm] string? back, IErrorReader errors, StateChanges changes, CancellationToken cancel)
    {
        var form = await http.Request.ReadFormAsync(cancel);
        var chosen = Chosen(form["issue"]);
        var list = ListOf(back);
        if (chosen.Count == 0)
            return Results.LocalRedirect(list);
        switch (kind)
        {
            case CommandKind.Merge:
                return Merge(http, chosen);
            case CommandKind.Delete:
                return Page.Of<BulkDeletePage>(new() { ["Issues"] = await RowsAsync(chosen, errors, cancel), ["Back"] = list });
            case Confirmed:
                kind = CommandKind.Delete;
                break;
            default:
                if (!StateForm.Changes(kind))
                    return Results.BadRequest();
                break;
        }

        var changed = await changes.ChangeAsync(http, [.. chosen.Select(one => one.Issue)], kind!, StateDetails.Of(form), cancel);
        return Results.LocalRedirect(Done.Of(kind!, chosen.Count, changed.Batch).On(list));
    }

    private static async Task<IResult> RestoreAsync(
        HttpContext http, [FromForm] string? batch, [FromForm] int count, [FromForm] string? back, CommandOutbox outbox, CancellationToken cancel)
    {
        if (batch is not { Length: 32 })
            return Results.BadRequest();
        await outbox.AddAsync(CommandKind.Restore, 0, http.User.Identity?.Name, cancel, command => command with { Batch = batch });
        return Results.LocalRedirect(Done.Of(CommandKind.Restore, Math.Max(1, count), batch).On(ListOf(back)));
    }

    /// <summary>What the merged issue would be is shown first, on the page for that.</summary>
    private static IResult Merge(HttpContext http, IReadOnlyList<(int Project, long Issue)> chosen)
    {
        if (chosen.Count > 1 && chosen.All(one => one.Project == chosen[0].Project))
            return Results.LocalRedirect(
                IssueView.PathOf(chosen[0].Project, chosen[0].Issue) + "/merge?" + string.Join('&', chosen.Skip(1).Select(one => string.Create(CultureInfo.InvariantCulture, $"with={one.Issue}"))));
        ErrorPages.Explain(http, "These cannot be one", "A merge takes two issues or more, all of the same project. Go back and choose others.");
        return Results.StatusCode(StatusCodes.Status400BadRequest);
    }

    private static async Task<List<IssueRow>> RowsAsync(IReadOnlyList<(int Project, long Issue)> chosen, IErrorReader errors, CancellationToken cancel)
    {
        List<IssueRow> rows = [];
        foreach (var (project, issue) in chosen)
        {
            if (await errors.GetIssueAsync(project, issue, cancel) is { } detail)
                rows.Add(detail.Issue);
        }

        return rows;
    }

    /// <summary>"7:42" each: project and number.</summary>
    private static List<(int Project, long Issue)> Chosen(IEnumerable<string?> fields) =>
    [
        .. fields.Select(field => (field ?? "").Split(':'))
            .Select(parts => parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var project)
                && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var issue) ? (project, issue) : default)
            .Where(one => one != default).Distinct().Take(Most),
    ];

    /// <summary>Back to where the form stood, which is a page about issues.</summary>
    private static string ListOf(string? back) => LocalUrl.OrHome(back) is ['/', 'i', 's', 's', 'u', 'e', 's', ..] and var local ? local : "/issues";
}
