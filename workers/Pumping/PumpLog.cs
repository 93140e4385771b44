namespace ErrorPipeline.Workers.Pumping;

internal static partial class PumpLog
{
    [LoggerMessage(2001, LogLevel.Information, "Stage {Stage} runs on {Lane} as {Consumer}")]
    public static partial void Started(ILogger log, string stage, string lane, string consumer);

    [LoggerMessage(2002, LogLevel.Warning, "Stage {Stage} on {Lane} waits for Redis (failure {Failures}): {Reason}")]
    public static partial void Waiting(ILogger log, string stage, string lane, int failures, string reason);

    [LoggerMessage(2003, LogLevel.Information, "Stage {Stage} on {Lane} goes on")]
    public static partial void GoesOn(ILogger log, string stage, string lane);

    [LoggerMessage(2004, LogLevel.Error, "Stage {Stage} on {Lane} failed in a way that nobody expected (failure {Failures}); its entries stay and are tried again")]
    public static partial void Unexpected(ILogger log, Exception e, string stage, string lane, int failures);

    [LoggerMessage(2005, LogLevel.Warning, "Stage {Stage} on {Lane} threw over a batch of {Messages} messages, which are tried alone: {Reason}")]
    public static partial void BatchFaulted(ILogger log, string stage, string lane, int messages, string reason);

    [LoggerMessage(2006, LogLevel.Error, "Dead letter: stage {Stage} on {Lane}, project {Project}, event {Event}: {Reason}")]
    public static partial void Died(ILogger log, string stage, string lane, int project, string @event, string reason);

    [LoggerMessage(2007, LogLevel.Critical, "Stage {Stage} on {Lane} parked an entry of version {Version}, which this build does not know: deploy readers first")]
    public static partial void Parked(ILogger log, string stage, string lane, int version);

    [LoggerMessage(2008, LogLevel.Information, "Stage {Stage} on {Lane} took {Entries} parked entries back")]
    public static partial void Unparked(ILogger log, string stage, string lane, int entries);

    [LoggerMessage(2009, LogLevel.Critical, "Stage {Stage} on {Lane} has stopped: {Reason}")]
    public static partial void Stopped(ILogger log, string stage, string lane, string reason);

    [LoggerMessage(2010, LogLevel.Critical, "Stage {Stage} did not return from a batch of {Messages} messages within {Seconds} s: this process ends itself")]
    public static partial void WatchdogBit(ILogger log, string stage, int messages, double seconds);

    [LoggerMessage(2011, LogLevel.Information, "Stage {Stage} on {Lane} took over {Entries} entries that nobody worked on")]
    public static partial void Reclaimed(ILogger log, string stage, string lane, int entries);

    [LoggerMessage(2012, LogLevel.Warning, "Quarantine: stage {Stage}, event {Event}, attempt {Attempt}: {Reason}")]
    public static partial void AttemptFailed(ILogger log, string stage, string @event, long attempt, string reason);

    [LoggerMessage(2013, LogLevel.Information, "Stage {Stage} on {Lane} waits for the writer to publish its cursor")]
    public static partial void BelowFloor(ILogger log, string stage, string lane);

    [LoggerMessage(2014, LogLevel.Information, "Worker {Consumer} has not been heard of for {Seconds} s or has left: what it held is taken over")]
    public static partial void WorkerSilent(ILogger log, string consumer, double seconds);
}
