using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Serving;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Web.SigningIn;

/// <summary>
/// Tokens of builds: one opens the uploads of its own project and nothing else. The store has the hash alone. Web:UploadToken opens the
/// uploads of every project.
/// </summary>
internal sealed class UploadTokens(IConfigStore store, IOptions<ServeOptions> serve, TimeProvider clock)
{
    /// <summary>What a token is good for: the claim holds a project's number, or this for all of them.</summary>
    public const string Claim = "uploads-to";
    public const string AllProjects = "*";

    private const string Start = "epu_";
    private const int IdLength = 12;
    private const int SecretLength = 40;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>Makes a token and returns it; it cannot be shown again.</summary>
    public async Task<string> MakeAsync(int projectId, string name, CancellationToken cancel)
    {
        var id = RandomNumberGenerator.GetString(Alphabet, IdLength);
        var token = $"{Start}{id}_{RandomNumberGenerator.GetString(Alphabet, SecretLength)}";
        await store.AddUploadTokenAsync(new(id, projectId, name, Hash(token), clock.GetUtcNow().ToUnixTimeMilliseconds(), null), cancel);
        return token;
    }

    /// <summary>What the token opens, or null.</summary>
    public async Task<string?> ScopeOfAsync(string given, CancellationToken cancel)
    {
        if (IsSame(given, serve.Value.UploadToken))
            return AllProjects;
        if (!given.StartsWith(Start, StringComparison.Ordinal) || given.Length != Start.Length + IdLength + 1 + SecretLength)
            return null;
        if (await store.FindUploadTokenAsync(given.Substring(Start.Length, IdLength), cancel) is not { } known || !CryptographicOperations.FixedTimeEquals(Hash(given), known.Hash))
            return null;
        if (known.LastUsedAt is not { } used || used < clock.GetUtcNow().AddMinutes(-1).ToUnixTimeMilliseconds())
            await store.NoteUploadTokenUseAsync(known.Id, clock.GetUtcNow(), cancel);
        return known.ProjectId.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>False where the caller has a token of another project. People who are signed in may everything.</summary>
    public static bool Opens(ClaimsPrincipal caller, int projectId) => caller.FindFirstValue(Claim) is not { } scope
        || scope == AllProjects || scope == projectId.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>False where the token is not set, that is off. Hashes have one length, so that the comparison tells nothing about the token's.</summary>
    public static bool IsSame(string given, string? wanted) => wanted is { Length: > 0 } && CryptographicOperations.FixedTimeEquals(Hash(given), Hash(wanted));

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
