using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Api;
using ErrorPipeline.Web.SigningIn;

namespace ErrorPipeline.Web.Settings;

/// <summary>Projects, their keys and the upload tokens of their builds, for scripts.</summary>
internal static class ProjectsApi
{
    private const string Group = "Projects";

    public static void MapProjectsApi(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1/projects");
        api.MapGet("", async (IConfigStore config, CancellationToken cancel) => Jsend.Success(await config.ListProjectsAsync(cancel)))
            .WithMetadata(new ApiEndpoint(Group, "List projects") { Answer = typeof(IReadOnlyList<Project>) });
        api.MapPost("", CreateAsync)
            .WithMetadata(new ApiEndpoint(Group, "Make a project with one key", ApiScope.Admin) { Answer = typeof(Project), Body = typeof(ApiProject), Status = StatusCodes.Status201Created });
        api.MapGet("/{id:int}", async (int id, IConfigStore config, CancellationToken cancel) => await config.GetProjectAsync(id, cancel) is { } project ? Jsend.Success(project) : NoSuch("project"))
            .WithMetadata(new ApiEndpoint(Group, "Read a project") { Answer = typeof(Project) });
        api.MapPut("/{id:int}", UpdateAsync)
            .WithMetadata(new ApiEndpoint(Group, "Change name, allowed origins and limit", ApiScope.Admin) { Answer = typeof(Project), Body = typeof(ApiProject) });
        api.MapPost("/{id:int}/keys", AddKeyAsync)
            .WithMetadata(new ApiEndpoint(Group, "Make another key", ApiScope.Admin) { Answer = typeof(ProjectKey), Status = StatusCodes.Status201Created });
        api.MapDelete("/{id:int}/keys/{key}", RevokeKeyAsync).WithMetadata(new ApiEndpoint(Group, "Revoke a key", ApiScope.Admin) { Answer = typeof(Project) });
        api.MapGet("/{id:int}/environments", EnvironmentsAsync)
            .WithMetadata(new ApiEndpoint(Group, "List environments, most frequent first") { Answer = typeof(IReadOnlyList<string>) });
        api.MapGet("/{id:int}/clients", ClientsAsync)
            .WithMetadata(new ApiEndpoint(Group, "List the clients that events came from") { Answer = typeof(IReadOnlyList<ClientArrivals>) });
        api.MapGet("/{id:int}/upload-tokens", TokensAsync)
            .WithMetadata(new ApiEndpoint("Source maps", "List upload tokens", ApiScope.Admin) { Answer = typeof(IReadOnlyList<ApiUploadToken>) });
        api.MapPost("/{id:int}/upload-tokens", MakeTokenAsync)
            .WithMetadata(new ApiEndpoint("Source maps", "Make an upload token; it is shown this once", ApiScope.Admin) { Answer = typeof(ApiMadeToken), Body = typeof(ApiName), Status = StatusCodes.Status201Created });
        api.MapDelete("/{id:int}/upload-tokens/{token}", RevokeTokenAsync)
            .WithMetadata(new ApiEndpoint("Source maps", "Revoke an upload token", ApiScope.Admin) { Answer = typeof(IReadOnlyList<ApiUploadToken>) });
    }

    private static async Task<IResult> CreateAsync(ApiProject body, IConfigStore config, ConfigPush push, TimeProvider clock, CancellationToken cancel)
    {
        var form = FormOf(body);
        if (form.Problem() is { } problem)
            return BadProject(problem);
        var made = await config.CreateProjectAsync(form.CleanName, clock.GetUtcNow(), cancel);
        if (form.OriginList.Count > 0 || form.Limit is not null)
            await config.UpdateProjectAsync(made.Id, form.CleanName, form.OriginList, form.Limit, cancel);
        push.Changed();
        return Jsend.Success(await config.GetProjectAsync(made.Id, cancel), StatusCodes.Status201Created);
    }

    private static async Task<IResult> UpdateAsync(int id, ApiProject body, IConfigStore config, ConfigPush push, CancellationToken cancel)
    {
        if (await config.GetProjectAsync(id, cancel) is null)
            return NoSuch("project");
        var form = FormOf(body);
        if (form.Problem() is { } problem)
            return BadProject(problem);
        await config.UpdateProjectAsync(id, form.CleanName, form.OriginList, form.Limit, cancel);
        push.Changed();
        return Jsend.Success(await config.GetProjectAsync(id, cancel));
    }

    private static async Task<IResult> AddKeyAsync(int id, IConfigStore config, ConfigPush push, TimeProvider clock, CancellationToken cancel)
    {
        if (await config.GetProjectAsync(id, cancel) is null)
            return NoSuch("project");
        var key = await config.AddKeyAsync(id, clock.GetUtcNow(), cancel);
        push.Changed();
        return Jsend.Success(key, StatusCodes.Status201Created);
    }

    private static async Task<IResult> RevokeKeyAsync(int id, string key, IConfigStore config, ConfigPush push, TimeProvider clock, CancellationToken cancel)
    {
        if (await config.GetProjectAsync(id, cancel) is not { } project || project.Keys.All(known => known.Key != key))
            return NoSuch("key");
        await config.RevokeKeyAsync(id, key, clock.GetUtcNow(), cancel);
        push.Changed();
        return Jsend.Success(await config.GetProjectAsync(id, cancel));
    }

    private static async Task<IResult> EnvironmentsAsync(int id, IConfigStore config, IErrorReader errors, CancellationToken cancel) =>
        await config.GetProjectAsync(id, cancel) is not null ? Jsend.Success(await errors.ListEnvironmentsAsync(id, cancel)) : NoSuch("project");

    private static async Task<IResult> ClientsAsync(int id, IConfigStore config, IErrorReader errors, CancellationToken cancel) =>
        await config.GetProjectAsync(id, cancel) is not null ? Jsend.Success(await errors.ListClientsAsync(id, cancel)) : NoSuch("project");

    private static async Task<IResult> TokensAsync(int id, IConfigStore config, CancellationToken cancel) =>
        await config.GetProjectAsync(id, cancel) is not null ? Jsend.Success(await ListAsync(id, config, cancel)) : NoSuch("project");

    private static async Task<IResult> MakeTokenAsync(int id, ApiName body, IConfigStore config, UploadTokens tokens, CancellationToken cancel)
    {
        if (await config.GetProjectAsync(id, cancel) is null)
            return NoSuch("project");
        if (TokenName.Problem(body.Name, (await config.ListUploadTokensAsync(id, cancel)).Count) is { } problem)
            return Jsend.Problem(StatusCodes.Status422UnprocessableEntity, "bad_token", problem);
        return Jsend.Success(new ApiMadeToken(body.Name.Trim(), await tokens.MakeAsync(id, body.Name.Trim(), cancel)), StatusCodes.Status201Created);
    }

    private static async Task<IResult> RevokeTokenAsync(int id, string token, IConfigStore config, CancellationToken cancel) =>
        await config.RevokeUploadTokenAsync(id, token, cancel) ? Jsend.Success(await ListAsync(id, config, cancel)) : NoSuch("token");

    private static async Task<IReadOnlyList<ApiUploadToken>> ListAsync(int id, IConfigStore config, CancellationToken cancel) =>
        [.. (await config.ListUploadTokensAsync(id, cancel)).Select(t => new ApiUploadToken(t.Id, t.Name, t.CreatedAt, t.LastUsedAt))];

    private static ProjectForm FormOf(ApiProject body) => new()
    {
        Name = body.Name,
        Origins = string.Join('\n', body.AllowedOrigins ?? []),
        EventsPerMinute = body.EventsPerMinute?.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    private static IResult BadProject(string problem) => Jsend.Problem(StatusCodes.Status422UnprocessableEntity, "bad_project", problem);

    private static IResult NoSuch(string what) => Jsend.Problem(StatusCodes.Status404NotFound, "not_found", $"There is no such {what}.");
}

/// <param name="AllowedOrigins">"https://example.com" or "https://*.example.com"; none: any.</param>
/// <param name="EventsPerMinute">Null for the collector's default.</param>
internal sealed record ApiProject(string Name, IReadOnlyList<string>? AllowedOrigins = null, int? EventsPerMinute = null);

internal sealed record ApiName(string Name);

internal sealed record ApiUploadToken(string Id, string Name, long CreatedAt, long? LastUsedAt);

/// <param name="Token">Not shown again.</param>
internal sealed record ApiMadeToken(string Name, string Token);
