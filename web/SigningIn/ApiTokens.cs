using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using ErrorPipeline.Web.Serving;
using ErrorPipeline.Web.SourceMaps;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Web.SigningIn;

/// <summary>
/// "Authorization: Bearer" with one of two tokens: Web:ApiToken reads <c>/api/v1</c>; Web:UploadToken reads and changes artifacts.
/// Neither is good for anything else.
/// </summary>
internal sealed class ApiTokens(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder, IOptions<ServeOptions> serve)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public const string Name = "token";
    private const string Prefix = "Bearer ";

    public static bool IsFor(HttpRequest request) =>
        request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) && request.Headers.Authorization.ToString().StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var given = Request.Headers.Authorization.ToString()[Prefix.Length..].Trim();
        var reads = HttpMethods.IsGet(Request.Method) || HttpMethods.IsHead(Request.Method);
        if (!(reads && IsSame(given, serve.Value.ApiToken)) && !(TakesUploadToken.On(Context) && IsSame(given, serve.Value.UploadToken)))
            return Task.FromResult(AuthenticateResult.Fail("no such token, or not for this"));
        var identity = new ClaimsIdentity([new(ClaimTypes.Name, "api token")], Name);
        return Task.FromResult(AuthenticateResult.Success(new(new(identity), Name)));
    }

    /// <summary>False where the token is not set, that is off. Hashes have one length, so that the comparison tells nothing about the token's.</summary>
    private static bool IsSame(string given, string? wanted) => wanted is { Length: > 0 }
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(wanted)));
}
