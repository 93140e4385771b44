namespace ErrorPipeline.Web.SigningIn;

/// <summary>What a token may be called, and how many there may be.</summary>
internal static class TokenName
{
    private const int Longest = 80;
    private const int Most = 20;

    /// <summary>What to correct, or null.</summary>
    /// <param name="had">Tokens that there are already.</param>
    public static string? Problem(string? name, int had)
    {
        var clean = (name ?? "").Trim();
        if (clean.Length is 0 or > Longest || clean.Any(char.IsControl))
            return $"Give the token a name of 1 to {Longest} characters, such as what uses it.";
        return had >= Most ? $"There are {Most} tokens already, which is the most: revoke one first." : null;
    }
}
