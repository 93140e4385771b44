using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Policies;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Api;
using ErrorPipeline.Web.Components.Policies;
using ErrorPipeline.Web.Serving;
using ErrorPipeline.Web.Settings;
using Microsoft.AspNetCore.Mvc;

namespace ErrorPipeline.Web.Policies;

/// <summary>Filters, rules and privacy of a project: three plain forms, and the whole of it for scripts.</summary>
internal static class PolicyMap
{
    private const int MinutesADay = 24 * 60;

    public static void MapPolicies(this IEndpointRouteBuilder app)
    {
        app.MapGet("/projects/{id:int}/filters", FiltersAsync);
        app.MapPost("/projects/{id:int}/filters", SaveFiltersAsync);
        app.MapGet("/projects/{id:int}/rules", RulesAsync);
        app.MapPost("/projects/{id:int}/rules", SaveRulesAsync);
        app.MapGet("/projects/{id:int}/privacy", PrivacyAsync);
        app.MapPost("/projects/{id:int}/privacy", SavePrivacyAsync);
        app.MapGet("/api/v1/projects/{id:int}/policy", ReadAsync)
            .WithMetadata(new ApiEndpoint("Projects", "Read filters, rules, privacy and retention") { Answer = typeof(ProjectPolicy) });
        app.MapPut("/api/v1/projects/{id:int}/policy", ReplaceAsync)
            .WithMetadata(new ApiEndpoint("Projects", "Replace filters, rules, privacy and retention; what is left out goes back to a new project's", ApiScope.Admin) { Answer = typeof(ProjectPolicy), Body = typeof(ProjectPolicy) });
    }

    private static async Task<IResult> FiltersAsync(int id, IConfigStore store, IErrorReader errors, TimeProvider clock, CancellationToken cancel, bool saved = false) =>
        await store.GetProjectAsync(id, cancel) is { } project
            ? await FiltersPageAsync(project, FilterForm.Of(project.Policy.Filters), [], saved, errors, clock, cancel)
            : Results.NotFound();

    private static async Task<IResult> SaveFiltersAsync(
        int id, HttpRequest request, IConfigStore store, IErrorReader errors, ConfigPush push, TimeProvider clock, CancellationToken cancel)
    {
        if (await store.GetProjectAsync(id, cancel) is not { } project)
            return Results.NotFound();
        var form = FilterForm.From(await request.ReadFormAsync(cancel));
        var settings = form.ToSettings();
        if (FilterForm.Problems(settings) is { Count: > 0 } problems)
            return await FiltersPageAsync(project, form, problems, false, errors, clock, cancel);
        await store.SetPolicyAsync(id, project.Policy with { Filters = settings }, cancel);
        push.Changed();
        return Results.LocalRedirect($"/projects/{id}/filters?saved=true");
    }

    private static async Task<IResult> FiltersPageAsync(
        Project project, FilterForm form, IReadOnlyList<string> problems, bool saved, IErrorReader errors, TimeProvider clock, CancellationToken cancel)
    {
        var outcomes = await errors.ListOutcomesAsync(project.Id, (clock.GetUtcNow().ToUnixTimeSeconds() / 60) - MinutesADay, cancel);
        var taken = outcomes.Where(o => o.Outcome.StartsWith(Outcome.FilteredPrefix, StringComparison.Ordinal))
            .GroupBy(o => o.Outcome[Outcome.FilteredPrefix.Length..], StringComparer.Ordinal).ToDictionary(o => o.Key, o => o.Sum(c => c.Count));
        return Page.Of<FiltersPage>(
            new() { ["Project"] = project, ["Form"] = form, ["Problems"] = problems, ["Saved"] = saved, ["Taken"] = taken }, problems.Count > 0 ? 400 : 200);
    }

    private static async Task<IResult> RulesAsync(int id, IConfigStore store, IErrorReader errors, TimeProvider clock, CancellationToken cancel, bool saved = false) =>
        await store.GetProjectAsync(id, cancel) is { } project
            ? await RulesPageAsync(project, project.Policy.Rules ?? "", saved, 200, errors, clock, cancel)
            : Results.NotFound();

    private static async Task<IResult> SaveRulesAsync(
        int id, [FromForm] string? rules, [FromForm] string? act, IConfigStore store, IErrorReader errors, ConfigPush push, TimeProvider clock, CancellationToken cancel)
    {
        if (await store.GetProjectAsync(id, cancel) is not { } project)
            return Results.NotFound();
        var text = (rules ?? "").ReplaceLineEndings("\n");
        var isWrong = RuleSet.Parse(text).Problems.Count > 0;
        if (isWrong || act == "preview")
            return await RulesPageAsync(project, text, false, isWrong ? 400 : 200, errors, clock, cancel);
        await store.SetPolicyAsync(id, project.Policy with { Rules = text.Length == 0 ? null : text }, cancel);
        push.Changed();
        return Results.LocalRedirect($"/projects/{id}/rules?saved=true");
    }

    private static async Task<IResult> RulesPageAsync(
        Project project, string text, bool saved, int status, IErrorReader errors, TimeProvider clock, CancellationToken cancel)
    {
        var rules = RuleSet.Parse(text);
        var preview = rules.All.Count > 0 ? await RulePreview.OfAsync(project.Id, rules, errors, clock, cancel) : null;
        return Page.Of<RulesPage>(new() { ["Project"] = project, ["Text"] = text, ["Rules"] = rules, ["Preview"] = preview, ["Saved"] = saved }, status);
    }

    private static async Task<IResult> PrivacyAsync(int id, IConfigStore store, CancellationToken cancel, bool saved = false) =>
        await store.GetProjectAsync(id, cancel) is { } project
            ? Page.Of<PrivacyPage>(new() { ["Project"] = project, ["Form"] = PrivacyForm.Of(project.Policy), ["Saved"] = saved })
            : Results.NotFound();

    private static async Task<IResult> SavePrivacyAsync(int id, [FromForm] PrivacyForm form, IConfigStore store, ConfigPush push, CancellationToken cancel)
    {
        if (await store.GetProjectAsync(id, cancel) is not { } project)
            return Results.NotFound();
        var (settings, retention) = (form.ToSettings(), form.ToRetention());
        if (PrivacyForm.Problems(settings).Concat(PrivacyForm.Problems(retention)).ToList() is { Count: > 0 } problems)
            return Page.Of<PrivacyPage>(new() { ["Project"] = project, ["Form"] = form, ["Problems"] = problems }, 400);
        await store.SetPolicyAsync(id, project.Policy with { Privacy = settings, Retention = retention }, cancel);
        push.Changed();
        return Results.LocalRedirect($"/projects/{id}/privacy?saved=true");
    }

    private static async Task<IResult> ReadAsync(int id, IConfigStore store, CancellationToken cancel) =>
        await store.GetProjectAsync(id, cancel) is { } project ? Jsend.Success(project.Policy) : NoSuchProject();

    /// <summary>Parts that are left out go back to what a new project has.</summary>
    private static async Task<IResult> ReplaceAsync(int id, [FromBody] ProjectPolicy policy, IConfigStore store, ConfigPush push, CancellationToken cancel)
    {
        if (await store.GetProjectAsync(id, cancel) is null)
            return NoSuchProject();
        IReadOnlyList<string> problems =
        [
            .. FilterForm.Problems(policy.Filters ?? new()), .. PrivacyForm.Problems(policy.Privacy ?? new()), .. PrivacyForm.Problems(policy.Retention),
            .. RuleSet.Parse(policy.Rules).Problems.Select(p => $"Rules, line {p.Line}: {p.What}."),
        ];
        if (problems.Count > 0)
            return Jsend.Problem(StatusCodes.Status422UnprocessableEntity, "bad_policy", string.Join(' ', problems));
        await store.SetPolicyAsync(id, policy, cancel);
        push.Changed();
        return Jsend.Success(policy);
    }

    private static IResult NoSuchProject() => Jsend.Problem(StatusCodes.Status404NotFound, "not_found", "There is no such project.");
}
