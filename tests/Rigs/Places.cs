using System.Reflection;

namespace ErrorPipeline.Rigs;

/// <summary>Where the repository and the apps built along with these tests are.</summary>
public static class Places
{
    public static string Root { get; } = Recorded("RepositoryRoot");

    public static string Configuration { get; } = Recorded("Configuration");

    internal static string PlaywrightPackage { get; } = Recorded("PlaywrightPackage");

    /// <summary>The built dll of an app, "collector", "workers" or "web", in the configuration of this build.</summary>
    public static string AppDll(string app)
    {
        var name = $"ErrorPipeline.{char.ToUpperInvariant(app[0])}{app[1..]}.dll";
        var path = Path.Combine(Root, app, "bin", Configuration, "net10.0", name);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is not there: build {app} ({Configuration}) first.");
    }

    private static string Recorded(string key) =>
        typeof(Places).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
