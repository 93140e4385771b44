using ErrorPipeline.Faults.Oracle;

namespace ErrorPipeline.Faults.Suite;

/// <summary>The result of one case with one seed.</summary>
internal sealed record FaultRow
{
    public required FaultCase Case { get; init; }
    public required int Seed { get; init; }
    public required TimeSpan Took { get; init; }

    /// <summary>Null where the case compares no events.</summary>
    public Verdict? Verdict { get; init; }

    public bool MayDouble { get; init; }

    /// <summary>Intervals that the store has flagged as approximate.</summary>
    public int Flagged { get; init; }

    /// <summary>Longest time from the end of a fault to full throughput.</summary>
    public TimeSpan? Recovery { get; init; }

    /// <summary>Which signs showed the fault and how long each took.</summary>
    public IReadOnlyList<Sighting> Signs { get; init; } = [];
    public IReadOnlyList<string> Notes { get; init; } = [];
    public IReadOnlyList<string> Failures { get; init; } = [];

    /// <summary>Why it could not be run here.</summary>
    public string? Skipped { get; init; }

    public bool Passed => Failures.Count == 0 && Skipped is null;
}

/// <summary>A sign of a fault that an operator would see.</summary>
/// <param name="What">"workers: ready check redis".</param>
/// <param name="After">Null where it was not seen in time.</param>
internal sealed record Sighting(string What, TimeSpan? After);

/// <summary>The machine cannot run this case.</summary>
internal sealed class CannotRunException(string why) : Exception(why);
