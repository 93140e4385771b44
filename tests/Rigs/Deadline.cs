using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace ErrorPipeline.Rigs;

/// <summary>Waits for a condition, never for a time.</summary>
public static class Deadline
{
    /// <summary>Ends all waiting of this process, for programs that people may stop.</summary>
    public static CancellationToken Stop { get; set; }

    /// <exception cref="TimeoutException">The condition did not come true in time; names it, or says what <paramref name="state"/> tells.</exception>
    public static Task Until(
        Func<bool> condition, TimeSpan timeout, Func<string>? state = null,
        [CallerArgumentExpression(nameof(condition))] string what = "") =>
        Until(() => Task.FromResult(condition()), timeout, state, what);

    /// <inheritdoc cref="Until(Func{bool}, TimeSpan, Func{string}?, string)"/>
    public static async Task Until(
        Func<Task<bool>> condition, TimeSpan timeout, Func<string>? state = null,
        [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var clock = Stopwatch.StartNew();
        var pause = TimeSpan.FromMilliseconds(5);
        while (!await condition())
        {
            if (clock.Elapsed > timeout)
                throw new TimeoutException($"not within {timeout.TotalSeconds:0.#} s: {what}{(state is null ? "" : Environment.NewLine + state())}");
            await Task.Delay(pause, Stop);
            if (pause < TimeSpan.FromMilliseconds(50))
                pause *= 1.5;
        }
    }
}
