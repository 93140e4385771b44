using ErrorPipeline.Shared.Streams;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Workers.Pumping;

/// <summary>Section <c>Workers</c>.</summary>
internal sealed class PumpOptions
{
    /// <summary>An entry that so many workers have had in hand may be what kills them: its messages are tried in quarantine.</summary>
    public const int SuspiciousDeliveries = 3;

    /// <summary>Which stages this process hosts, by comma; all where empty.</summary>
    public string Stages { get; set; } = "";

    /// <summary>
    /// An entry that nobody has worked on for so long is taken over, whoever holds it. A living worker renews what it works on; what a worker held
    /// that has gone silent (see <see cref="RollCall"/>) is taken over sooner.
    /// </summary>
    public double ReclaimAfterSeconds { get; set; } = 10;

    /// <summary>A stage call that takes longer ends the process: the runtime cannot abort it.</summary>
    public double WatchdogSeconds { get; set; } = 30;

    /// <summary>About how many events one batch holds. More fold better and cost more memory.</summary>
    public int BatchEvents { get; set; } = 4000;

    /// <summary>About how many bytes one batch holds.</summary>
    public int BatchBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Failed lone attempts before a message is dead.</summary>
    public int Attempts { get; set; } = 5;

    /// <summary>Letters a minute that may die whatever their share is; above it 1 % of what a stage handles.</summary>
    public int DeadPerMinute { get; set; } = 20;

    /// <summary>Ids of events that a lane remembers at least, where so many came within 24 hours: how far back a client's re-send is recognized.</summary>
    public long SeenEvents { get; set; } = SeenLimits.Default.Budget;

    public TimeSpan ReclaimAfter => TimeSpan.FromSeconds(ReclaimAfterSeconds);

    public TimeSpan Watchdog => TimeSpan.FromSeconds(WatchdogSeconds);

    /// <summary>What a message in quarantine is given at first, so that those beside it need not wait for the watchdog.</summary>
    public TimeSpan QuarantineMoment => TimeSpan.FromSeconds(Math.Max(WatchdogSeconds / 10, Math.Min(WatchdogSeconds, 1)));
}

internal sealed class PumpOptionsValidator : IValidateOptions<PumpOptions>
{
    public ValidateOptionsResult Validate(string? name, PumpOptions options)
    {
        var wrong = new List<string>();
        Check("RECLAIMAFTERSECONDS", options.ReclaimAfterSeconds, 0.1, 3600);
        Check("WATCHDOGSECONDS", options.WatchdogSeconds, 0.1, 3600);
        Check("BATCHEVENTS", options.BatchEvents, 1, 100_000);
        Check("BATCHBYTES", options.BatchBytes, 1024, 256 * 1024 * 1024);
        Check("ATTEMPTS", options.Attempts, 1, 100);
        Check("DEADPERMINUTE", options.DeadPerMinute, 0, 1_000_000);
        Check("SEENEVENTS", options.SeenEvents, 1000, 50_000_000);
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);

        void Check(string setting, double value, double least, double most)
        {
            if (!(value >= least && value <= most))
                wrong.Add($"ERRORPIPELINE_WORKERS__{setting} is {value}: allowed are {least} to {most}");
        }
    }
}
