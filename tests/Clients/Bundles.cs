using ErrorPipeline.Rigs;

namespace ErrorPipeline.Clients;

/// <summary>The real clients from npm, bundled with the shop: made when the first test needs them, so that a build does not wait for 250 MB of packages.</summary>
internal static class Bundles
{
    private static readonly string Folder = Path.Combine(Places.Root, "tests", "Clients");

    private static string Dist { get; } = Path.Combine(Folder, "dist");

    public static Task<string> ReadAsync(string name) => File.ReadAllTextAsync(Path.Combine(Dist, name + ".js"));

    public static async Task MakeAsync()
    {
        var installed = Path.Combine(Folder, "node_modules", ".package-lock.json");
        if (!File.Exists(installed) || Changed(Path.Combine(Folder, "package-lock.json")) > Changed(installed))
        {
            await RunAsync("npm", ["ci", "--ignore-scripts", "--no-progress", "--loglevel=error"]);
            File.SetLastWriteTimeUtc(installed, TimeProvider.System.GetUtcNow().UtcDateTime);
        }

        var made = new FileInfo(Path.Combine(Dist, "all.js"));
        var sources = Directory.EnumerateFiles(Path.Combine(Folder, "site"), "*", SearchOption.AllDirectories).Append(installed);
        if (!made.Exists || sources.Max(Changed) > made.LastWriteTimeUtc)
            await RunAsync("node", ["site/build.mjs"]);
    }

    private static DateTime Changed(string file) => File.GetLastWriteTimeUtc(file);

    private static async Task RunAsync(string file, string[] arguments)
    {
        var (exitCode, output) = await ChildProcess.RunAsync(file, arguments, TimeSpan.FromMinutes(5), folder: Folder);
        exitCode.Should().Be(0, output);
    }
}
