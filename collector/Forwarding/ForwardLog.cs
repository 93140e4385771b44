namespace ErrorPipeline.Collector.Forwarding;

/// <summary>Event ids 1200 to 1299.</summary>
internal static partial class ForwardLog
{
    [LoggerMessage(1200, LogLevel.Warning, "{Lane} waits for Redis (try {Failures}): {Why}")]
    public static partial void Waiting(ILogger logger, string lane, string why, int failures);

    [LoggerMessage(1201, LogLevel.Information, "{Lane} is forwarded to Redis again")]
    public static partial void Back(ILogger logger, string lane);

    [LoggerMessage(1202, LogLevel.Warning, "Redis has lost what it confirmed of {Lane} (it now has {Stored}): sending again what is not known to be stored")]
    public static partial void Rewinding(ILogger logger, string lane, long stored);

    [LoggerMessage(1203, LogLevel.Critical, "The log cannot be read for {Lane}; trying again. A restart repairs what is damaged")]
    public static partial void Unreadable(ILogger logger, Exception why, string lane);

    [LoggerMessage(1204, LogLevel.Warning, "What is settled could not be saved")]
    public static partial void NotSaved(ILogger logger, Exception why);

    [LoggerMessage(1206, LogLevel.Error, "Forwarding of {Lane} failed in a way nobody thought of; trying again")]
    public static partial void Unexpected(ILogger logger, Exception why, string lane);

    [LoggerMessage(1207, LogLevel.Error, "Keeping the log small failed in a way nobody thought of; trying again")]
    public static partial void NotKept(ILogger logger, Exception why);

    [LoggerMessage(1205, LogLevel.Warning, "Stopped with events that Redis has not taken yet; they wait in the log")]
    public static partial void StoppedEarly(ILogger logger);
}
