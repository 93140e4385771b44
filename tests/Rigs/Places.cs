using System.Reflection;

namespace ErrorPipeline.Rigs;

/// <summary>Where the repository and the apps built along with these tests are.</summary>
public static class Places
{
    public static string Root { get; } = Recorded("RepositoryRoot");

    public static string Configuration { get; } = Recorded("Configuration");

    /// <summary>The file of a program that a shell would start by its name; null where there is none.</summary>
    public static string? OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    internal static string PlaywrightPackage { get; } = Recorded("PlaywrightPackage");

    /// <summary>
    /// The dll of an app, "collector", "workers" or "web": as it is shipped, where <c>ERRORPIPELINE_TEST_APPS</c> names the folder of the
    /// published apps; otherwise as it was built in the configuration of this build.
    /// </summary>
    public static string AppDll(string app)
    {
        var name = $"ErrorPipeline.{char.ToUpperInvariant(app[0])}{app[1..]}";
        var path = Shipped is { } shipped
            ? Path.Combine(shipped, name, name + ".dll")
            : Path.Combine(Root, app, "bin", Configuration, "net10.0", name + ".dll");
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is not there: build {app} ({Configuration}) first.");
    }

    /// <summary>Where an app's static files are: beside its published dll, or beside its project.</summary>
    internal static string ContentRoot(string app) => Shipped is null ? Path.Combine(Root, app) : Path.GetDirectoryName(AppDll(app))!;

    private static string? Shipped => Environment.GetEnvironmentVariable("ERRORPIPELINE_TEST_APPS") is { Length: > 0 } folder ? folder : null;

    private static string Recorded(string key) =>
        typeof(Places).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
