using System.Globalization;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Policies;

namespace ErrorPipeline.Web.Policies;

/// <summary>What people choose on the page of privacy, and whether it can be used.</summary>
public sealed record PrivacyForm
{
    private const int LongestKey = 64;
    private const int MostDays = 3650;
    private const int MostSamples = 10_000;

    public string? Address { get; init; }

    /// <summary>"on" where the box is ticked.</summary>
    public string? KeepEmails { get; init; }
    public string? Keys { get; init; }
    public string? Patterns { get; init; }
    public string? AllowedKeys { get; init; }

    /// <summary>Of events that are kept whole; empty: as the installation.</summary>
    public string? Days { get; init; }
    public string? SamplesPerIssue { get; init; }

    public static PrivacyForm Of(ProjectPolicy policy) => Of(policy.Privacy) with
    {
        Days = policy.Retention?.Days?.ToString(CultureInfo.InvariantCulture),
        SamplesPerIssue = policy.Retention?.SamplesPerIssue?.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Null where nothing was decided.</summary>
    public RetentionSettings? ToRetention() => string.IsNullOrWhiteSpace(Days) && string.IsNullOrWhiteSpace(SamplesPerIssue)
        ? null
        : new() { Days = Number(Days), SamplesPerIssue = Number(SamplesPerIssue) };

    public static IReadOnlyList<string> Problems(RetentionSettings? settings) =>
    [
        .. settings?.Days is < 1 or > MostDays ? [$"Days: 1 to {MostDays}, or empty for as long as the installation."] : Array.Empty<string>(),
        .. settings?.SamplesPerIssue is < 1 or > MostSamples ? [$"Events of one issue: 1 to {MostSamples}, or empty for as many as the installation."] : Array.Empty<string>(),
    ];

    private static PrivacyForm Of(PrivacySettings? settings) => new()
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

    /// <summary>What is no number counts as none that is allowed.</summary>
    private static int? Number(string? text) => string.IsNullOrWhiteSpace(text) ? null : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static string? Key(string line) =>
        line.Length <= LongestKey && line.Count(char.IsAsciiLetterOrDigit) > 1 ? null : $"a key has 2 to {LongestKey} characters, letters and digits among them";
}
