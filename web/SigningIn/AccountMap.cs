using System.Globalization;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Api;
using ErrorPipeline.Web.Components.SigningIn;
using ErrorPipeline.Web.Serving;
using Microsoft.AspNetCore.Mvc;

namespace ErrorPipeline.Web.SigningIn;

/// <summary>What people change about themselves: their password, and the tokens of their scripts.</summary>
internal static class AccountMap
{
    private const int LongestLife = 3650;

    public static void MapAccount(this IEndpointRouteBuilder app)
    {
        app.MapGet("/account", (HttpContext http, IConfigStore store, bool done = false) => PageAsync(http, store, done: done));
        app.MapPost("/account/password", ChangePasswordAsync);
        app.MapPost("/account/tokens", MakeTokenAsync);
        app.MapPost("/account/tokens/revoke", RevokeTokenAsync);
    }

    private static async Task<IResult> ChangePasswordAsync(
        HttpContext http, [FromForm] ChangePasswordForm form, IConfigStore store, Passwords passwords, Stamps stamps, SignInThrottle throttle)
    {
        var user = await store.GetUserAsync(Sessions.UserId(http.User), http.RequestAborted);
        var address = SigningInMap.AddressOf(http);
        if (throttle.Take(address, user!.Email) is not null)
            return await PageAsync(http, store, problem: "Too many attempts. Wait a few minutes, then try again.", status: 429);
        if ((form.Current ?? "").Length > SigningInMap.LongestPassword || !passwords.Matches(user, form.Current ?? ""))
            return await PageAsync(http, store, problem: "The present password is not right.", status: 400);
        throttle.Forgive(address, user.Email);
        if (form.New is not { Length: >= Passwords.Shortest and <= SigningInMap.LongestPassword })
            return await PageAsync(http, store, problem: $"The new password needs at least {Passwords.Shortest} characters.", status: 400);
        if (form.New != form.Again)
            return await PageAsync(http, store, problem: "The two new passwords differ.", status: 400);
        await store.SetPasswordAsync(user.Id, passwords.Hash(form.New), http.RequestAborted);
        stamps.Forget(user.Id);
        // The stamp has changed: every other session ends, this one starts anew.
        await Sessions.StartAsync(http, (await store.GetUserAsync(user.Id, http.RequestAborted))!);
        return Results.LocalRedirect("/account?done=true");
    }

    /// <summary>The token is in this answer and nowhere else.</summary>
    private static async Task<IResult> MakeTokenAsync(HttpContext http, [FromForm] NewTokenForm form, IConfigStore store, PersonalTokens tokens)
    {
        var user = Sessions.UserId(http.User);
        var days = int.TryParse(form.Days, NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : (int?)null;
        var problem = TokenName.Problem(form.Name, (await store.ListApiTokensAsync(user, http.RequestAborted)).Count)
            ?? (ApiScopes.Of(form.Scope) is null ? "Choose a scope: read, write or admin." : null)
            ?? (days is < 1 or > LongestLife || (days is null && !string.IsNullOrEmpty(form.Days)) ? $"A token lives 1 to {LongestLife} days, or does not expire." : null);
        return problem is not null
            ? await PageAsync(http, store, tokenProblem: problem, status: 400)
            : await PageAsync(http, store, made: await tokens.MakeAsync(user, form.Name!.Trim(), ApiScopes.Of(form.Scope)!.Value, days, http.RequestAborted));
    }

    private static async Task<IResult> RevokeTokenAsync(HttpContext http, [FromForm] string? token, IConfigStore store) =>
        await store.RevokeApiTokenAsync(Sessions.UserId(http.User), token ?? "", http.RequestAborted) ? Results.LocalRedirect("/account#tokens") : Results.NotFound();

    private static async Task<IResult> PageAsync(
        HttpContext http, IConfigStore store, string? problem = null, string? tokenProblem = null, string? made = null, bool done = false, int status = 200) =>
        Page.Of<AccountPage>(
            new()
            {
                ["Problem"] = problem,
                ["Done"] = done,
                ["Made"] = made,
                ["TokenProblem"] = tokenProblem,
                ["Tokens"] = await store.ListApiTokensAsync(Sessions.UserId(http.User), http.RequestAborted),
            },
            status);
}

internal sealed record ChangePasswordForm
{
    public string? Current { get; init; }
    public string? New { get; init; }
    public string? Again { get; init; }
}

internal sealed record NewTokenForm
{
    public string? Name { get; init; }
    public string? Scope { get; init; }

    /// <summary>Empty where it does not expire.</summary>
    public string? Days { get; init; }
}
