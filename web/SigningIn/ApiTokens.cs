using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using ErrorPipeline.Web.Api;
using ErrorPipeline.Web.Serving;
using ErrorPipeline.Web.SourceMaps;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Web.SigningIn;

/// <summary>
/// "Authorization: Bearer" with a token: people's own act for them as far as their scope goes, Web:ApiToken reads <c>/api/v1</c>, upload tokens read
/// and change artifacts. What an endpoint asks for is checked by <see cref="Api.ApiGate"/>.
/// </summary>
internal sealed class ApiTokens(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder, IOptions<ServeOptions> serve, PersonalTokens people, UploadTokens uploads, TokenThrottle throttle)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public const string Name = "token";
    private const string Prefix = "Bearer ";

    private TimeSpan? _wait;

    public static bool IsFor(HttpRequest request) =>
        request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) && request.Headers.Authorization.ToString().StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var address = Context.Connection.RemoteIpAddress;
        if ((_wait = throttle.Wait(address)) is not null)
            return AuthenticateResult.Fail("too many tokens of this address were wrong");
        var given = Request.Headers.Authorization.ToString()[Prefix.Length..].Trim();
        var takesUpload = TakesUploadToken.On(Context);
        if (await ClaimsOfAsync(given, takesUpload) is { } claims)
            return AuthenticateResult.Success(new(new(new ClaimsIdentity(claims, Name)), Name));
        throttle.Failed(address);
        if (takesUpload)
            ErrorPages.Explain(Context, "Sign in first", "This upload token is not known here: make one on the page 'Source maps' of the project, and send it as 'Authorization: Bearer ...'.");
        return AuthenticateResult.Fail("no such token, or not for this");
    }

    /// <summary>Null where the token opens nothing here.</summary>
    private async Task<IReadOnlyList<Claim>?> ClaimsOfAsync(string given, bool takesUpload)
    {
        if (!TakesUploadToken.Alone(Context))
        {
            if (TokenForm.IsSame(given, serve.Value.ApiToken))
                return [new(ClaimTypes.Name, "api token"), new(ApiScopes.Claim, ApiScope.Read.Name()), new(ApiScopes.TokenClaim, "api token")];
            if (await people.FindAsync(given, Context.RequestAborted) is var (token, user))
                return [new(ClaimTypes.Name, user.Email), new(ClaimTypes.NameIdentifier, user.Id.ToString(CultureInfo.InvariantCulture)), new(ApiScopes.Claim, token.Scope), new(ApiScopes.TokenClaim, token.Id)];
        }

        return takesUpload && await uploads.ScopeOfAsync(given, Context.RequestAborted) is { } scope
            ? [new(ClaimTypes.Name, "api token"), new(UploadTokens.Claim, scope)]
            : null;
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (_wait is not { } wait)
            return base.HandleChallengeAsync(properties);
        Response.StatusCode = StatusCodes.Status429TooManyRequests;
        Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        ErrorPages.Explain(Context, "Too many attempts", "Too many wrong tokens came from your address. Correct the token, then try again in some minutes.");
        return Task.CompletedTask;
    }
}
