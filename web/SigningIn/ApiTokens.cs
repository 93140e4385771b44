using System.Security.Claims;
using System.Text.Encodings.Web;
using ErrorPipeline.Web.Serving;
using ErrorPipeline.Web.SourceMaps;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Web.SigningIn;

/// <summary>
/// "Authorization: Bearer" with one of two kinds of token: Web:ApiToken reads <c>/api/v1</c>; upload tokens read and change artifacts.
/// Neither is good for anything else.
/// </summary>
internal sealed class ApiTokens(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder, IOptions<ServeOptions> serve, UploadTokens uploads, TokenThrottle throttle)
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
        var reads = HttpMethods.IsGet(Request.Method) || HttpMethods.IsHead(Request.Method);
        var takesUpload = TakesUploadToken.On(Context);
        var identity = new ClaimsIdentity([new(ClaimTypes.Name, "api token")], Name);
        if (reads && !TakesUploadToken.Alone(Context) && UploadTokens.IsSame(given, serve.Value.ApiToken))
            return AuthenticateResult.Success(new(new(identity), Name));
        if (takesUpload && await uploads.ScopeOfAsync(given, Context.RequestAborted) is { } scope)
        {
            identity.AddClaim(new(UploadTokens.Claim, scope));
            return AuthenticateResult.Success(new(new(identity), Name));
        }

        throttle.Failed(address);
        if (takesUpload)
            ErrorPages.Explain(Context, "Sign in first", "This upload token is not known here: make one on the page 'Source maps' of the project, and send it as 'Authorization: Bearer ...'.");
        return AuthenticateResult.Fail("no such token, or not for this");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (_wait is not { } wait)
            return base.HandleChallengeAsync(properties);
        Response.StatusCode = StatusCodes.Status429TooManyRequests;
        Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
        ErrorPages.Explain(Context, "Too many attempts", "Too many wrong tokens came from your address. Correct the token, then try again in some minutes.");
        return Task.CompletedTask;
    }
}
