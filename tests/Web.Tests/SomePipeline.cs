using System.Text.Json.Nodes;
using ErrorPipeline.Shared.Streams;
using StackExchange.Redis;

namespace ErrorPipeline.Web.Tests;

/// <summary>Lanes, processes and dead letters as a busy installation would have them.</summary>
internal static class SomePipeline
{
    public static async Task FillAsync(RedisConnection redis)
    {
        foreach (var lane in Lane.All(2))
        {
            long[] waiting = [lane.Index * 84, 0, 12 + lane.Index, 240, 31];
            string[] streams = [lane.Raw, lane.RawBulk, lane.Unique, lane.Normalized, lane.Deltas];
            for (var i = 0; i < streams.Length; i++)
            {
                if (waiting[i] == 0)
                    continue;
                var id = await redis.ExecuteAsync("XADD", (RedisKey)streams[i], "*", "v", 1, "n", waiting[i], "d", "x");
                await redis.ExecuteAsync("HSET", (RedisKey)Lane.SizesOf(streams[i]), (string)id!, waiting[i]);
            }

            long stored = 1_204_332 + lane.Index * 1_731, duplicate = 33_474, extension = 8_120, bot = 61_002, dead = 3;
            await redis.ExecuteAsync(
                "HSET", (RedisKey)lane.Ledger, "stored", stored, "duplicate", duplicate, "filtered:extension", extension, "filtered:bot", bot, "dead", dead,
                "accepted", stored + duplicate + extension + bot + dead + waiting.Sum());
            await redis.ExecuteAsync("HSET", (RedisKey)lane.Notes, "dead:normalize", dead);
            for (var i = 0; i < dead; i++)
            {
                await redis.ExecuteAsync(
                    "XADD", (RedisKey)lane.Dead, "*", "v", 1, "n", 1, "d", "bytes", "stage", "normalize", "stream", lane.Unique, "project", 1, "event", $"{i:x32}",
                    "error", i == 0 ? "timed out" : "IndexOutOfRangeException: Index was outside the bounds of the array.", "at", Now());
            }
        }

        await BeatAsync(redis);
    }

    /// <summary>They are forgotten after a quarter of a minute.</summary>
    public static async Task BeatAsync(RedisConnection redis)
    {
        var registry = new ProcessRegistry(redis);
        await registry.BeatAsync(Process("collector", 4120, new()
        {
            ["log"] = new JsonObject { ["lane-00"] = new JsonObject { ["appended"] = 50_100, ["confirmed"] = 50_000 } },
            ["logBytes"] = 48_300_000,
            ["oldestUnforwardedSeconds"] = 0.2,
        }));
        await registry.BeatAsync(Process("workers", 4121, new() { ["stages"] = new JsonArray("dedupe", "normalize", "aggregate", "write"), ["leader"] = true }));
        await registry.BeatAsync(Process("workers", 4122, new() { ["stages"] = new JsonArray("normalize", "write"), ["leader"] = false }));
    }

    private static ProcessRecord Process(string role, int pid, JsonObject facts) =>
        new() { Role = role, Id = $"{pid}", Host = "mill-01", Pid = pid, Version = "0.9.0", StartedAt = Now() - 7_300_000, At = Now(), Facts = facts };

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
}
