using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage;

/// <summary>Which stored samples are worth looking at again when source maps come.</summary>
public static class UnmappedFrames
{
    /// <summary>True where a frame of the site's own code is still where the browser ran it.</summary>
    public static bool Any(ErrorDetail error) =>
        (error.Frames ?? []).Any(f => f is { InApp: true, Generated: null, File: not null, Line: not null }) || (error.Causes ?? []).Any(Any);
}

/// <summary>Samples of one fingerprint that source maps may still be for.</summary>
/// <param name="Place">Where the walk over such groups goes on; meaningful to the store alone.</param>
public sealed record UnmappedGroup(string Place, Grouping Grouping, IReadOnlyList<EventSample> Samples);

/// <summary>A sample whose frames were put back to where they were written.</summary>
/// <param name="Grouping">What an event like it is grouped by from now on.</param>
public sealed record RemappedSample(int ProjectId, EventSample Sample, Grouping Grouping, string Culprit);

/// <summary>One step of repairing samples, and how far the job is with it.</summary>
public sealed record RemapStep(RemapProgress Progress, IReadOnlyList<RemappedSample> Samples);

/// <summary>How far the repair of stored samples has come. Kept with the data, so that it goes on wherever it was stopped.</summary>
public sealed record RemapProgress
{
    /// <summary>Uploads up to this one are done with.</summary>
    public long Done { get; init; }

    /// <summary>Uploads up to this one have been walked once, or are being walked.</summary>
    public long Upto { get; init; }

    /// <summary>A walk has begun and not ended.</summary>
    public bool IsWalking { get; init; }

    /// <summary>The walk is the second one over its uploads, for samples that were on their way when the first went past.</summary>
    public bool IsSecond { get; init; }

    /// <summary>Which of the walk's builds it is at, and where in it.</summary>
    public int? ProjectId { get; init; }
    public string? Release { get; init; }
    public string? Place { get; init; }

    /// <summary>Samples that might be repaired; of them so many were looked at, and so many repaired.</summary>
    public long Samples { get; init; }
    public long Looked { get; init; }
    public long Repaired { get; init; }

    /// <summary>ms since 1970 UTC.</summary>
    public long? StartedAt { get; init; }
    public long? FinishedAt { get; init; }
}
