namespace ErrorPipeline.Shared.Watching;

/// <summary>Something that a person should know of now. The same wherever it is told: health, metrics, log, pipeline page.</summary>
/// <param name="Kind">A name from <see cref="SignKind"/>.</param>
/// <param name="Where">A lane, a stage or a process; "" where it is about everything.</param>
/// <param name="Text">One sentence for people. May quote what a health check of ours says, never what a visitor sent.</param>
public sealed record PipelineSign(string Kind, string Where, string Text)
{
    /// <summary>Events are or may be lost, or nothing moves.</summary>
    public bool IsGrave => Kind is SignKind.RedisDown or SignKind.Unreadable or SignKind.Unbalanced or SignKind.NoWriter or SignKind.NoStage or SignKind.NoCollector;
}

/// <summary>The kinds of signs: values of the tag <c>kind</c> of <c>errorpipeline_sign</c>.</summary>
public static class SignKind
{
    public const string RedisDown = "redis_down";

    /// <summary>What Redis holds is not what this build expects.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>A lane does not balance for longer than <see cref="WatchOptions.UnbalancedSeconds"/>.</summary>
    public const string Unbalanced = "lane_unbalanced";

    /// <summary>No living process leads the writing.</summary>
    public const string NoWriter = "no_writer";

    /// <summary>No living process hosts the stage.</summary>
    public const string NoStage = "no_stage";
    public const string NoCollector = "no_collector";

    /// <summary>Something waits between two stages for long.</summary>
    public const string Lag = "lag";

    /// <summary>Something waits in a collector's log for long.</summary>
    public const string Unforwarded = "unforwarded";

    /// <summary>Dead letters arrived lately, or too many are kept.</summary>
    public const string DeadLetters = "dead_letters";

    /// <summary>Messages wait for a newer build.</summary>
    public const string Parked = "parked";

    /// <summary>A process says itself that something is wrong with it: its disk, the store, Redis being slow, a stage that stopped.</summary>
    public const string ProcessTrouble = "process_trouble";
}
