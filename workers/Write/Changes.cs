using System.Text.Json;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Workers.Write;

/// <summary>Tells live pages which issues changed. May be lost: pages that matter read again every now and then.</summary>
internal static class Changes
{
    private const string Channel = "ep:changes";
    private const int MaxAtOnce = 500;

    public static async Task PublishAsync(RedisConnection redis, IReadOnlyList<IssueChange> changed)
    {
        foreach (var part in changed.Distinct().Chunk(MaxAtOnce))
            await redis.PublishAsync(Channel, JsonSerializer.SerializeToUtf8Bytes(part, ContractsJson.Default.IReadOnlyListIssueChange));
    }
}
