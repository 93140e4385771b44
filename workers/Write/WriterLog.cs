namespace ErrorPipeline.Workers.Write;

internal static partial class WriterLog
{
    [LoggerMessage(2301, LogLevel.Information, "This process writes the store now, token {Token}")]
    public static partial void Leading(ILogger logger, long token);

    [LoggerMessage(2302, LogLevel.Information, "This process no longer writes the store: {Reason}")]
    public static partial void SteppedDown(ILogger logger, string reason);

    [LoggerMessage(2303, LogLevel.Warning, "Writing waits for {Cause}, failure {Failures} in a row: {Reason}")]
    public static partial void Waiting(ILogger logger, string cause, int failures, string reason);

    [LoggerMessage(2304, LogLevel.Information, "Writing goes on")]
    public static partial void GoingOn(ILogger logger);

    [LoggerMessage(2305, LogLevel.Critical, "{Stream} is stopped: {Reason}. Nothing is skipped; a build that can read it goes on")]
    public static partial void Stopped(ILogger logger, string stream, string reason);

    [LoggerMessage(2306, LogLevel.Warning, "Redis has lost what the store had committed of {Lane} (last entry {Last}, cursor {Cursor}): counts are flagged as approximate")]
    public static partial void RedisFellBack(ILogger logger, string lane, string last, string cursor);

    [LoggerMessage(2307, LogLevel.Error, "The store refuses a delta of {Lane} for good, {Events} events are dead: {Reason}")]
    public static partial void Refused(ILogger logger, string lane, long events, string reason);

    [LoggerMessage(2308, LogLevel.Error, "Writing failed unexpectedly and starts again")]
    public static partial void Failed(ILogger logger, Exception error);

    [LoggerMessage(2309, LogLevel.Information, "Retention deleted {Events} samples and {Hours} hourly counts, {Bytes} bytes")]
    public static partial void Purged(ILogger logger, long events, long hours, long bytes);
}
