using System.Globalization;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Components.SigningIn;
using ErrorPipeline.Web.Serving;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;

namespace ErrorPipeline.Web.SigningIn;

internal static class SigningInMap
{
    /// <summary>Longer ones only keep the hash function busy.</summary>
    private const int LongestPassword = 1_000;

    public static void MapSigningIn(this IEndpointRouteBuilder app)
    {
        app.MapGet("/sign-in", Show).AllowAnonymous();
        app.MapPost("/sign-in", SignInAsync).AllowAnonymous();
        app.MapPost("/sign-out", (Delegate)SignOutAsync).AllowAnonymous();
        app.MapGet("/account", (bool done = false) => AccountPageWith(null, done: done));
        app.MapPost("/account/password", ChangePasswordAsync);
    }

    private static IResult Show(HttpContext http, string? to) =>
        http.User.Identity?.IsAuthenticated == true ? Results.LocalRedirect(LocalUrl.OrHome(to)) : SignInPageWith(to, email: null, problem: null, 200);

    private static async Task<IResult> SignInAsync(
        HttpContext http, [FromForm] SignInForm form, IConfigStore store, Passwords passwords, SignInThrottle throttle)
    {
        var email = (form.Email ?? "").Trim().ToLowerInvariant();
        var address = AddressOf(http);
        if (throttle.Take(address, email) is { } wait)
        {
            http.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            return SignInPageWith(form.To, email, $"Too many attempts. Wait {Math.Ceiling(wait.TotalMinutes)} min, then try again.", 429);
        }

        var password = form.Password ?? "";
        var user = email.Length is > 0 and < 320 ? await store.FindUserAsync(email, http.RequestAborted) : null;
        if (password.Length > LongestPassword || !passwords.Matches(user, password))
            return SignInPageWith(form.To, email, "That address and password do not belong together.", 401);
        throttle.Forgive(address, email);
        await Sessions.StartAsync(http, user!);
        return Results.LocalRedirect(LocalUrl.OrHome(form.To));
    }

    private static async Task<IResult> SignOutAsync(HttpContext http)
    {
        await http.SignOutAsync(Sessions.Scheme);
        return Results.LocalRedirect("/sign-in");
    }

    private static async Task<IResult> ChangePasswordAsync(
        HttpContext http, [FromForm] ChangePasswordForm form, IConfigStore store, Passwords passwords, SignInThrottle throttle)
    {
        var user = await store.GetUserAsync(Sessions.UserId(http.User), http.RequestAborted);
        var address = AddressOf(http);
        if (throttle.Take(address, user!.Email) is not null)
            return AccountPageWith("Too many attempts. Wait a few minutes, then try again.", 429);
        if ((form.Current ?? "").Length > LongestPassword || !passwords.Matches(user, form.Current ?? ""))
            return AccountPageWith("The present password is not right.", 400);
        throttle.Forgive(address, user.Email);
        if (form.New is not { Length: >= Passwords.Shortest and <= LongestPassword })
            return AccountPageWith($"The new password needs at least {Passwords.Shortest} characters.", 400);
        if (form.New != form.Again)
            return AccountPageWith("The two new passwords differ.", 400);
        await store.SetPasswordAsync(user.Id, passwords.Hash(form.New), http.RequestAborted);
        // The stamp has changed: every other session ends, this one starts anew.
        await Sessions.StartAsync(http, (await store.GetUserAsync(user.Id, http.RequestAborted))!);
        return Results.LocalRedirect("/account?done=true");
    }

    private static string AddressOf(HttpContext http) => SignInThrottle.NameOf(http.Connection.RemoteIpAddress);

    private static IResult SignInPageWith(string? to, string? email, string? problem, int status) =>
        Page.Of<SignInPage>(new() { ["To"] = LocalUrl.OrHome(to), ["Email"] = email, ["Problem"] = problem }, status);

    private static IResult AccountPageWith(string? problem, int status = 200, bool done = false) =>
        Page.Of<AccountPage>(new() { ["Problem"] = problem, ["Done"] = done }, status);
}

/// <summary>Properties, not constructor parameters: those would all have to be sent.</summary>
internal sealed record SignInForm
{
    public string? Email { get; init; }
    public string? Password { get; init; }
    public string? To { get; init; }
}

internal sealed record ChangePasswordForm
{
    public string? Current { get; init; }
    public string? New { get; init; }
    public string? Again { get; init; }
}
