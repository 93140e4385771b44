using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Policies;
using ErrorPipeline.Workers.Normalize.Reading;

namespace ErrorPipeline.Workers.Normalize.Scrubbing;

/// <summary>
/// Takes personal data and secrets out of a text: passwords and tokens by their key, bearer tokens, JWTs, the user part of addresses,
/// e-mail addresses, card, bank account and social security numbers, and what the project adds. Linear in the text; idempotent, so that it may run twice.
/// </summary>
internal sealed class Scrub
{
    public const string Filtered = "[Filtered]";
    public const string Email = "[email]";
    public const string Card = "[card]";
    public const string Iban = "[iban]";

    /// <summary>What a project has that decided nothing.</summary>
    public static readonly Scrub Usual = new(null);

    private readonly ScrubPattern[] _patterns;
    private readonly bool _keepEmails;

    public Scrub(PrivacySettings? settings)
    {
        Keys = settings is null ? SensitiveKeys.Usual : new(settings.Keys ?? [], settings.AllowedKeys ?? []);
        _keepEmails = settings?.KeepEmails ?? false;
        // A pattern that this build refuses was allowed by a newer one: the others hold all the same.
        _patterns = [.. (settings?.Patterns ?? []).Select(p => ScrubPattern.TryParse(p, out var parsed, out _) ? parsed : null).OfType<ScrubPattern>()];
    }

    public SensitiveKeys Keys { get; }

    [return: NotNullIfNotNull(nameof(text))]
    public string? Text(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return text;
        text = TokenScrub.Run(KeyedScrub.Run(UserInfoScrub.Run(text), Keys));
        if (!_keepEmails)
            text = EmailScrub.Run(text);
        return OwnPatterns(IbanScrub.Run(NumberScrub.Run(text)));
    }

    /// <summary>
    /// What the site named on purpose, its user, release and environment: secrets go, but numbers and e-mail addresses stay, because it
    /// told us so that people and builds can be found.
    /// </summary>
    [return: NotNullIfNotNull(nameof(text))]
    public string? Name(string? text) =>
        string.IsNullOrEmpty(text) ? text : OwnPatterns(TokenScrub.Run(KeyedScrub.Run(UserInfoScrub.Run(text), Keys)));

    /// <summary>A JSON value as scrubbed text of at most <paramref name="longest"/> bytes; null for nothing.</summary>
    public string? Json(ReadOnlyMemory<byte> json, int longest)
    {
        if (json.IsEmpty)
            return null;
        var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = FieldLimits.Depth + 1 });
        return reader.Read() ? JsonCopy.Scrubbed(ref reader, longest, this) : null;
    }

    private string OwnPatterns(string text)
    {
        foreach (var pattern in _patterns)
            text = pattern.Replace(text, Filtered);
        return text;
    }
}
