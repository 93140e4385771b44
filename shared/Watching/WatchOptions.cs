using ErrorPipeline.Shared.Hosting;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Shared.Watching;

/// <summary>Section <c>Watch</c>: from when on something is told to be wrong. The same in all processes.</summary>
public sealed class WatchOptions
{
    public const string Section = "Watch";

    /// <summary>
    /// A lane that does not balance for so long is told. One reading is one moment of Redis and cannot be wrong by itself; the time only lets an
    /// operator's own repair, such as a restored file, pass without an alarm.
    /// </summary>
    public double UnbalancedSeconds { get; set; } = 120;

    /// <summary>An event that waits for so long between two stages, or in a collector's log, is told. Ordinary waits are below two seconds.</summary>
    public double LagSeconds { get; set; } = 30;

    /// <summary>A dead letter is news for so long.</summary>
    public double DeadLetterNewsSeconds { get; set; } = 600;

    /// <summary>More dead letters than this in a lane are told until somebody replays or drops some: they are kept in Redis' memory.</summary>
    public long DeadLetters { get; set; } = 1000;
}

internal sealed class WatchOptionsValidator : IValidateOptions<WatchOptions>
{
    private const double ADay = 86_400;

    public ValidateOptionsResult Validate(string? name, WatchOptions options)
    {
        var failures = new List<string>();
        Check("UNBALANCEDSECONDS", options.UnbalancedSeconds);
        Check("LAGSECONDS", options.LagSeconds);
        Check("DEADLETTERNEWSSECONDS", options.DeadLetterNewsSeconds);
        if (options.DeadLetters < 1)
            failures.Add($"{ErrorPipelineDefaults.EnvironmentPrefix}WATCH__DEADLETTERS is {options.DeadLetters}: allowed is 1 or more");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(string setting, double value)
        {
            if (value is not (>= 1 and <= ADay))
                failures.Add($"{ErrorPipelineDefaults.EnvironmentPrefix}WATCH__{setting} is {value}: allowed are 1 to {ADay}");
        }
    }
}
