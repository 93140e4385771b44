using System.Security.Cryptography;
using System.Text;

namespace ErrorPipeline.Web.SigningIn;

/// <summary>How tokens of one kind are written: a start that says the kind, an id that is no secret, and a secret. Stores keep id and hash.</summary>
internal sealed class TokenForm(string start)
{
    private const int IdLength = 12;
    private const int SecretLength = 40;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public (string Id, string Token) Make()
    {
        var id = RandomNumberGenerator.GetString(Alphabet, IdLength);
        return (id, $"{start}{id}_{RandomNumberGenerator.GetString(Alphabet, SecretLength)}");
    }

    /// <summary>The part that it is found by; null for what has not this form.</summary>
    public string? IdOf(string given) => given.StartsWith(start, StringComparison.Ordinal) && given.Length == start.Length + IdLength + 1 + SecretLength
        ? given.Substring(start.Length, IdLength)
        : null;

    /// <summary>It is random and long, so no slow hash is needed.</summary>
    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>In a time that tells nothing of where they differ.</summary>
    public static bool Matches(string given, byte[] hash) => CryptographicOperations.FixedTimeEquals(Hash(given), hash);

    /// <summary>False where the token is not set, that is off. Hashes have one length, so that the comparison tells nothing about the token's.</summary>
    public static bool IsSame(string given, string? wanted) => wanted is { Length: > 0 } && Matches(given, Hash(wanted));
}
