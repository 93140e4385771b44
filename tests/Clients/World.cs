using System.Collections.Concurrent;
using ErrorPipeline.Rigs;

// The matrix and the rate limits, which wait most of their time on an installation of their own.
[assembly: LevelOfParallelism(2)]

namespace ErrorPipeline.Clients;

/// <summary>All parts of ours, and a browser, once for all tests.</summary>
[SetUpFixture]
internal sealed class World
{
    public static Installation All { get; private set; } = null!;

    public static Chromium Chromium { get; private set; } = null!;

    public static Wire Wire { get; private set; } = null!;

    public static Dashboard Dashboard { get; private set; } = null!;

    private static readonly ConcurrentBag<IAsyncDisposable> Left = [];

    /// <summary>Ends with the tests.</summary>
    public static void Leave(IAsyncDisposable part) => Left.Add(part);

    [OneTimeSetUp]
    public async Task Start()
    {
        await Bundles.MakeAsync();
        All = await Installation.StartAsync();
        Dashboard = await Dashboard.SignInAsync(All);
        Wire = await Wire.StartAsync(All.Collector.Url);
        Chromium = await Chromium.LaunchAsync();
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (Chromium is not null)
            await Chromium.DisposeAsync();
        foreach (var part in Left)
            await part.DisposeAsync();
        if (Wire is not null)
            await Wire.DisposeAsync();
        Dashboard?.Dispose();
        if (All is not null)
            await All.DisposeAsync();
    }
}
