namespace ErrorPipeline.Faults.Suite;

/// <summary>One thing that goes wrong, and the check that nothing was lost by it.</summary>
/// <param name="Number">Of the group in docs/delivery.md.</param>
/// <param name="Name">Unique, as given to --case.</param>
/// <param name="What">One line for people.</param>
/// <param name="RunAsync">Throws, or notes failures, where the promise is broken.</param>
internal sealed record FaultCase(int Number, string Name, string What, Func<FaultRun, Task> RunAsync)
{
    /// <summary>How many seeds a full run tries.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>Rough length of a full run, to start the longest first.</summary>
    public int Seconds { get; init; } = 40;

    /// <summary>Its times are judged by seconds: nothing runs beside it.</summary>
    public bool IsTimed { get; init; }

    /// <summary>Part of <c>./dev test</c>, shortened.</summary>
    public bool IsQuick { get; init; }
}

internal enum Length
{
    /// <summary>In <c>./dev test</c>: seconds.</summary>
    Short,

    /// <summary><c>./dev faults</c>.</summary>
    Full,

    /// <summary><c>./dev faults --long</c>.</summary>
    Long,
}
