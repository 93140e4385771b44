using ErrorPipeline.Rigs;

namespace ErrorPipeline.Faults.Suite;

internal sealed record SuiteOptions
{
    /// <summary>Seed of the first try of each case; further ones count up.</summary>
    public int Seed { get; init; } = 1;

    public Length Length { get; init; } = Length.Full;

    /// <summary>Numbers or parts of names of cases, by comma; all where empty.</summary>
    public string Case { get; init; } = "";

    /// <summary>Cases at the same time: most of the time they wait.</summary>
    public int Tracks { get; init; } = 3;

    /// <summary>Where the logs of what failed are kept: those that must fail, because a guard is away, in a folder of their own.</summary>
    public string LogFolder { get; init; } = Path.Combine(
        Places.Root, "artifacts", Environment.GetEnvironmentVariable("ERRORPIPELINE_MUTATION") is { Length: > 0 } guard ? $"faults-without-{guard}" : "faults");

    /// <summary>Last word on how every app is started: a build without one of its guards, say.</summary>
    public Func<AppStart, AppStart> Change { get; init; } = start => start;
}
