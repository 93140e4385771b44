using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Api;
using ErrorPipeline.Web.Commands;
using ErrorPipeline.Web.Issues.Searching;
using ErrorPipeline.Web.SigningIn;

namespace ErrorPipeline.Web.Issues;

/// <summary>What people decide about issues, for scripts: of many at once, and taken back; who has them, what is said of them, and searches that are kept.</summary>
internal static class TriageApi
{
    private const string Group = "Issues";
    private const int MostComments = 200;
    private const int LongestName = 100;

    public static void MapTriageApi(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1");
        api.MapPost("/issues/bulk", BulkAsync)
            .WithMetadata(new ApiEndpoint(Group, "Resolve, ignore, reopen or assign many issues at once", ApiScope.Write) { Answer = typeof(ApiBatch), Body = typeof(ApiBulk), Status = StatusCodes.Status202Accepted });
        api.MapPost("/issues/restore", RestoreAsync)
            .WithMetadata(new ApiEndpoint(Group, "Take back what a batch has changed", ApiScope.Write) { Answer = typeof(ApiAccepted), Body = typeof(ApiRestore), Status = StatusCodes.Status202Accepted });
        var issue = api.MapGroup("/projects/{project:int}/issues/{id:long}");
        issue.MapPost("/assign", AssignAsync)
            .WithMetadata(new ApiEndpoint(Group, "Assign an issue; null takes it from whoever has it", ApiScope.Write) { Answer = typeof(ApiBatch), Body = typeof(ApiAssign), Status = StatusCodes.Status202Accepted });
        issue.MapGet("/comments", CommentsAsync).WithMetadata(new ApiEndpoint(Group, "What people say of an issue, oldest first") { Answer = typeof(IReadOnlyList<IssueComment>) });
        issue.MapPost("/comments", CommentAsync)
            .WithMetadata(new ApiEndpoint(Group, "Say something of an issue", ApiScope.Write) { Answer = typeof(ApiAccepted), Body = typeof(ApiComment), Status = StatusCodes.Status202Accepted });
        issue.MapDelete("/comments/{comment}", UncommentAsync)
            .WithMetadata(new ApiEndpoint(Group, "Take a comment of one's own away", ApiScope.Write) { Answer = typeof(ApiAccepted), Status = StatusCodes.Status202Accepted });
        api.MapGet("/searches", async (HttpContext http, IConfigStore config, CancellationToken cancel) => Jsend.Success(await config.ListSearchesAsync(Sessions.IdOf(http.User) ?? 0, cancel)))
            .WithMetadata(new ApiEndpoint("Searches", "List one's own searches and those that are shared") { Answer = typeof(IReadOnlyList<SavedSearch>) });
        api.MapPost("/searches", SaveAsync)
            .WithMetadata(new ApiEndpoint("Searches", "Keep a search; one of the same name is replaced", ApiScope.Write) { Answer = typeof(ApiDeleted), Body = typeof(ApiSearch), Status = StatusCodes.Status201Created });
        api.MapDelete("/searches/{search:long}", DeleteAsync).WithMetadata(new ApiEndpoint("Searches", "Delete a search of one's own", ApiScope.Write) { Answer = typeof(ApiDeleted) });
    }

    private static async Task<IResult> BulkAsync(HttpContext http, ApiBulk body, IErrorReader errors, StateChanges changes, CancellationToken cancel)
    {
        if (!StateForm.Changes(body.Do) || body.Issues is not { Count: > 0 and <= BulkMap.Most })
            return Jsend.Problem(StatusCodes.Status422UnprocessableEntity, "bad_bulk", $"Do is resolve, ignore, reopen or assign, for 1 to {BulkMap.Most} issues.");
        var said = new StateDetails(body.In, Until: body.Until, Assignee: body.Assignee);
        if (StateForm.Problem(body.Do, said) is { } problem)
            return Jsend.Problem(StatusCodes.Status422UnprocessableEntity, "bad_change", problem);
        foreach (var (project, id) in body.Issues)
        {
            if (await errors.GetIssueAsync(project, id, cancel) is null)
                return IssuesApi.NoSuch();
        }

        return Jsend.Success(await changes.ChangeAsync(http, [.. body.Issues.Select(one => one.Id).Distinct()], body.Do, said, cancel), StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> RestoreAsync(HttpContext http, ApiRestore body, CommandOutbox outbox, CancellationToken cancel) => body.Batch is not { Length: 32 }
        ? Jsend.Problem(StatusCodes.Status422UnprocessableEntity, "bad_batch", "A batch is named by 32 characters, as the change answered.")
        : Jsend.Accepted(await outbox.AddAsync(CommandKind.Restore, 0, http.User.Identity?.Name, cancel, command => command with { Batch = body.Batch }));

    private static Task<IResult> AssignAsync(HttpContext http, int project, long id, ApiAssign body, StateChanges changes, CancellationToken cancel) =>
        changes.ByApiAsync(http, project, id, CommandKind.Assign, new(Assignee: body.Assignee), cancel);

    private static async Task<IResult> CommentsAsync(int project, long id, IErrorReader errors, CancellationToken cancel) => await errors.GetIssueAsync(project, id, cancel) is null
        ? IssuesApi.NoSuch()
        : Jsend.Success(await errors.ListCommentsAsync(project, id, MostComments, cancel));

    private static async Task<IResult> CommentAsync(HttpContext http, int project, long id, ApiComment body, IErrorReader errors, CommandOutbox outbox, CancellationToken cancel) =>
        string.IsNullOrWhiteSpace(body.Text)
            ? Jsend.Problem(StatusCodes.Status422UnprocessableEntity, "no_text", "A comment has a text.")
            : await IssuesApi.ChangeAsync(http, project, id, CommandKind.Comment, errors, outbox, cancel, command => command with { Text = body.Text.Trim() });

    /// <summary>The writer looks whose it is: only one's own goes.</summary>
    private static Task<IResult> UncommentAsync(HttpContext http, int project, long id, string comment, IErrorReader errors, CommandOutbox outbox, CancellationToken cancel) =>
        IssuesApi.ChangeAsync(http, project, id, CommandKind.Uncomment, errors, outbox, cancel, command => command with { Text = comment });

    private static async Task<IResult> SaveAsync(HttpContext http, ApiSearch body, IConfigStore config, CancellationToken cancel)
    {
        if (Sessions.IdOf(http.User) is not { } user)
            return Jsend.Problem(StatusCodes.Status403Forbidden, "nobody", "Searches belong to people: use a personal token.");
        if (body.Name?.Trim() is not { Length: > 0 and <= LongestName } name)
            return Jsend.Problem(StatusCodes.Status422UnprocessableEntity, "bad_name", $"Give the search a name of 1 to {LongestName} characters.");
        var (id, problem) = await SearchesMap.KeepAsync(config, user, name, body.Query, body.IsShared, cancel);
        return problem is null
            ? Jsend.Success(new ApiDeleted(id), StatusCodes.Status201Created)
            : Jsend.Problem(StatusCodes.Status422UnprocessableEntity, "too_many_searches", problem);
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, long search, IConfigStore config, CancellationToken cancel) =>
        await config.DeleteSearchAsync(Sessions.IdOf(http.User) ?? 0, search, cancel)
            ? Jsend.Success(new ApiDeleted(search))
            : Jsend.Problem(StatusCodes.Status404NotFound, "not_found", "You have no such search.");
}

internal sealed record ApiIssueName(int Project, long Id);

/// <param name="Do">resolve, ignore, reopen or assign.</param>
/// <param name="In">Resolve: "now", "next" or "release:1.4.2"; the newest release where it is not said.</param>
/// <param name="Until">Ignore: "1h", "7d", "events:100" or "users:10"; until reopened where it is not said.</param>
/// <param name="Assignee">Assign: a user's address; null takes it from whoever has it.</param>
internal sealed record ApiBulk(string Do, IReadOnlyList<ApiIssueName> Issues, string? In = null, string? Until = null, string? Assignee = null);

/// <param name="Batch">What takes it back.</param>
internal sealed record ApiBatch(string Batch, bool Applied);

internal sealed record ApiRestore(string Batch);

internal sealed record ApiAssign(string? Assignee);

internal sealed record ApiComment(string Text);

/// <param name="Query">Of the list's address: "q=is:open&amp;sort=count".</param>
internal sealed record ApiSearch(string Name, string Query, bool IsShared = false);
