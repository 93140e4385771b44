using ErrorPipeline.Web.Serving;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Web.SigningIn;

internal static class SigningInSetup
{
    private const string EitherWay = "either";

    public static void AddSigningIn(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<Passwords>();
        services.AddSingleton<Stamps>();
        services.AddSingleton<SignInThrottle>();
        services.AddSingleton<TokenThrottle>();
        services.AddSingleton<UploadTokens>();
        services.AddSingleton<PersonalTokens>();
        services.AddAuthentication(EitherWay)
            .AddPolicyScheme(EitherWay, null, either =>
                either.ForwardDefaultSelector = http => ApiTokens.IsFor(http.Request) ? ApiTokens.Name : Sessions.Scheme)
            .AddCookie(Sessions.Scheme)
            .AddScheme<AuthenticationSchemeOptions, ApiTokens>(ApiTokens.Name, null);
        services.AddOptions<CookieAuthenticationOptions>(Sessions.Scheme).Configure<IOptions<ServeOptions>>(SetCookie);
        // Deny by default: an endpoint that says nothing needs a session.
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
    }

    private static void SetCookie(CookieAuthenticationOptions cookie, IOptions<ServeOptions> serve)
    {
        cookie.Cookie.Name = "ep_session";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.ExpireTimeSpan = TimeSpan.FromDays(serve.Value.SessionDays);
        cookie.SlidingExpiration = true;
        cookie.LoginPath = "/sign-in";
        cookie.ReturnUrlParameter = "to";
        cookie.Events.OnValidatePrincipal = Sessions.CheckStampAsync;
        cookie.Events.OnRedirectToLogin = SendToSignInAsync;
        cookie.Events.OnRedirectToAccessDenied = context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        };
    }

    /// <summary>People go to the sign-in page; scripts and event streams are told 401, which they can act on.</summary>
    private static Task SendToSignInAsync(RedirectContext<CookieAuthenticationOptions> context)
    {
        var request = context.Request;
        if (request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase, out var rest) && rest.HasValue || request.Path.StartsWithSegments("/live", StringComparison.OrdinalIgnoreCase) || request.Headers.ContainsKey("X-Fragment"))
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        else
            // Relative, so that a forged Host header leads nowhere.
            context.Response.Redirect("/sign-in" + (HttpMethods.IsGet(request.Method) ? QueryString.Create("to", request.Path + request.QueryString) : QueryString.Empty));
        return Task.CompletedTask;
    }
}
