using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Locking;
using ErrorPipeline.Shared.Streams;
using StackExchange.Redis;

namespace ErrorPipeline.Shared.Tests.Locking;

[TestFixture]
internal sealed class RedLockTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly List<RedisServer> _servers = [];
    private readonly List<RedisConnection> _connections = [];

    [SetUp]
    public async Task StartServers()
    {
        for (var i = 0; i < 3; i++)
        {
            _servers.Add(await RedisServer.StartAsync(new() { AppendOnly = false }));
            _connections.Add(new(_servers[i].Endpoint, "tests"));
        }
    }

    [TearDown]
    public async Task StopServers()
    {
        foreach (var connection in _connections)
            await connection.DisposeAsync();
        foreach (var server in _servers)
            await server.DisposeAsync();
        _connections.Clear();
        _servers.Clear();
    }

    [Test]
    public async Task Lock_HeldByOne_IsRefusedToAnotherUntilReleased()
    {
        var factory = RedLockFactory.Create(_connections);
        await using (var first = await factory.CreateLockAsync("writer", Long))
        {
            first.IsAcquired.Should().BeTrue();
            await using var second = await factory.CreateLockAsync("writer", Long);
            second.IsAcquired.Should().BeFalse();
            second.Status.Should().Be(RedLockStatus.Conflicted);
            await using var other = await factory.CreateLockAsync("another", Long);
            other.IsAcquired.Should().BeTrue();
        }

        await using var third = await factory.CreateLockAsync("writer", Long);
        third.IsAcquired.Should().BeTrue();
    }

    [Test]
    public async Task Lock_OneOfThreeServersDown_IsAcquired()
    {
        await _servers[1].Kill9Async();
        var factory = RedLockFactory.Create(_connections);

        await using var held = await factory.CreateLockAsync("writer", Long);

        held.IsAcquired.Should().BeTrue();
    }

    [Test]
    public async Task Lock_TwoOfThreeServersDown_HasNoQuorumAndLeavesNothingBehind()
    {
        await _servers[0].Kill9Async();
        await _servers[2].Kill9Async();
        var factory = RedLockFactory.Create(_connections);

        await using var held = await factory.CreateLockAsync("writer", Long);

        held.IsAcquired.Should().BeFalse();
        held.Status.Should().Be(RedLockStatus.NoQuorum);
        (await _connections[1].GetAsync("redlock:{writer}")).IsNull.Should().BeTrue();
    }

    [Test]
    public async Task Lock_ConcurrentContenders_OneAtMostHoldsIt()
    {
        var factory = RedLockFactory.Create(_connections);
        for (var round = 0; round < 20; round++)
        {
            var locks = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => factory.CreateLockAsync("writer", Long)));
            locks.Count(l => l.IsAcquired).Should().BeLessThanOrEqualTo(1);
            await Task.WhenAll(locks.Select(l => l.DisposeAsync().AsTask()));
        }
    }

    [Test]
    public async Task Lock_HeldLongerThanItsExpiry_ProlongsItself()
    {
        var factory = RedLockFactory.Create(_connections);
        await using var held = await factory.CreateLockAsync("writer", TimeSpan.FromMilliseconds(600));

        await Deadline.Until(() => held.ExtendCount >= 5, Patience);

        held.IsAcquired.Should().BeTrue();
        await using var second = await factory.CreateLockAsync("writer", Long);
        second.IsAcquired.Should().BeFalse();
    }

    [Test]
    public async Task Lock_KeyVanished_IsLostAndNotMadeAgain()
    {
        var factory = RedLockFactory.Create(_connections);
        await using var held = await factory.CreateLockAsync("writer", TimeSpan.FromMilliseconds(600));

        foreach (var connection in _connections)
            await connection.ExecuteAsync("FLUSHALL");

        await Deadline.Until(() => held.Lost.IsCancellationRequested, Patience);
        held.IsAcquired.Should().BeFalse();
        held.Status.Should().Be(RedLockStatus.Expired);
        foreach (var connection in _connections)
            (await connection.GetAsync("redlock:{writer}")).IsNull.Should().BeTrue();
    }

    [Test]
    public async Task Lock_MajorityStopsAnswering_RunsOut()
    {
        var factory = RedLockFactory.Create(_connections);
        await using var held = await factory.CreateLockAsync("writer", TimeSpan.FromMilliseconds(900));
        _servers[0].Pause();
        _servers[1].Pause();
        try
        {
            await Deadline.Until(() => held.Lost.IsCancellationRequested, Patience);
            held.IsAcquired.Should().BeFalse();
        }
        finally
        {
            _servers[0].Resume();
            _servers[1].Resume();
        }
    }

    [Test]
    public async Task Token_EachHolder_IsGreaterThanTheLastWhateverServerIsAway()
    {
        var factory = RedLockFactory.Create(_connections);
        // Let the servers' counters differ.
        await _connections[0].ExecuteAsync("SET", (RedisKey)"redlock:{writer}:token", 40);
        var last = 0L;
        for (var round = 0; round < 6; round++)
        {
            var away = _servers[round % 3];
            var connection = _connections[round % 3];
            away.Pause();
            try
            {
                await using var held = await factory.CreateLockAsync("writer", Long);
                held.IsAcquired.Should().BeTrue();
                held.Token.Should().BeGreaterThan(last);
                last = held.Token;
            }
            finally
            {
                away.Resume();
            }

            // What was sent to it while it was away arrives late; wait until its key is gone.
            await Deadline.Until(() => AnswersAsync(connection), Patience);
            await connection.ExecuteAsync("DEL", (RedisKey)"redlock:{writer}");
        }
    }

    [Test]
    public async Task Lock_AllServersAtMaxMemory_IsAcquiredAndReleased()
    {
        foreach (var connection in _connections)
            await connection.ExecuteAsync("CONFIG", "SET", "maxmemory", "1");
        var factory = RedLockFactory.Create(_connections);

        await using (var held = await factory.CreateLockAsync("writer", Long))
            held.IsAcquired.Should().BeTrue();

        (await _connections[0].GetAsync("redlock:{writer}")).IsNull.Should().BeTrue();
    }

    [Test]
    public async Task Lock_Waiting_IsAcquiredWhenTheHolderLeaves()
    {
        var factory = RedLockFactory.Create(_connections);
        var first = await factory.CreateLockAsync("writer", Long);
        var waiting = factory.CreateLockAsync("writer", Long, Patience, TimeSpan.FromMilliseconds(50));

        waiting.IsCompleted.Should().BeFalse();
        await first.DisposeAsync();

        await using var second = await waiting;
        second.IsAcquired.Should().BeTrue();
    }

    private static async Task<bool> AnswersAsync(RedisConnection connection)
    {
        try
        {
            await connection.PingAsync();
            return true;
        }
        catch (RedisUnavailableException)
        {
            return false;
        }
    }
}
