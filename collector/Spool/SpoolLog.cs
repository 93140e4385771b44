namespace ErrorPipeline.Collector.Spool;

/// <summary>Event ids 1000 to 1099.</summary>
internal static partial class SpoolLog
{
    [LoggerMessage(1000, LogLevel.Warning, "Cut {Bytes} bytes off {Path}: the last write before a crash was not completed (no event that was answered 202)")]
    public static partial void TornTail(ILogger logger, long bytes, string path);

    [LoggerMessage(1001, LogLevel.Critical, "{Bytes} bytes of {Path} are damaged and their events are lost; the file is kept with .damaged at its end. Check the disk")]
    public static partial void Damaged(ILogger logger, long bytes, string path);

    [LoggerMessage(1002, LogLevel.Error, "The log at {Path} cannot be written: requests get 503 until it can")]
    public static partial void Failing(ILogger logger, Exception why, string path);

    [LoggerMessage(1003, LogLevel.Warning, "The log at {Path} can be written again")]
    public static partial void Recovered(ILogger logger, string path);

    [LoggerMessage(1004, LogLevel.Information, "The log at {Path} holds {Segments} segments, {Bytes} bytes, from before this start")]
    public static partial void Opened(ILogger logger, string path, int segments, long bytes);

    [LoggerMessage(1005, LogLevel.Warning, "Cannot delete {Path}; trying again")]
    public static partial void CannotDelete(ILogger logger, Exception why, string path);
}
