using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Workers.Write;

/// <summary>
/// Events that were folded have one error, and up to five of them are kept whole: on the way from aggregate to the writer each tells its error only
/// where it is not that of the one before it. Else errors were most of what the writer reads.
/// </summary>
internal static class RepeatedErrors
{
    public static IssueDelta LeaveOut(IssueDelta delta) => delta.Samples.Count < 2 ? delta : delta with
    {
        Samples = [.. delta.Samples.Select((sample, i) => i > 0 && ReferenceEquals(sample.Error, delta.Samples[i - 1].Error) ? sample with { Error = null! } : sample)],
    };

    /// <summary>The same batch with every error in its place; one that lacks anything stays as it is, the store refuses it.</summary>
    public static DeltaBatch FillIn(DeltaBatch batch) => batch with { Issues = [.. batch.Issues.Select(FillIn)] };

    private static IssueDelta FillIn(IssueDelta delta)
    {
        if (delta?.Samples is not { Count: > 1 })
            return delta!;
        var samples = delta.Samples.ToArray();
        for (var i = 1; i < samples.Length; i++)
        {
            if (samples[i] is { Error: null } && samples[i - 1] is { Error: { } before })
                samples[i] = samples[i] with { Error = before };
        }

        return delta with { Samples = samples };
    }
}
