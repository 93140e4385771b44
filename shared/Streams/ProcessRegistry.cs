using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using StackExchange.Redis;

namespace ErrorPipeline.Shared.Streams;

/// <summary>One living process as its last heartbeat told.</summary>
public sealed record ProcessRecord
{
    /// <summary>collector, workers or web.</summary>
    public required string Role { get; init; }

    /// <summary>Random per start.</summary>
    public required string Id { get; init; }
    public required string Host { get; init; }
    public required int Pid { get; init; }
    public required string Version { get; init; }

    /// <summary>ms since 1970 UTC.</summary>
    public required long StartedAt { get; init; }
    public required long At { get; init; }

    /// <summary>What the role adds: a collector its <c>log</c>, workers their <c>stages</c> and <c>leader</c>.</summary>
    public JsonObject Facts { get; init; } = [];
}

/// <summary>Who is alive: each process beats every <see cref="Interval"/> and is forgotten after <see cref="Life"/>.</summary>
public sealed class ProcessRegistry(RedisConnection redis)
{
    private const string Members = "ep:processes";

    public static TimeSpan Interval { get; } = TimeSpan.FromSeconds(5);

    public static TimeSpan Life { get; } = TimeSpan.FromSeconds(15);

    public async Task BeatAsync(ProcessRecord process)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(process, ProcessJson.Default.ProcessRecord);
        await redis.SetAsync(KeyOf(MemberOf(process)), json, Life);
        await redis.ExecuteAsync("SADD", (RedisKey)Members, MemberOf(process));
    }

    /// <summary>Says goodbye at a clean stop, so that nobody waits for the expiry.</summary>
    public Task LeaveAsync(ProcessRecord process) => redis.ExecuteAsync("DEL", (RedisKey)KeyOf(MemberOf(process)));

    /// <summary>The living, by role and start; those that are gone are pruned.</summary>
    public async Task<IReadOnlyList<ProcessRecord>> ListAsync()
    {
        var members = (string[])(await redis.ExecuteAsync("SMEMBERS", (RedisKey)Members))!;
        var living = new List<ProcessRecord>(members.Length);
        foreach (var member in members)
        {
            var json = await redis.GetAsync(KeyOf(member));
            if (json.IsNull)
                await redis.ExecuteAsync("SREM", (RedisKey)Members, member);
            else if (JsonSerializer.Deserialize((byte[])json!, ProcessJson.Default.ProcessRecord) is { } process)
                living.Add(process);
        }

        return [.. living.OrderBy(p => p.Role, StringComparer.Ordinal).ThenBy(p => p.StartedAt)];
    }

    private static string MemberOf(ProcessRecord process) => $"{process.Role}:{process.Id}";

    private static string KeyOf(string member) => "ep:process:" + member;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ProcessRecord))]
internal sealed partial class ProcessJson : JsonSerializerContext;
