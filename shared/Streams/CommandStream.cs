using System.Text.Json;
using ErrorPipeline.Shared.Contracts;
using StackExchange.Redis;

namespace ErrorPipeline.Shared.Streams;

/// <summary>
/// Commands from web to the writer, at least once and in order; the store passes over an id it has applied.
/// Throws <see cref="RedisUnavailableException"/>; everything may be repeated.
/// </summary>
public sealed class CommandStream(RedisConnection redis)
{
    public async Task<StreamId> SendAsync(StoreCommand command)
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes(command, ContractsJson.Default.StoreCommand);
        return StreamId.Parse((string)(await redis.RunAsync(RedisScript.Command, [Lane.Commands], [StoreCommand.CurrentVersion, payload]))!);
    }

    /// <summary>Entries after the writer's cursor; <see cref="StreamEntry.Data"/> is a <see cref="StoreCommand"/> as JSON.</summary>
    public async Task<List<StreamEntry>> ReadAfterAsync(StreamId cursor, int most) =>
        StreamEntry.FromList(await redis.ExecuteAsync("XRANGE", (RedisKey)Lane.Commands, $"({cursor}", "+", "COUNT", most));

    /// <summary>Deletes what is at or before the committed cursor.</summary>
    public async Task TrimAsync(StreamId cursor)
    {
        var next = cursor with { Seq = cursor.Seq + 1 };
        await redis.ExecuteAsync("XTRIM", (RedisKey)Lane.Commands, "MINID", "=", next.ToString());
    }

    /// <summary>Lifts the stream's last id to the cursor where it has fallen back (FLUSHALL), so that new commands are read. True where it did.</summary>
    public async Task<bool> RepairAsync(StreamId cursor)
    {
        var answer = (RedisResult[])await redis.RunAsync(
            RedisScript.Floor,
            [Lane.Commands, new Lane(0).Key("commands:floor"), new Lane(0).Key("commands:sizes")],
            [cursor.ToString()]);
        return (int)answer[0] == 1;
    }
}
