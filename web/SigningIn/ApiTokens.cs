using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using ErrorPipeline.Web.Serving;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Web.SigningIn;

/// <summary>"Authorization: Bearer" with the one token of setting Web:ApiToken. Good for reading <c>/api/v1</c>, for nothing else.</summary>
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
        if (serve.Value.ApiToken is not { Length: > 0 } wanted)
            return Task.FromResult(AuthenticateResult.Fail("token access is off"));
        var given = Request.Headers.Authorization.ToString()[Prefix.Length..].Trim();
        // Hashes have one length, so that the comparison tells nothing about the token's.
        if (!CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(wanted))))
            return Task.FromResult(AuthenticateResult.Fail("wrong token"));
        var identity = new ClaimsIdentity([new(ClaimTypes.Name, "api token")], Name);
        return Task.FromResult(AuthenticateResult.Success(new(new(identity), Name)));
    }
}
