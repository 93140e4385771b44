namespace ErrorPipeline.Web.Tests;

/// <summary>One dashboard for all tests that leave it usable; each works in a project of its own.</summary>
[SetUpFixture]
public sealed class Shared
{
    private static int _projects;

    internal static DashboardRig Rig { get; private set; } = null!;

    /// <summary>Signed in once: a password costs a tenth of a second on purpose.</summary>
    internal static Visitor Ann { get; private set; } = null!;

    /// <summary>A new project's id.</summary>
    public static async Task<int> ProjectAsync(string? name = null) =>
        (await Rig.Config.CreateProjectAsync(name ?? $"Project {Interlocked.Increment(ref _projects)}", TimeProvider.System.GetUtcNow(), CancellationToken.None)).Id;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        Rig = await DashboardRig.StartAsync();
        Ann = await Rig.VisitSignedInAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        Ann.Dispose();
        await Rig.DisposeAsync();
    }
}
