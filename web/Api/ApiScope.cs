using System.Security.Claims;
using ErrorPipeline.Web.SigningIn;

namespace ErrorPipeline.Web.Api;

/// <summary>How far a caller may go; each holds the ones before it.</summary>
public enum ApiScope
{
    Read,

    /// <summary>Change issues, tell of releases, upload source maps.</summary>
    Write,

    /// <summary>Projects, keys, policies, dead letters, people's data.</summary>
    Admin,
}

internal static class ApiScopes
{
    public const string Claim = "scope";

    /// <summary>Names the token that is asking, for its limit.</summary>
    public const string TokenClaim = "token";

    public static string Name(this ApiScope scope) => scope switch { ApiScope.Read => "read", ApiScope.Write => "write", _ => "admin" };

    /// <summary>Null for what is not known, which opens nothing.</summary>
    public static ApiScope? Of(string? name) => name switch { "read" => ApiScope.Read, "write" => ApiScope.Write, "admin" => ApiScope.Admin, _ => null };

    /// <summary>People who are signed in may everything; a token goes as far as its scope, and one without a scope nowhere.</summary>
    public static bool Allows(ClaimsPrincipal caller, ApiScope wanted) =>
        caller.Identity?.AuthenticationType != ApiTokens.Name || Of(caller.FindFirstValue(Claim)) is { } scope && scope >= wanted;
}
