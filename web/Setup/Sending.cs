using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.Setup;

/// <summary>What a sender of a project needs to know of it.</summary>
internal static class Sending
{
    public static ProjectKey? NewestKey(this Project project) => project.Keys.Where(k => k.RevokedAt is null).MaxBy(k => k.CreatedAt);

    /// <summary>An origin that the project takes events of; null where it takes any.</summary>
    public static string? OwnOrigin(this Project project) => project.AllowedOrigins.Count == 0
        ? null
        : project.AllowedOrigins[0].Replace("://*.", "://www.", StringComparison.Ordinal);
}
