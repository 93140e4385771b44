using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Streams;
using StackExchange.Redis;

namespace ErrorPipeline.Shared.Tests.Streams;

[TestFixture]
internal sealed class WakeUpsTests : OnRedis
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Test]
    public async Task Wait_EntryAdded_IsAnnounced()
    {
        var wakeUp = await new WakeUps(Redis, TimeProvider.System).ListenAsync(Lane.Raw);
        var waiting = wakeUp.WaitAsync(Timeout.InfiniteTimeSpan, CancellationToken.None);

        await Forwarding.ForwardAsync(Lane, Batch(0, 1));

        await waiting.WaitAsync(Long);
    }

    [Test]
    public async Task Wait_AnnouncedBefore_DoesNotWait()
    {
        var wakeUp = await new WakeUps(Redis, TimeProvider.System).ListenAsync(Lane.Raw);
        wakeUp.Set();

        await wakeUp.WaitAsync(Timeout.InfiniteTimeSpan, CancellationToken.None).WaitAsync(Long);

        wakeUp.WaitAsync(Timeout.InfiniteTimeSpan, CancellationToken.None).IsCompleted.Should().BeFalse();
    }

    [Test]
    public async Task Wait_NothingAnnounced_EndsByItselfAndHearsTheNext()
    {
        var wakeUp = await new WakeUps(Redis, TimeProvider.System).ListenAsync(Lane.Raw);

        await wakeUp.WaitAsync(TimeSpan.FromMilliseconds(1), CancellationToken.None).WaitAsync(Long);
        var next = wakeUp.WaitAsync(Timeout.InfiniteTimeSpan, CancellationToken.None);
        next.IsCompleted.Should().BeFalse();
        wakeUp.Set();

        await next.WaitAsync(Long);
    }

    [Test]
    public async Task Wait_Cancelled_Throws()
    {
        using var stop = new CancellationTokenSource();
        var wakeUp = await new WakeUps(Redis, TimeProvider.System).ListenAsync(Lane.Raw);
        var waiting = wakeUp.WaitAsync(Timeout.InfiniteTimeSpan, stop.Token);

        await stop.CancelAsync();

        await waiting.Invoking(w => w.WaitAsync(Long)).Should().ThrowAsync<OperationCanceledException>();
    }

    [Test]
    public async Task Wait_RedisRestarts_EveryoneIsWokenAndHearsAgain()
    {
        var wakeUp = await new WakeUps(Redis, TimeProvider.System).ListenAsync(Lane.Raw);
        var waiting = wakeUp.WaitAsync(Timeout.InfiniteTimeSpan, CancellationToken.None);

        await Server.Kill9Async();
        await Server.StartAgainAsync();

        await waiting.WaitAsync(Long);
        await Deadline.Until(AnswersAsync, Long);
        await Deadline.Until(
            async () => ((RedisValue[])await Redis.ExecuteAsync("PUBSUB", "NUMSUB", "ep:wake:" + Lane.Raw))[1] == 1, Long);
    }

    [Test]
    public async Task Listen_RedisAway_IsMadeWhenItComesBack()
    {
        await Server.Kill9Async();
        await using var redis = new RedisConnection(Server.Endpoint, "late");
        var wakeUp = await new WakeUps(redis, TimeProvider.System).ListenAsync(Lane.Raw);
        await Server.StartAgainAsync();
        await Deadline.Until(AnswersAsync, Long);
        await Deadline.Until(
            async () => ((RedisValue[])await Redis.ExecuteAsync("PUBSUB", "NUMSUB", "ep:wake:" + Lane.Raw))[1] == 1, Long);

        var waiting = wakeUp.WaitAsync(Timeout.InfiniteTimeSpan, CancellationToken.None);
        await Forwarding.ForwardAsync(Lane, Batch(0, 1));
        await waiting.WaitAsync(Long);
    }
}
