using System.Buffers;
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
        (await visitor.ReadAsync("/pipeline")).Should().Contain("2 letters are kept");
        (await visitor.ReadAsync("/pipeline/dead?reason=CRASHED")).Should().NotContain("timed out");
        (await visitor.ReadAsync("/pipeline/dead")).Should().Contain("&lt;script&gt;crashed").And.Contain("normalize").And.Contain("timed out");

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
    public async Task DeadLetters_OfAFilter_AreReplayedOrDroppedTogether()
    {
        await using var rig = await DashboardRig.StartAsync();
        using var visitor = await rig.VisitSignedInAsync();
        var redis = rig.App.Services.GetRequiredService<RedisConnection>();
        for (var i = 0; i < 6; i++)
        {
            await redis.ExecuteAsync(
                "XADD", (RedisKey)new Lane(i % 2).Dead, "*", "v", 1, "n", 1, "d", "bytes", "stage", i < 4 ? "normalize" : "aggregate", "stream", new Lane(i % 2).Unique,
                "project", 1, "event", $"e{i}", "error", "crashed", "at", TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        }

        async Task<long> KeptAsync() => (long)await redis.ExecuteAsync("XLEN", (RedisKey)new Lane(0).Dead) + (long)await redis.ExecuteAsync("XLEN", (RedisKey)new Lane(1).Dead);
        using var dropped = await visitor.PostAsync("/pipeline/dead", "/pipeline/dead/drop", ("stage", "aggregate"));
        dropped.Headers.Location!.ToString().Should().Be("/pipeline/dead?stage=aggregate");
        (await KeptAsync()).Should().Be(4);
        using var replayed = await visitor.PostAsync("/pipeline/dead", "/pipeline/dead/replay", ("stage", "normalize"), ("project", "1"), ("reason", ""));
        (await KeptAsync()).Should().Be(0);
        ((long)await redis.ExecuteAsync("XLEN", (RedisKey)new Lane(1).Unique)).Should().Be(2);
    }

    [Test]
    public async Task Pipeline_WithOutcomes_ShowsThemByMinute()
    {
        var minute = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 60;
        await Shared.Rig.ApplyAsync(new DeltaBatch { Outcomes = [new(1, minute, "filtered:bot", 4321), new(1, minute - 3, "filtered:bot", 1)] });
        await Rigs.Deadline.Until(async () => WebUtility.HtmlDecode(await Shared.Ann.ReadAsync("/pipeline")).Contains("4\u202f322"), TimeSpan.FromSeconds(5));
        (await Shared.Ann.ReadAsync("/pipeline")).Should().Contain("filtered:bot").And.Contain("balanced");
    }

    [Test]
    public async Task Pipeline_EventsInTheQueues_AreInFlightOfTheirProject()
    {
        await using var rig = await DashboardRig.StartAsync();
        using var visitor = await rig.VisitSignedInAsync();
        var redis = rig.App.Services.GetRequiredService<RedisConnection>();
        var framed = new ArrayBufferWriter<byte>();
        foreach (var project in (int[])[1, 1, 1, 2])
        {
            var one = new ArrayBufferWriter<byte>();
            MessageCodec.Write(one, new RawError { ProjectId = project, EventId = $"{framed.WrittenCount:x32}", ReceivedAt = 1, Protocol = "native", Body = "{}"u8.ToArray() });
            MessageFrames.Append(framed, one.WrittenSpan);
        }

        await redis.ExecuteAsync("XADD", (RedisKey)new Lane(0).Raw, "*", "v", 1, "n", 4, "d", framed.WrittenSpan.ToArray());
        await redis.ExecuteAsync("XADD", (RedisKey)new Lane(1).Raw, "*", "v", 1, "n", 4, "d", framed.WrittenSpan.ToArray());
        await redis.ExecuteAsync("XADD", (RedisKey)new Lane(1).Parked, "*", "v", 9, "n", 5, "d", "of the future");

        var census = await rig.App.Services.GetRequiredService<QueueCensus>().CountAsync(Lane.All(2));

        census.Events.Should().BeEquivalentTo(new Dictionary<int, long> { [1] = 6, [2] = 2, [QueueCensus.NoProject] = 5 });
        census.IsWhole.Should().BeTrue();
        WebUtility.HtmlDecode(await visitor.ReadAsync("/pipeline?project=1")).Should().Contain("In flight now: <b>6</b>");
    }
}
