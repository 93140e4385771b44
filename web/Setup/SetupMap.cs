using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Components.Setup;
using ErrorPipeline.Web.Serving;
using ErrorPipeline.Web.Settings;

namespace ErrorPipeline.Web.Setup;

/// <summary>How a site's errors get here, client by client, and the proof that they do.</summary>
internal static class SetupMap
{
    public static void AddSetup(this WebApplicationBuilder builder) => builder.Services.AddSingleton<TestSender>();

    public static void MapSetup(this IEndpointRouteBuilder app)
    {
        app.MapGet("/projects/{id:int}/setup", ListAsync);
        app.MapGet("/projects/{id:int}/setup/rows", RowsAsync);
        app.MapGet("/projects/{id:int}/setup/{client}", ShowAsync);
        app.MapGet("/projects/{id:int}/setup/{client}/arrival", ArrivalAsync);
        app.MapGet("/projects/{id:int}/setup/{client}/test", TestAsync);
        app.MapPost("/projects/{id:int}/setup/{client}/test", SendAsync);
    }

    private static async Task<IResult> ListAsync(int id, IConfigStore config, IErrorReader errors, CancellationToken cancel) =>
        await config.GetProjectAsync(id, cancel) is { } project
            ? Page.Of<SetupListPage>(new() { ["Project"] = project, ["Clients"] = await errors.ListClientsAsync(id, cancel) })
            : Results.NotFound();

    /// <summary>The list alone, for a page that is told of a change.</summary>
    private static async Task<IResult> RowsAsync(int id, IConfigStore config, IErrorReader errors, CancellationToken cancel) =>
        await config.GetProjectAsync(id, cancel) is not null
            ? Page.Of<SetupRows>(new() { ["ProjectId"] = id, ["Clients"] = await errors.ListClientsAsync(id, cancel) })
            : Results.NotFound();

    private static async Task<IResult> ShowAsync(
        HttpContext http, int id, string client, IConfigStore config, IErrorReader errors, Snippet snippet, CancellationToken cancel, long? after = null)
    {
        if (await config.GetProjectAsync(id, cancel) is not { } project || Guides.Find(client) is not { } guide)
            return Results.NotFound();
        return await PageAsync(http, project, guide, config: snippet, errors, after, problem: null, cancel);
    }

    private static async Task<IResult> PageAsync(
        HttpContext http, Project project, ClientGuide guide, Snippet config, IErrorReader errors, long? after, string? problem, CancellationToken cancel)
    {
        SecurityHeaders.AllowSending(http, config.CollectorOrigin);
        return Page.Of<ClientPage>(
            new()
            {
                ["Project"] = project,
                ["Guide"] = guide,
                ["Snippet"] = config,
                ["Arrival"] = await Arrival.ReadAsync(errors, project.Id, guide, cancel),
                ["After"] = after,
                ["Problem"] = problem,
            },
            problem is null ? 200 : 502);
    }

    /// <summary>Whether anything has arrived, alone, for a page that is told of a change.</summary>
    private static async Task<IResult> ArrivalAsync(
        int id, string client, IConfigStore config, IErrorReader errors, CancellationToken cancel, long? after = null) =>
        await config.GetProjectAsync(id, cancel) is not null && Guides.Find(client) is { } guide
            ? Page.Of<ArrivalBox>(new() { ["ProjectId"] = id, ["Guide"] = guide, ["Arrival"] = await Arrival.ReadAsync(errors, id, guide, cancel), ["After"] = after })
            : Results.NotFound();

    /// <summary>What the page's script is to send, with ids and times of its own, and the arrival after which it counts as arrived.</summary>
    private static async Task<IResult> TestAsync(
        int id, string client, IConfigStore config, IErrorReader errors, Snippet snippet, TimeProvider clock, CancellationToken cancel)
    {
        if (await config.GetProjectAsync(id, cancel) is not { } project || Guides.Find(client) is not { } guide || project.NewestKey() is not { } key)
            return Results.NotFound();
        var test = new TestEvents(snippet.CollectorUrl, key.Key, clock.GetUtcNow()).Of(guide.Slug)!;
        return Results.Json(new { test.Url, test.Headers, test.Body, After = (await Arrival.ReadAsync(errors, id, guide, cancel)).Last });
    }

    private static async Task<IResult> SendAsync(
        HttpContext http, int id, string client, IConfigStore config, IErrorReader errors, Snippet snippet, TestSender sender, TimeProvider clock, CancellationToken cancel)
    {
        if (await config.GetProjectAsync(id, cancel) is not { } project || Guides.Find(client) is not { } guide || project.NewestKey() is not { } key)
            return Results.NotFound();
        var after = (await Arrival.ReadAsync(errors, id, guide, cancel)).Last;
        var test = new TestEvents(snippet.CollectorUrl, key.Key, clock.GetUtcNow()).Of(guide.Slug)!;
        return await sender.SendAsync(test, project.OwnOrigin(), cancel) is { } problem
            ? await PageAsync(http, project, guide, snippet, errors, after: null, problem, cancel)
            : Results.LocalRedirect($"/projects/{id}/setup/{guide.Slug}?after={after}#test");
    }
}
