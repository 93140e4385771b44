using StackExchange.Redis;

namespace ErrorPipeline.Shared.Streams;

/// <summary>How long and how many event ids a lane remembers.</summary>
/// <param name="Window">Re-sends are recognized for at least this long ...</param>
/// <param name="Budget">... unless more events than this came meanwhile. About 80 bytes of Redis memory each.</param>
public sealed record SeenLimits(TimeSpan Window, long Budget)
{
    public static SeenLimits Default { get; } = new(TimeSpan.FromHours(24), 2_000_000);

    /// <summary>A third: with one of four sets just opened, the other three still cover the whole window.</summary>
    internal TimeSpan SetAge => Window / 3;

    internal long SetMembers => Math.Max(1, Budget / 4);
}

/// <summary>The event ids that a lane has seen: a ring of four sets, written only by the hop of dedupe.</summary>
public sealed class SeenEvents(RedisConnection redis)
{
    private const int MostAtOnce = 2000;

    /// <summary>Which of these were seen. A fact for dedupe: the hop checks that it still holds.</summary>
    public async Task<IReadOnlySet<EventIdentity>> FindAsync(Lane lane, IReadOnlyCollection<EventIdentity> events)
    {
        var seen = new HashSet<EventIdentity>();
        foreach (var chunk in events.Distinct().Chunk(MostAtOnce))
        {
            var asked = Array.ConvertAll(chunk, e => (object)e.ToBytes());
            var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(set => redis.ExecuteAsync(
                "SMISMEMBER", [(RedisKey)SetOf(lane, set), .. asked])));
            foreach (var members in answers)
            {
                var flags = (long[])members;
                for (var i = 0; i < chunk.Length; i++)
                {
                    if (flags[i] == 1)
                        seen.Add(chunk[i]);
                }
            }
        }

        return seen;
    }

    internal static string MetaOf(Lane lane) => lane.Key("seen");

    internal static RedisKey[] KeysOf(Lane lane) =>
        [MetaOf(lane), SetOf(lane, 0), SetOf(lane, 1), SetOf(lane, 2), SetOf(lane, 3)];

    private static string SetOf(Lane lane, int set) => lane.Key("seen:" + set);
}
