using System.Globalization;
using StackExchange.Redis;

namespace ErrorPipeline.Shared.Streams;

/// <summary>Entries of a newer build, waiting for a build that can read them.</summary>
public sealed class ParkedEntries(RedisConnection redis)
{
    /// <summary>Moves those of one stream back that need at most this version; returns how many.</summary>
    public async Task<int> ReturnAsync(Lane lane, string stream, int knownVersion)
    {
        if ((long)await redis.ExecuteAsync("XLEN", (RedisKey)lane.Parked) == 0)
            return 0;
        var returned = 0;
        var entries = (RedisResult[])await redis.ExecuteAsync("XRANGE", (RedisKey)lane.Parked, "-", "+", "COUNT", 1000);
        foreach (var entry in entries)
        {
            var parts = (RedisResult[])entry;
            var fields = (RedisValue[])parts[1];
            if (FieldOf(fields, "stream") != stream || int.Parse(FieldOf(fields, "needs"), CultureInfo.InvariantCulture) > knownVersion)
                continue;
            returned += (int)await redis.RunAsync(
                RedisScript.Unpark, [lane.Parked, Lane.SizesOf(lane.Parked), stream, Lane.SizesOf(stream)], [(RedisValue)parts[0]]);
        }

        return returned;
    }

    private static string FieldOf(RedisValue[] fields, string name)
    {
        for (var i = 0; i + 1 < fields.Length; i += 2)
        {
            if (fields[i] == name)
                return fields[i + 1]!;
        }

        return "0";
    }
}
