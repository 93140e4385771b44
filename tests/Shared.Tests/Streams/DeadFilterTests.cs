using ErrorPipeline.Shared.Streams;
using StackExchange.Redis;

namespace ErrorPipeline.Shared.Tests.Streams;

public class DeadFilterTests : OnRedis
{
    [Test]
    public async Task Letters_AreFoundByStageProjectAndPartOfTheReason()
    {
        await FillAsync();
        (await FoundAsync(new())).Should().Be(60);
        (await FoundAsync(new(Stage: "normalize"))).Should().Be(30);
        (await FoundAsync(new(ProjectId: 2))).Should().Be(20);
        (await FoundAsync(new(Reason: "TIMED"))).Should().Be(12);
        (await FoundAsync(new("normalize", 2, "timed"))).Should().Be(2);
        (await FoundAsync(new(Stage: "norm"))).Should().Be(0);
    }

    [Test]
    public async Task DropAndReplay_OfAFilter_TouchThoseAlone()
    {
        await FillAsync();
        var dead = new DeadLetters(Redis);
        (await dead.DropAllAsync([Lane], new(ProjectId: 2))).Should().Be(20);
        (await dead.ReplayAllAsync([Lane], new(Stage: "normalize"))).Should().Be(20);
        (await FoundAsync(new())).Should().Be(20);
        (await FoundAsync(new(ProjectId: 2))).Should().Be(0);
        (await EntriesAsync(Lane.Unique)).Should().HaveCount(20).And.OnlyContain(e => e.IsSuspect);
        (await dead.ReplayAllAsync([Lane], new())).Should().Be(20);
    }

    private async Task FillAsync()
    {
        for (var i = 0; i < 60; i++)
        {
            await Redis.ExecuteAsync(
                "XADD", (RedisKey)Lane.Dead, "*", "v", 1, "n", 1, "d", "bytes", "stage", i % 2 == 0 ? "normalize" : "aggregate",
                "stream", i % 2 == 0 ? Lane.Unique : Lane.Normalized, "project", i % 3, "event", $"e{i}", "error", i % 5 == 0 ? "Timed out" : "crashed", "at", 1);
        }
    }

    private async Task<int> FoundAsync(DeadFilter filter)
    {
        var found = 0;
        await foreach (var _ in new DeadLetters(Redis).FindAsync([Lane], filter))
            found++;
        return found;
    }
}
