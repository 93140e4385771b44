using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Policies;

namespace ErrorPipeline.Web.Policies;

/// <summary>What people choose on the page of privacy, and whether it can be used.</summary>
public sealed record PrivacyForm
{
    private const int LongestKey = 64;

    public string? Address { get; init; }

    /// <summary>"on" where the box is ticked.</summary>
    public string? KeepEmails { get; init; }
    public string? Keys { get; init; }
    public string? Patterns { get; init; }
    public string? AllowedKeys { get; init; }

    public static PrivacyForm Of(PrivacySettings? settings) => new()
    {
        Address = settings?.Address ?? AddressMode.Hashed,
        KeepEmails = settings?.KeepEmails == true ? "on" : null,
        Keys = Lines.Join(settings?.Keys),
        Patterns = Lines.Join(settings?.Patterns),
        AllowedKeys = Lines.Join(settings?.AllowedKeys),
    };

    public PrivacySettings ToSettings() => new()
    {
        Address = Address,
        KeepEmails = KeepEmails is not null,
        Keys = Lines.Of(Keys),
        Patterns = Lines.Of(Patterns),
        AllowedKeys = Lines.Of(AllowedKeys),
    };

    public static IReadOnlyList<string> Problems(PrivacySettings settings) =>
    [
        .. settings.Address is { } mode && !AddressMode.All.Contains(mode) ? [$"Address: '{mode}' is not known: use {string.Join(", ", AddressMode.All)}."] : Array.Empty<string>(),
        .. Lines.Problems("Keys", settings.Keys, Key),
        .. Lines.Problems("Patterns", settings.Patterns, pattern => ScrubPattern.TryParse(pattern, out _, out var problem) ? null : problem),
        .. Lines.Problems("Keys that stay", settings.AllowedKeys, Key),
    ];

    private static string? Key(string line) =>
        line.Length <= LongestKey && line.Count(char.IsAsciiLetterOrDigit) > 1 ? null : $"a key has 2 to {LongestKey} characters, letters and digits among them";
}
