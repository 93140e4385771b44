namespace ErrorPipeline.Workers.Tests;

internal static class Checkout
{
    /// <summary>The folder that the solution lies in.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "ErrorPipeline.sln")))
            folder = folder.Parent;
        return folder.FullName;
    }
}
