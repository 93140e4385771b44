using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Api;

namespace ErrorPipeline.Web.SigningIn;

/// <summary>Tokens that people make for their scripts, on the account page. They act for their maker, as far as their scope goes.</summary>
internal sealed class PersonalTokens(IConfigStore store, TimeProvider clock)
{
    private static readonly TokenForm Form = new("epp_");

    /// <summary>Makes a token and returns it; it cannot be shown again.</summary>
    /// <param name="days">How long it opens anything; null for ever.</param>
    public async Task<string> MakeAsync(long userId, string name, ApiScope scope, int? days, CancellationToken cancel)
    {
        var (id, token) = Form.Make();
        var now = clock.GetUtcNow();
        await store.AddApiTokenAsync(
            new(id, userId, name, TokenForm.Hash(token), scope.Name(), now.ToUnixTimeMilliseconds(), days is { } given ? now.AddDays(given).ToUnixTimeMilliseconds() : null, null), cancel);
        return token;
    }

    /// <summary>Null for what is no token, was revoked or has expired.</summary>
    public async Task<(ApiToken Token, User User)?> FindAsync(string given, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (Form.IdOf(given) is not { } id || await store.FindApiTokenAsync(id, cancel) is not { } known || !TokenForm.Matches(given, known.Hash)
            || known.ExpiresAt <= now.ToUnixTimeMilliseconds() || await store.GetUserAsync(known.UserId, cancel) is not { } user)
            return null;
        if (known.LastUsedAt is not { } used || used < now.AddMinutes(-1).ToUnixTimeMilliseconds())
            await store.NoteApiTokenUseAsync(known.Id, now, cancel);
        return (known, user);
    }
}
