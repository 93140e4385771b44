using System.Net;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Streams;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ErrorPipeline.Web.Tests;

public class PipelineTests
{
    [Test]
    public async Task Pipeline_WithADeadLetter_ShowsReplaysAndDropsIt()
    {
        await using var rig = await DashboardRig.StartAsync();
        using var visitor = await rig.VisitSignedInAsync();
        var redis = rig.App.Services.GetRequiredService<RedisConnection>();
        var lane = new Lane(1);
        async Task<string> DieAsync(string reason) => (string)(await redis.ExecuteAsync(
            "XADD", (RedisKey)lane.Dead, "*", "v", 1, "n", 1, "d", "bytes", "stage", "normalize", "stream", lane.Unique, "project", 1,
            "event", "e1", "error", reason, "at", TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()))!;

        var first = await DieAsync("<script>crashed</script>");
        var second = await DieAsync("timed out");
        // As the quarantine leaves it: two events came in and died.
        await redis.ExecuteAsync("HSET", (RedisKey)lane.Ledger, "accepted", 2, "dead", 2);
        (await visitor.ReadAsync("/pipeline")).Should().Contain("&lt;script&gt;crashed").And.Contain("normalize").And.Contain("timed out");

        using var replayed = await visitor.PostAsync("/pipeline", $"/pipeline/dead/1/{first}/replay");
        using var dropped = await visitor.PostAsync("/pipeline", $"/pipeline/dead/1/{second}/drop");
        replayed.StatusCode.Should().Be(HttpStatusCode.Redirect);
        dropped.StatusCode.Should().Be(HttpStatusCode.Redirect);
        ((long)await redis.ExecuteAsync("XLEN", (RedisKey)lane.Dead)).Should().Be(0);
        ((long)await redis.ExecuteAsync("XLEN", (RedisKey)lane.Unique)).Should().Be(1);
        (await rig.App.Services.GetRequiredService<LaneLedger>().ReadAsync(lane)).IsBalanced.Should().BeTrue();
        foreach (var nonsense in new[] { "9/1-1", "0/nonsense", "0/99999999999999999999999-1" })
            (await visitor.PostAsync("/account", $"/pipeline/dead/{nonsense}/drop")).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Test]
    public async Task Pipeline_WithOutcomes_ShowsThemByMinute()
    {
        var minute = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 60;
        await Shared.Rig.ApplyAsync(new DeltaBatch { Outcomes = [new(1, minute, "filtered:bot", 4321), new(1, minute - 3, "filtered:bot", 1)] });
        await Rigs.Deadline.Until(async () => WebUtility.HtmlDecode(await Shared.Ann.ReadAsync("/pipeline")).Contains("4\u202f322"), TimeSpan.FromSeconds(5));
        (await Shared.Ann.ReadAsync("/pipeline")).Should().Contain("filtered:bot").And.Contain("balanced");
    }
}
