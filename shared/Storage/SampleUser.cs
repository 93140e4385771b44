using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage;

/// <summary>Who met an event, in the forms that stores keep beside it for lists.</summary>
internal static class SampleUser
{
    public static string? KeyOf(EventSample sample) => sample.Occurrence.UserKey is { Length: > 0 } key ? StoreText.Clean(key, 128) : null;

    /// <summary>Null where the site named nobody.</summary>
    public static string? TextOf(EventSample sample) => sample.Context?.User is { } user
        && string.Join(" · ", new[] { user.Name, user.Email, user.Id }.Where(part => !string.IsNullOrEmpty(part))) is { Length: > 0 } text
        ? StoreText.Clean(text, 200) : null;
}
