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
    public const int LongestPassword = 1_000;

    public static void MapSigningIn(this IEndpointRouteBuilder app)
    {
        app.MapGet("/sign-in", Show).AllowAnonymous();
        app.MapPost("/sign-in", SignInAsync).AllowAnonymous();
        app.MapPost("/sign-out", (Delegate)SignOutAsync).AllowAnonymous();
        app.MapAccount();
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

    public static string AddressOf(HttpContext http) => SignInThrottle.NameOf(http.Connection.RemoteIpAddress);

    private static IResult SignInPageWith(string? to, string? email, string? problem, int status) =>
        Page.Of<SignInPage>(new() { ["To"] = LocalUrl.OrHome(to), ["Email"] = email, ["Problem"] = problem }, status);
}

/// <summary>Properties, not constructor parameters: those would all have to be sent.</summary>
internal sealed record SignInForm
{
    public string? Email { get; init; }
    public string? Password { get; init; }
    public string? To { get; init; }
}
