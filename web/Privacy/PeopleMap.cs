using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Api;
using ErrorPipeline.Web.Components.Privacy;
using ErrorPipeline.Web.Serving;
using Microsoft.AspNetCore.Mvc;

namespace ErrorPipeline.Web.Privacy;

/// <summary>What is kept of one person: shown, handed out, erased. The name travels in bodies, never in addresses, which proxies write down.</summary>
internal static class PeopleMap
{
    private const int MostListed = 100;

    public static void AddPeople(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PersonFinder>();
        builder.Services.AddSingleton<Erasures>();
        builder.Services.AddHostedService(s => s.GetRequiredService<Erasures>());
    }

    public static void MapPeople(this IEndpointRouteBuilder app)
    {
        app.MapGet("/projects/{id:int}/people", (int id, IConfigStore config, CancellationToken cancel, bool done = false) => PageAsync(id, config, cancel, done: done));
        app.MapPost("/projects/{id:int}/people", AskAsync);
        var api = app.MapGroup("/api/v1/projects/{id:int}/people");
        api.MapPost("/find", FindAsync)
            .WithMetadata(new ApiEndpoint("People", "How much is kept of a person", ApiScope.Admin) { Answer = typeof(PersonTraces), Body = typeof(ApiPerson) });
        api.MapPost("/export", ExportAsync)
            .WithMetadata(new ApiEndpoint("People", "All that is kept of a person, one JSON object a line", ApiScope.Admin) { Streams = [PersonExport.MediaType], Body = typeof(ApiPerson) });
        api.MapPost("/erase", EraseAsync)
            .WithMetadata(new ApiEndpoint("People", "Erase a person's data: stored, on its way, and in dead letters", ApiScope.Admin)
            {
                Answer = typeof(ApiErasure),
                Body = typeof(ApiPerson),
                Status = StatusCodes.Status202Accepted,
            });
        app.MapGet("/api/v1/projects/{id:int}/erasures", ListAsync)
            .WithMetadata(new ApiEndpoint("People", "The journal of erasures, which does not say whose", ApiScope.Admin) { Answer = typeof(IReadOnlyList<ApiErasure>) });
        app.MapDelete("/api/v1/events/{project:int}/{id}", DeleteEventAsync)
            .WithMetadata(new ApiEndpoint("Events", "Delete an event that is kept whole; its issue still counts it", ApiScope.Write) { Answer = typeof(ApiAccepted), Status = StatusCodes.Status202Accepted });
    }

    private static async Task<IResult> AskAsync(
        HttpContext http, int id, [FromForm] PersonForm form, IConfigStore config, PersonFinder finder, Erasures erasures, CancellationToken cancel)
    {
        if (Person.Problem(form.Name) is { } problem)
            return await PageAsync(id, config, cancel, problem: problem, status: 400);
        if (await finder.PersonAsync(id, form.Name!, cancel) is not { } person)
            return Results.NotFound();
        switch (form.Act)
        {
            case "export":
                return PersonExport.Of(id, person, finder, cancel);
            case "erase":
                await erasures.AddAsync(id, person, http.User.Identity?.Name, cancel);
                return Results.LocalRedirect($"/projects/{id}/people?done=true");
            default:
                return await PageAsync(id, config, cancel, name: form.Name!.Trim(), found: await finder.CountAsync(id, person, cancel));
        }
    }

    private static async Task<IResult> PageAsync(
        int id, IConfigStore config, CancellationToken cancel, string? problem = null, string? name = null, PersonTraces? found = null, bool done = false, int status = 200) =>
        await config.GetProjectAsync(id, cancel) is { } project
            ? Page.Of<PeoplePage>(
                new()
                {
                    ["Project"] = project,
                    ["Problem"] = problem,
                    ["Name"] = name,
                    ["Found"] = found,
                    ["Done"] = done,
                    ["Journal"] = await config.ListErasuresAsync(id, MostListed, cancel),
                },
                status)
            : Results.NotFound();

    private static Task<IResult> FindAsync(int id, ApiPerson body, PersonFinder finder, CancellationToken cancel) =>
        WithPersonAsync(id, body, finder, async person => Jsend.Success(await finder.CountAsync(id, person, cancel)), cancel);

    private static Task<IResult> ExportAsync(int id, ApiPerson body, PersonFinder finder, CancellationToken cancel) =>
        WithPersonAsync(id, body, finder, person => Task.FromResult(PersonExport.Of(id, person, finder, cancel)), cancel);

    private static Task<IResult> EraseAsync(HttpContext http, int id, ApiPerson body, PersonFinder finder, Erasures erasures, CancellationToken cancel) =>
        WithPersonAsync(
            id, body, finder,
            async person => Jsend.Success(ApiErasure.Of(await erasures.AddAsync(id, person, http.User.Identity?.Name, cancel)), StatusCodes.Status202Accepted), cancel);

    private static async Task<IResult> ListAsync(int id, IConfigStore config, CancellationToken cancel) => await config.GetProjectAsync(id, cancel) is null
        ? NoSuch("project")
        : Jsend.Success<IReadOnlyList<ApiErasure>>([.. (await config.ListErasuresAsync(id, MostListed, cancel)).Select(ApiErasure.Of)]);

    private static async Task<IResult> DeleteEventAsync(HttpContext http, int project, string id, IErrorReader errors, Erasures erasures, CancellationToken cancel) =>
        await errors.GetEventAsync(project, id, cancel) is null
            ? NoSuch("event")
            : Jsend.Accepted(await erasures.DeleteEventAsync(project, id, http.User.Identity?.Name, cancel));

    private static async Task<IResult> WithPersonAsync(int id, ApiPerson body, PersonFinder finder, Func<Person, Task<IResult>> act, CancellationToken cancel)
    {
        if (Person.Problem(body.Name) is { } problem)
            return Jsend.Problem(StatusCodes.Status422UnprocessableEntity, "bad_name", problem);
        return await finder.PersonAsync(id, body.Name, cancel) is { } person ? await act(person) : NoSuch("project");
    }

    private static IResult NoSuch(string what) => Jsend.Problem(StatusCodes.Status404NotFound, "not_found", $"There is no such {what}.");
}

internal sealed record PersonForm
{
    public string? Name { get; init; }

    /// <summary>find, export or erase.</summary>
    public string? Act { get; init; }
}

/// <param name="Name">User id, e-mail address or IP address.</param>
internal sealed record ApiPerson(string Name);

/// <param name="DoneAt">When nothing of before could be on its way any more; null until then.</param>
internal sealed record ApiErasure(string Id, string Kind, long At, string? By, long Events, long Letters, long? DoneAt)
{
    public static ApiErasure Of(Erasure erasure) => new(erasure.Id, erasure.Kind, erasure.At, erasure.By, erasure.Events, erasure.Letters, erasure.DoneAt);
}
