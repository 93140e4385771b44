using System.Diagnostics.CodeAnalysis;

namespace ErrorPipeline.Workers.Normalize.Scrubbing;

/// <summary>
/// Takes personal data and secrets out of a text: passwords and tokens by their key, bearer tokens, JWTs, the user part of addresses,
/// e-mail addresses, card and social security numbers. What the site itself names as its user (user.id, email, name) is not passed
/// through here: it told us so that people can be found. Linear in the text; idempotent, so that it may run twice.
/// </summary>
internal static class Scrub
{
    public const string Filtered = "[Filtered]";
    public const string Email = "[email]";
    public const string Card = "[card]";

    [return: NotNullIfNotNull(nameof(text))]
    public static string? Text(string? text) =>
        string.IsNullOrEmpty(text) ? text : NumberScrub.Run(EmailScrub.Run(TokenScrub.Run(KeyedScrub.Run(UserInfoScrub.Run(text)))));
}
