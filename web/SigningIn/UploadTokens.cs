using System.Security.Claims;
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

    private static readonly TokenForm Form = new("epu_");

    /// <summary>Makes a token and returns it; it cannot be shown again.</summary>
    public async Task<string> MakeAsync(int projectId, string name, CancellationToken cancel)
    {
        var (id, token) = Form.Make();
        await store.AddUploadTokenAsync(new(id, projectId, name, TokenForm.Hash(token), clock.GetUtcNow().ToUnixTimeMilliseconds(), null), cancel);
        return token;
    }

    /// <summary>What the token opens, or null.</summary>
    public async Task<string?> ScopeOfAsync(string given, CancellationToken cancel)
    {
        if (TokenForm.IsSame(given, serve.Value.UploadToken))
            return AllProjects;
        if (Form.IdOf(given) is not { } id || await store.FindUploadTokenAsync(id, cancel) is not { } known || !TokenForm.Matches(given, known.Hash))
            return null;
        if (known.LastUsedAt is not { } used || used < clock.GetUtcNow().AddMinutes(-1).ToUnixTimeMilliseconds())
            await store.NoteUploadTokenUseAsync(known.Id, clock.GetUtcNow(), cancel);
        return known.ProjectId.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>False where the caller has a token of another project. People who are signed in may everything.</summary>
    public static bool Opens(ClaimsPrincipal caller, int projectId) => caller.FindFirstValue(Claim) is not { } scope
        || scope == AllProjects || scope == projectId.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
