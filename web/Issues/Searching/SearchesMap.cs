using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Api;
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
        // Read as an address would be: what is kept has nothing in it but a list's own filters.
        var parts = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(query ?? "");
        var filter = IssueFilter.From(new QueryCollection(parts)).FromStart;
        if (!string.IsNullOrWhiteSpace(name))
        {
            try
            {
                await config.SaveSearchAsync(new(0, Sessions.UserId(http.User), filter.Project, name.Trim(), filter.ToQueryString().TrimStart('?'), shared is not null), cancel);
            }
            catch (ArgumentException e)
            {
                throw new BadHttpRequestException(e.Message, e);
            }
        }

        return Results.LocalRedirect("/issues" + filter.ToQueryString());
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, long id, [FromForm] string? query, IConfigStore config, CancellationToken cancel)
    {
        await config.DeleteSearchAsync(Sessions.UserId(http.User), id, cancel);
        return Results.LocalRedirect("/issues" + IssueFilter.From(new QueryCollection(Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(query ?? ""))).ToQueryString());
    }

    /// <param name="q">What is typed so far.</param>
    /// <param name="at">Where the typing stands in it.</param>
    private static async Task<IResult> SuggestAsync(string? q, int? at, int? project, SearchSuggestions suggestions, CancellationToken cancel) =>
        Jsend.Success(await suggestions.ForAsync(q ?? "", at ?? q?.Length ?? 0, project, cancel));
}
