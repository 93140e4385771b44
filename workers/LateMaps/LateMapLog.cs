namespace ErrorPipeline.Workers.LateMaps;

internal static partial class LateMapLog
{
    [LoggerMessage(2401, LogLevel.Information, "Source maps came for stored samples: {Samples} to look at")]
    public static partial void Begun(ILogger logger, long samples);

    [LoggerMessage(2402, LogLevel.Information, "{Repaired} of {Looked} stored samples now show where they were written")]
    public static partial void Finished(ILogger logger, long repaired, long looked);

    [LoggerMessage(2403, LogLevel.Warning, "Repair of stored samples waits: {Reason}")]
    public static partial void Waiting(ILogger logger, string reason);

    [LoggerMessage(2404, LogLevel.Error, "Repair of stored samples failed: {Kind}")]
    public static partial void Failed(ILogger logger, string kind);
}
