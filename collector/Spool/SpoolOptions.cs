using ErrorPipeline.Shared.Hosting;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Collector.Spool;

/// <summary>Settings of the write-ahead log; section <c>Collector</c>.</summary>
internal sealed class SpoolOptions
{
    /// <summary>Folder of the log; default {DataDirectory}/collector. One collector each.</summary>
    public string LogDirectory { get; set; } = "";

    /// <summary>Size at which a segment file is closed.</summary>
    public long LogSegmentBytes { get; set; } = 16 << 20;

    /// <summary>What the log may take of the disk; beyond it requests get 503.</summary>
    public long LogBudgetBytes { get; set; } = 2L << 30;

    /// <summary>How long forwarded events stay, to be sent again should Redis lose its data.</summary>
    public TimeSpan LogReplayWindow { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How much of forwarded events stays at most.</summary>
    public long LogReplayBytes { get; set; } = 256L << 20;

    /// <summary>What waits in memory for the disk at most.</summary>
    public int LogPendingBytes { get; set; } = 32 << 20;
}

internal sealed class SpoolOptionsValidator : IValidateOptions<SpoolOptions>
{
    private const long SmallestSegment = 64 << 10;

    public ValidateOptionsResult Validate(string? name, SpoolOptions options)
    {
        if (options.LogSegmentBytes is < SmallestSegment or > 1 << 30)
            return Fail("LOGSEGMENTBYTES", options.LogSegmentBytes, "65536 to 1073741824");
        if (options.LogBudgetBytes < 8 * options.LogSegmentBytes)
            return Fail("LOGBUDGETBYTES", options.LogBudgetBytes, "at least eight segments (ERRORPIPELINE_COLLECTOR__LOGSEGMENTBYTES)");
        if (options.LogReplayWindow < TimeSpan.Zero || options.LogReplayWindow > TimeSpan.FromDays(7))
            return Fail("LOGREPLAYWINDOW", options.LogReplayWindow, "00:00:00 to 7.00:00:00");
        if (options.LogReplayBytes < 0)
            return Fail("LOGREPLAYBYTES", options.LogReplayBytes, "0 or more");
        return options.LogPendingBytes < 4 << 20
            ? Fail("LOGPENDINGBYTES", options.LogPendingBytes, "at least 4194304")
            : ValidateOptionsResult.Success;
    }

    private static ValidateOptionsResult Fail(string setting, object value, string allowed) => ValidateOptionsResult.Fail(
        $"{ErrorPipelineDefaults.EnvironmentPrefix}COLLECTOR__{setting} is {value}: allowed is {allowed}");
}
