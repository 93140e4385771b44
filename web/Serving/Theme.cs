using ErrorPipeline.Web.SigningIn;
using Microsoft.AspNetCore.Mvc;

namespace ErrorPipeline.Web.Serving;

/// <summary>Light, dark, or what the reader's system says: a choice of the browser, not of the account, so it is kept in a cookie.</summary>
internal static class Theme
{
    public const string Light = "light";
    public const string Dark = "dark";
    public const string AsSystem = "system";
    private const string CookieName = "ep_theme";

    public static void MapTheme(this IEndpointRouteBuilder app) => app.MapPost("/theme", Choose).AllowAnonymous();

    /// <summary>Anything but one of ours counts as no choice.</summary>
    public static string Of(HttpContext http) => http.Request.Cookies[CookieName] switch { Light => Light, Dark => Dark, _ => AsSystem };

    private static IResult Choose(HttpContext http, [FromForm] string? theme, [FromForm] string? to)
    {
        var options = new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, MaxAge = TimeSpan.FromDays(365), IsEssential = true };
        if (theme is Light or Dark)
            http.Response.Cookies.Append(CookieName, theme, options);
        else
            http.Response.Cookies.Delete(CookieName, options);
        return Results.LocalRedirect(LocalUrl.OrHome(to));
    }
}
