using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using ErrorPipeline.Shared.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace ErrorPipeline.Web.SigningIn;

/// <summary>A session is an encrypted cookie that names the user and the security stamp it was made under.</summary>
internal static class Sessions
{
    public const string Scheme = "session";
    private const string Stamp = "stamp";

    /// <summary>Always a new session: whatever cookie the browser had before is replaced.</summary>
    public static Task StartAsync(HttpContext http, User user)
    {
        var claims = new Claim[]
        {
            new(ClaimTypes.NameIdentifier, user.Id.ToString(CultureInfo.InvariantCulture)),
            new(ClaimTypes.Name, user.Email),
            new(Stamp, user.SecurityStamp),
            new(ClaimTypes.Sid, RandomNumberGenerator.GetHexString(32)),
        };
        return http.SignInAsync(Scheme, new(new ClaimsIdentity(claims, Scheme)), new() { IsPersistent = true });
    }

    /// <summary>Null where nobody in particular is asking: the token of the settings, or of a build.</summary>
    public static long? IdOf(ClaimsPrincipal caller) => long.TryParse(caller.FindFirstValue(ClaimTypes.NameIdentifier), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    public static long UserId(ClaimsPrincipal user) => long.Parse(user.FindFirstValue(ClaimTypes.NameIdentifier)!, CultureInfo.InvariantCulture);

    /// <summary>On every request: a changed password or a deleted account ends what is open.</summary>
    public static async Task CheckStampAsync(CookieValidatePrincipalContext context)
    {
        var stamps = context.HttpContext.RequestServices.GetRequiredService<Stamps>();
        if (await stamps.GetAsync(UserId(context.Principal!), context.HttpContext.RequestAborted) is { } stamp && stamp == context.Principal!.FindFirstValue(Stamp))
            return;
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(Scheme);
    }
}
