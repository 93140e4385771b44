using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Components.Settings;
using ErrorPipeline.Web.Serving;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Web.Settings;

internal static class SettingsMap
{
    public static void AddSettings(this WebApplicationBuilder builder)
    {
        builder.Services.AddHostedService<FirstStart>();
        builder.Services.AddSingleton<ConfigPush>();
        builder.Services.AddHostedService(s => s.GetRequiredService<ConfigPush>());
        builder.Services.AddSingleton(s => new Snippet(s.GetRequiredService<IOptions<ServeOptions>>()));
    }

    public static void MapSettings(this IEndpointRouteBuilder app)
    {
        app.MapGet("/projects", ListAsync);
        app.MapPost("/projects", CreateAsync);
        app.MapGet("/projects/{id:int}", EditAsync);
        app.MapPost("/projects/{id:int}", UpdateAsync);
        app.MapPost("/projects/{id:int}/keys", AddKeyAsync);
        app.MapPost("/projects/{id:int}/keys/revoke", RevokeKeyAsync);
    }

    private static async Task<IResult> ListAsync(IConfigStore store, CancellationToken cancel) =>
        Page.Of<ProjectListPage>(new() { ["Projects"] = await store.ListProjectsAsync(cancel) });

    private static async Task<IResult> CreateAsync([FromForm] string? name, IConfigStore store, ConfigPush push, TimeProvider clock, CancellationToken cancel)
    {
        var form = new ProjectForm { Name = name };
        if (form.Problem() is { } problem)
            return Page.Of<ProjectListPage>(new() { ["Projects"] = await store.ListProjectsAsync(cancel), ["Problem"] = problem, ["Name"] = name }, 400);
        var made = await store.CreateProjectAsync(form.CleanName, clock.GetUtcNow(), cancel);
        push.Changed();
        return Results.LocalRedirect($"/projects/{made.Id}/setup");
    }

    private static async Task<IResult> EditAsync(int id, IConfigStore store, CancellationToken cancel, bool saved = false) =>
        await store.GetProjectAsync(id, cancel) is { } project
            ? Page.Of<ProjectPage>(new() { ["Project"] = project, ["Form"] = FormOf(project), ["Saved"] = saved })
            : Results.NotFound();

    private static async Task<IResult> UpdateAsync(
        int id, [FromForm] ProjectForm form, IConfigStore store, ConfigPush push, CancellationToken cancel)
    {
        if (await store.GetProjectAsync(id, cancel) is not { } project)
            return Results.NotFound();
        if (form.Problem() is { } problem)
            return Page.Of<ProjectPage>(new() { ["Project"] = project, ["Form"] = form, ["Problem"] = problem }, 400);
        await store.UpdateProjectAsync(id, form.CleanName, form.OriginList, form.Limit, cancel);
        push.Changed();
        return Results.LocalRedirect($"/projects/{id}?saved=true");
    }

    private static async Task<IResult> AddKeyAsync(int id, IConfigStore store, ConfigPush push, TimeProvider clock, CancellationToken cancel)
    {
        if (await store.GetProjectAsync(id, cancel) is null)
            return Results.NotFound();
        await store.AddKeyAsync(id, clock.GetUtcNow(), cancel);
        push.Changed();
        return Results.LocalRedirect($"/projects/{id}#keys");
    }

    private static async Task<IResult> RevokeKeyAsync(
        int id, [FromForm] string? key, IConfigStore store, ConfigPush push, TimeProvider clock, CancellationToken cancel)
    {
        if (await store.GetProjectAsync(id, cancel) is not { } project || project.Keys.All(k => k.Key != key))
            return Results.NotFound();
        await store.RevokeKeyAsync(id, key!, clock.GetUtcNow(), cancel);
        push.Changed();
        return Results.LocalRedirect($"/projects/{id}#keys");
    }

    private static ProjectForm FormOf(Project project) => new()
    {
        Name = project.Name,
        Origins = string.Join('\n', project.AllowedOrigins),
        EventsPerMinute = project.EventsPerMinute?.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
