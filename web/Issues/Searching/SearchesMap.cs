using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Api;
using ErrorPipeline.Web.Serving;
using ErrorPipeline.Web.SigningIn;
using Microsoft.AspNetCore.Mvc;

namespace ErrorPipeline.Web.Issues.Searching;

/// <summary>Searches that are kept, and what may come next in one that is being typed.</summary>
internal static class SearchesMap
{
    public static void MapSearches(this IEndpointRouteBuilder app)
    {
        app.MapPost("/searches", SaveAsync);
        app.MapPost("/searches/{id:long}/delete", DeleteAsync);
        app.MapGet("/issues/suggestions", SuggestAsync);
    }

    private static async Task<IResult> SaveAsync(
        HttpContext http, [FromForm] string? name, [FromForm] string? query, [FromForm] string? shared, IConfigStore config, CancellationToken cancel)
    {
        if (!string.IsNullOrWhiteSpace(name) && (await KeepAsync(config, Sessions.UserId(http.User), name.Trim(), query, shared is not null, cancel)).Problem is { } problem)
        {
            ErrorPages.Explain(http, "Not kept", problem);
            return Results.StatusCode(StatusCodes.Status400BadRequest);
        }

        return Results.LocalRedirect("/issues" + IssueFilter.From(query).FromStart.ToQueryString());
    }

    /// <summary>Read as an address would be: what is kept has nothing in it but a list's own filters. Where there are too many, says what to do.</summary>
    public static async Task<(long Id, string? Problem)> KeepAsync(IConfigStore config, long user, string name, string? query, bool isShared, CancellationToken cancel)
    {
        var filter = IssueFilter.From(query).FromStart;
        try
        {
            return (await config.SaveSearchAsync(new(0, user, filter.Project, name, filter.ToQueryString().TrimStart('?'), isShared), cancel), null);
        }
        catch (ArgumentException e)
        {
            // Without the name of the parameter, which a message of this kind ends with.
            return (0, e.Message.Split(" (Parameter")[0]);
        }
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, long id, [FromForm] string? query, IConfigStore config, CancellationToken cancel)
    {
        await config.DeleteSearchAsync(Sessions.UserId(http.User), id, cancel);
        return Results.LocalRedirect("/issues" + IssueFilter.From(query).ToQueryString());
    }

    /// <param name="q">What is typed so far.</param>
    /// <param name="at">Where the typing stands in it.</param>
    private static async Task<IResult> SuggestAsync(string? q, int? at, int? project, SearchSuggestions suggestions, CancellationToken cancel) =>
        Jsend.Success(await suggestions.ForAsync(q ?? "", at ?? q?.Length ?? 0, project, cancel));
}
