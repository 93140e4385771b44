using System.Buffers;

namespace ErrorPipeline.Workers.Normalize.Scrubbing;

/// <summary>Whether the value under a key is a secret or personal by the key's name alone, in any of the usual spellings.</summary>
/// <param name="added">Further names, telling wherever they stand in a key.</param>
/// <param name="allowed">Names that tell nothing here, compared with the whole key.</param>
internal sealed class SensitiveKeys(IReadOnlyList<string> added, IReadOnlyList<string> allowed)
{
    private const int LongestLookedAt = 128;

    /// <summary>Telling wherever they stand in a key, spelled "api_key", "apiKey", "X-Api-Key" or "user[api key]".</summary>
    private static readonly string[] Anywhere =
    [
        "password", "passwd", "passphrase", "passwort", "passcode", "secret", "apikey", "accesskey", "privatekey", "authorization", "credential", "creditcard", "cardnumber",
        "ccnumber", "cardno", "securitycode", "socialsecurity", "sessionid", "sessid", "csrf", "xsrf", "accesstoken", "refreshtoken", "idtoken", "authtoken", "bearer", "setcookie",
        "ipaddress", "clientip", "remoteaddr", "forwardedfor", "realip", "connectingip", "accountnumber", "routingnumber", "onetimecode", "recoverycode",
    ];

    /// <summary>Telling only as a whole word of a key: "token" is, "tokenizer" is not.</summary>
    private static readonly string[] Words =
        ["token", "pwd", "pass", "pw", "auth", "session", "sid", "cookie", "cookies", "ssn", "cvv", "cvc", "cvv2", "cvc2", "otp", "jwt", "iban", "pin", "ip"];

    /// <summary>Only in the query or fragment of an address, where such short names carry one-time codes and signatures.</summary>
    private static readonly string[] QueryWords = ["code", "sig", "signature", "key", "ticket", "nonce", "saml", "samlresponse", "assertion", "invite", "reset"];

    // Behind the lists that it is made of.
    public static readonly SensitiveKeys Usual = new([], []);

    private readonly SearchValues<string> _anywhere = SearchValues.Create([.. Anywhere, .. added.Select(Letters).Where(name => name.Length > 1)], StringComparison.Ordinal);
    private readonly HashSet<string> _allowed = [.. allowed.Select(Letters)];

    public bool IsTelling(ReadOnlySpan<char> key) => Matches(key, _anywhere, Words) && !IsAllowed(key);

    /// <summary>Without the words that are common in prose: "Unexpected token: x" must stay readable.</summary>
    public bool IsTellingInProse(ReadOnlySpan<char> key) => Matches(key, _anywhere, []) && !IsAllowed(key);

    public bool IsTellingInQuery(ReadOnlySpan<char> key) => IsTelling(key) || (Matches(key, null, QueryWords) && !IsAllowed(key));

    private bool IsAllowed(ReadOnlySpan<char> key) => _allowed.Count > 0 && _allowed.Contains(Letters(key.ToString()));

    private static string Letters(string key) => string.Concat(key.Where(char.IsAsciiLetterOrDigit).Select(char.ToLowerInvariant));

    private static bool Matches(ReadOnlySpan<char> key, SearchValues<string>? anywhere, string[] words)
    {
        if (key.Length > LongestLookedAt)
            key = key[..LongestLookedAt];
        Span<char> letters = stackalloc char[LongestLookedAt];
        int count = 0, wordStart = 0;
        for (var i = 0; i < key.Length; i++)
        {
            var c = key[i];
            var inWord = char.IsAsciiLetterOrDigit(c);
            var startsWord = char.IsAsciiLetterUpper(c) && i > 0 && !char.IsAsciiLetterUpper(key[i - 1]);
            if ((!inWord || startsWord) && IsWord(letters[wordStart..count], words))
                return true;
            if (!inWord || startsWord)
                wordStart = count;
            if (inWord)
                letters[count++] = char.ToLowerInvariant(c);
        }

        return IsWord(letters[wordStart..count], words) || (anywhere is not null && letters[..count].ContainsAny(anywhere));
    }

    private static bool IsWord(ReadOnlySpan<char> word, string[] words)
    {
        foreach (var known in words)
        {
            if (word.SequenceEqual(known))
                return true;
        }

        return false;
    }
}
