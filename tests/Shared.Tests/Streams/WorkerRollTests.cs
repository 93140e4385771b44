using ErrorPipeline.Shared.Streams;
using StackExchange.Redis;

namespace ErrorPipeline.Shared.Tests.Streams;

/// <summary>Who lives, and how entries change hands.</summary>
[TestFixture]
internal sealed class WorkerRollTests : OnRedis
{
    [Test]
    public async Task Answer_OneIsSilent_TellsItAndNotTheOthers()
    {
        var roll = new WorkerRoll(Redis);
        (await roll.AnswerAsync("a")).Should().BeEmpty();
        await SilenceAsync("b", TimeSpan.FromSeconds(5));
        await SilenceAsync("c", TimeSpan.FromSeconds(1));

        (await roll.AnswerAsync("a")).Should().ContainSingle().Which.Consumer.Should().Be("b");

        (await roll.AnswerAsync("b")).Should().BeEmpty("it is heard of again");
    }

    [Test]
    public async Task Answer_SilentForLong_IsForgotten()
    {
        await SilenceAsync("b", TimeSpan.FromMinutes(11));

        (await new WorkerRoll(Redis).AnswerAsync("a")).Should().BeEmpty();

        ((long)await Redis.ExecuteAsync("ZCARD", (RedisKey)"ep:workers")).Should().Be(1);
    }

    [Test]
    public async Task Leave_IsSilentAtOnce()
    {
        var roll = new WorkerRoll(Redis);
        await roll.AnswerAsync("b");
        await roll.LeaveAsync("b");

        (await roll.AnswerAsync("a")).Should().ContainSingle().Which.Consumer.Should().Be("b");
    }

    [Test]
    public async Task Answer_AtMaxMemory_IsTaken()
    {
        var roll = new WorkerRoll(Redis);
        await SilenceAsync("b", TimeSpan.FromSeconds(5));
        await Redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "1");

        (await roll.AnswerAsync("a")).Should().ContainSingle();
    }

    [Test]
    public async Task TakeOver_CountsAnotherDelivery_ReadingOnesOwnDoesNot()
    {
        await Forwarding.ForwardAsync(Lane, Batch(0, 3));
        await Forwarding.ForwardAsync(Lane, Batch(3, 5));
        var (dead, heir) = (Group(Lane.Raw, "dead"), Group(Lane.Raw, "heir"));
        var held = await dead.ReadNewAsync(10);
        (await dead.ReadOwnAsync(10)).Select(e => e.Id).Should().Equal(held.Select(e => e.Id));

        var taken = await heir.TakeOverAsync("dead", 10);
        await heir.ReadOwnAsync(10);

        taken.Select(e => (e.Id, e.Events)).Should().Equal(held.Select(e => (e.Id, e.Events))).And.HaveCount(2);
        (await heir.DeliveriesAsync([.. held.Select(e => e.Id)])).Values.Should().Equal(2, 2);
        (await dead.ReadOwnAsync(10)).Should().BeEmpty();
        (await heir.TakeOverAsync("dead", 10)).Should().BeEmpty();
    }

    [Test]
    public async Task Renew_WithDeliveries_NotesThemForItsOwnAlone()
    {
        await Forwarding.ForwardAsync(Lane, Batch(0, 3));
        await Forwarding.ForwardAsync(Lane, Batch(3, 5));
        var (mine, other) = (Group(Lane.Raw, "mine"), Group(Lane.Raw, "other"));
        var (first, second) = ((await mine.ReadNewAsync(1))[0].Id, (await other.ReadNewAsync(1))[0].Id);

        await mine.RenewAsync([first, second], 3);
        await mine.RenewAsync([first]);

        (await mine.DeliveriesAsync([first])).Should().Equal(new Dictionary<StreamId, long> { [first] = 3 });
        (await other.DeliveriesAsync([second])).Should().Equal(new Dictionary<StreamId, long> { [second] = 1 });
    }

    private Task SilenceAsync(string consumer, TimeSpan ago) => Redis.ExecuteAsync(
        "ZADD", (RedisKey)"ep:workers", (TimeProvider.System.GetUtcNow() - ago).ToUnixTimeMilliseconds(), consumer);
}
