using System.Diagnostics;
using ErrorPipeline.Load.Contenders;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Load;

/// <param name="Counted">Null where the contender counts nothing.</param>
/// <param name="At">When that number was first seen.</param>
internal sealed record Arrival(long? Counted, TimeSpan At)
{
    /// <summary>wrk leaves when its time is over: what it had sent by then may still come, a connection one request.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

    /// <summary>Waits until everything answered is counted and nothing more has come for a while; the waiting is not in the time.</summary>
    /// <param name="answered">Since the contender was started.</param>
    /// <param name="unread">Requests whose answers may not have been read.</param>
    /// <exception cref="InvalidOperationException">More was counted than was ever sent.</exception>
    public static async Task<Arrival> OfAsync(Contender contender, long answered, int unread, Stopwatch clock)
    {
        var last = new Arrival(-1, clock.Elapsed);
        await Deadline.Until(
            async () =>
            {
                var counted = await contender.CountedAsync();
                if (counted != last.Counted)
                    last = new(counted, clock.Elapsed);
                return counted is null || (counted >= answered && clock.Elapsed - last.At > Quiet);
            }, TimeSpan.FromMinutes(5), () => $"{last.Counted} counted of {answered}\n{contender.Logs()}", "everything answered is counted");
        return last.Counted is null || last.Counted - answered <= unread
            ? last
            : throw new InvalidOperationException($"{last.Counted} events were counted where {answered} and at most {unread} more were sent");
    }
}
