namespace ErrorPipeline.Shared.Hosting;

/// <summary>
/// What a machine's idle loops wait for: those of equal length end at the same moment, so that they wake a core, and Redis, once instead of each for itself.
/// The moments count from the start of the machine, so those of different machines are apart.
/// </summary>
public static class Beat
{
    /// <summary>So much of a wait may be missing or too much: a timer may ring a little early, and then the next moment is meant.</summary>
    private const int Early = 16;

    /// <summary>Until the next moment: at most <paramref name="every"/> and a sixteenth of it.</summary>
    public static TimeSpan Rest(TimeSpan every, TimeProvider time)
    {
        var rest = every - new TimeSpan(time.GetElapsedTime(0).Ticks % every.Ticks);
        return rest < every / Early ? rest + every : rest;
    }

    /// <inheritdoc cref="Rest"/>
    public static Task WaitAsync(TimeSpan every, TimeProvider time, CancellationToken cancel) => Task.Delay(Rest(every, time), time, cancel);
}
