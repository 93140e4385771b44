using ErrorPipeline.Rigs;

namespace ErrorPipeline.EndToEnd;

/// <summary>Bundlers, their plugins and sentry-cli, as package-lock.json beside this file has them.</summary>
internal static class NodePackages
{
    public static readonly string Folder = Path.Combine(Places.Root, "tests", "EndToEnd");

    public static readonly string SentryCli = Path.Combine(Folder, "node_modules", "@sentry", "cli-linux-x64", "bin", "sentry-cli");

    /// <summary>The one that the plugin of esbuild brings.</summary>
    public static readonly string OlderSentryCli =
        Path.Combine(Folder, "node_modules", "@sentry", "bundler-plugins", "node_modules", "@sentry", "cli-linux-x64", "bin", "sentry-cli");

    /// <summary>Once per checkout and lock file.</summary>
    public static async Task InstallAsync()
    {
        var done = Path.Combine(Folder, "node_modules", ".package-lock.json");
        if (File.Exists(done) && File.GetLastWriteTimeUtc(done) >= File.GetLastWriteTimeUtc(Path.Combine(Folder, "package-lock.json")))
            return;
        var (code, output) = await ChildProcess.RunAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], TimeSpan.FromMinutes(10), folder: Folder);
        code.Should().Be(0, output);
        File.SetLastWriteTimeUtc(done, TimeProvider.System.GetUtcNow().UtcDateTime);
    }
}
