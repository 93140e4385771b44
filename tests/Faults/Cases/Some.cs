using ErrorPipeline.Rigs;

namespace ErrorPipeline.Faults.Cases;

internal static class Some
{
    /// <summary>Entries of dead workers are taken over after two seconds instead of ten: more of it happens in a short run.</summary>
    public static readonly IReadOnlyDictionary<string, string> QuickReclaim = new Dictionary<string, string> { ["Workers:ReclaimAfterSeconds"] = "2" };

    /// <summary>A build of the workers that only tests have.</summary>
    public static string DllOf(string project) =>
        Path.Combine(Places.Root, "tests", project, "bin", Places.Configuration, "net10.0", $"ErrorPipeline.{project}.dll");
}
