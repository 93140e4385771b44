using System.Globalization;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Commands;
using ErrorPipeline.Web.Components.Issues;
using ErrorPipeline.Web.Receipts;
using ErrorPipeline.Web.Serving;
using Microsoft.AspNetCore.Mvc;

namespace ErrorPipeline.Web.Issues;

internal static class IssuesMap
{
    private const int MostSamples = 200;
    private const int MostGroups = 20;
    private const int MostMoves = 20;
    private const int MostFeedback = 20;
    private const int MostReleases = 30;
    private const int FacetValues = 8;
    private const int MostProjects = 20;
    private const int MostEnvironments = 50;

    public static void AddIssues(this WebApplicationBuilder builder) => builder.Services.AddSingleton<IssueLists>();

    public static void MapIssues(this IEndpointRouteBuilder app)
    {
        app.MapGet("/issues", ListAsync);
        app.MapGet("/issues/rows", RowsAsync);
        app.MapGet("/issues/{project:int}/{id:long}", ShowAsync);
        app.MapPost("/issues/{project:int}/{id:long}/{kind}", ChangeAsync);
        app.MapMerges();
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, IssueLists lists, IErrorReader errors, IConfigStore config, CancellationToken cancel)
    {
        var filter = IssueFilter.From(http.Request.Query);
        if (ReceiptsMap.PathOf(filter.Text, filter.Project) is { } receipt)
            return Results.LocalRedirect(receipt);
        var projects = await config.ListProjectsAsync(cancel);
        return Page.Of<IssueListPage>(new()
        {
            ["Filter"] = filter,
            ["Rows"] = await lists.ReadAsync(filter, cancel),
            ["Projects"] = projects,
            ["Environments"] = await EnvironmentsAsync(filter, projects, errors, cancel),
        });
    }

    private static async Task<List<string>> EnvironmentsAsync(
        IssueFilter filter, IReadOnlyList<Project> projects, IErrorReader errors, CancellationToken cancel)
    {
        var found = new List<string>();
        foreach (var project in projects.Where(p => filter.Project is null || p.Id == filter.Project).Take(MostProjects))
            found.AddRange(await errors.ListEnvironmentsAsync(project.Id, cancel));
        return [.. found.Where(e => e.Length > 0).Distinct(StringComparer.Ordinal).Take(MostEnvironments)];
    }

    /// <summary>The rows alone, for a page that is told of a change.</summary>
    private static async Task<IResult> RowsAsync(HttpContext http, IssueLists lists, IConfigStore config, CancellationToken cancel)
    {
        var filter = IssueFilter.From(http.Request.Query);
        return Page.Of<IssueRows>(new()
        {
            ["Filter"] = filter,
            ["Rows"] = await lists.ReadAsync(filter, cancel),
            ["Projects"] = await config.ListProjectsAsync(cancel),
        });
    }

    private static async Task<IResult> ShowAsync(
        HttpContext http, int project, long id, string? @event, string? range, IErrorReader errors, IConfigStore config, CommandOutbox outbox, TimeProvider clock,
        CancellationToken cancel)
    {
        if (await errors.GetIssueAsync(project, id, cancel) is not { } detail)
            return await errors.FindHolderAsync(project, id, cancel) is { } holder
                ? Results.LocalRedirect(IssueView.PathOf(project, holder) + http.Request.QueryString.Add("moved", $"{id}"))
                : Results.NotFound();
        var now = clock.GetUtcNow();
        var shown = OccurrenceChart.Ranges.Any(r => r.Name == range) ? range! : OccurrenceChart.RangeFor(detail.Issue.FirstSeen, now);
        var samples = await errors.ListSamplesAsync(id, MostSamples, cancel);
        var wanted = samples.FirstOrDefault(s => s.EventId == @event) ?? samples.FirstOrDefault();
        return Page.Of<Components.Issues.IssueDetailPage>(new()
        {
            ["View"] = new IssueView
            {
                Detail = detail,
                ProjectName = (await config.GetProjectAsync(project, cancel))?.Name ?? $"project {project}",
                Chart = await OccurrenceChart.ReadAsync(errors, id, shown, now, cancel),
                Range = shown,
                Facets = await errors.GetFacetsAsync(id, FacetValues, cancel),
                Samples = samples,
                Sample = wanted is null ? null : await errors.GetEventAsync(project, wanted.EventId, cancel),
                Pending = await outbox.PendingAsync(id, cancel),
                Groups = await errors.ListFingerprintsAsync(id, MostGroups, cancel),
                Feedback = await errors.ListFeedbackAsync(project, id, MostFeedback, cancel),
                Moves = await errors.ListMovesAsync(project, id, MostMoves, cancel),
                Releases = await errors.ListReleasesAsync(project, MostReleases, cancel),
                MovedFrom = long.TryParse(http.Request.Query["moved"], NumberStyles.None, CultureInfo.InvariantCulture, out var moved) ? moved : null,
            },
        });
    }

    private static async Task<IResult> ChangeAsync(
        HttpContext http, int project, long id, string kind, [FromForm] string? release, IErrorReader errors, CommandOutbox outbox, CancellationToken cancel)
    {
        if (kind is not (CommandKind.Resolve or CommandKind.Ignore or CommandKind.Reopen))
            return Results.NotFound();
        if (await errors.GetIssueAsync(project, id, cancel) is null)
            return Results.NotFound();
        var named = kind == CommandKind.Resolve && !string.IsNullOrWhiteSpace(release) ? release : null;
        await outbox.AddAsync(kind, id, http.User.Identity?.Name, cancel, command => command with { Release = named });
        return Results.LocalRedirect(IssueView.PathOf(project, id));
    }
}
