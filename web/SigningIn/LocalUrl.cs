namespace ErrorPipeline.Web.SigningIn;

internal static class LocalUrl
{
    /// <summary>The address if it is a path of this site, else "/". Browsers read "//host" and "/\host" as other sites, and skip tabs and line ends while they look.</summary>
    public static string OrHome(string? url) =>
        url is ['/', ..] and not ['/', '/' or '\\', ..] && !url.Any(char.IsControl) && url.Length < 2_000 && !url.Contains('\\', StringComparison.Ordinal)
            ? url
            : "/";
}
