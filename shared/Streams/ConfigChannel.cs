using System.Text.Json;
using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Streams;

/// <summary>
/// The way of configuration from web to collectors and workers: kept in Redis whole, announced when it changes.
/// Announcements may be lost, so listeners also read every now and then. Throws <see cref="RedisUnavailableException"/>.
/// </summary>
public sealed class ConfigChannel(RedisConnection redis)
{
    private const string Key = "ep:config";

    public async Task PublishAsync(ConfigSnapshot snapshot)
    {
        await redis.SetAsync(Key, JsonSerializer.SerializeToUtf8Bytes(snapshot, ContractsJson.Default.ConfigSnapshot));
        await redis.PublishAsync(Key, snapshot.Revision);
    }

    /// <summary>Null where web has not published yet, or Redis lost it.</summary>
    public async Task<ConfigSnapshot?> ReadAsync()
    {
        var json = await redis.GetAsync(Key);
        return json.IsNull ? null : JsonSerializer.Deserialize((byte[])json!, ContractsJson.Default.ConfigSnapshot);
    }

    /// <summary>Calls back after every publication; then read.</summary>
    public Task ListenAsync(Action changed) => redis.SubscribeAsync(Key, _ => changed());
}
