using System.Diagnostics;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Shared.Tests.Streams;

internal sealed class RedisConnectionTests
{
    private RedisServer _server = null!;
    private RedisConnection _redis = null!;

    [SetUp]
    public async Task StartRedis()
    {
        _server = await RedisServer.StartAsync(new() { AppendOnly = false });
        _redis = new(_server.Endpoint, "patient", TimeSpan.FromSeconds(1));
    }

    [TearDown]
    public async Task StopRedis()
    {
        await _redis.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task Client_WhoseEveryCommandFailedForAWhile_IsReplacedWithAllItListenedTo()
    {
        var heard = new List<string>();
        await _redis.SubscribeAsync("news", message =>
        {
            lock (heard)
                heard.Add(message!);
        });
        var before = await IdsAsync();

        // Its connections stay, so that nothing but a new client makes new ones.
        _server.Pause();
        await FailForAsync(TimeSpan.FromSeconds(6));
        _server.Resume();
        await Deadline.Until(AnswersAsync, TimeSpan.FromSeconds(30));

        await Deadline.Until(async () => await _redis.PublishAsync("news", "ready?") == 1, TimeSpan.FromSeconds(20));
        await _redis.PublishAsync("news", "once");
        await Deadline.Until(() => Count("once") > 0, TimeSpan.FromSeconds(20));
        await _redis.PublishAsync("news", "last");
        await Deadline.Until(() => Count("last") > 0, TimeSpan.FromSeconds(20));
        Count("once").Should().Be(1);
        before.Should().NotBeEmpty();
        (await IdsAsync()).Should().HaveSameCount(before).And.NotIntersectWith(before);

        int Count(string what)
        {
            lock (heard)
                return heard.Count(h => h == what);
        }
    }

    private async Task<List<string>> IdsAsync() =>
        [.. ((string)(await _redis.ExecuteAsync("CLIENT", "LIST"))!).Split('\n').Where(l => l.Contains("name=patient", StringComparison.Ordinal)).Select(l => l.Split(' ')[0])];

    private async Task FailForAsync(TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < time)
            (await AnswersAsync()).Should().BeFalse();
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await _redis.PingAsync();
            return true;
        }
        catch (RedisUnavailableException)
        {
            await Task.Delay(20);
            return false;
        }
    }
}
