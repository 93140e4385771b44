using ErrorPipeline.Shared.Streams;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace ErrorPipeline.Shared.Tests.Streams;

[TestFixture]
internal sealed class ProcessRegistryTests : OnRedis
{
    [Test]
    public async Task List_LivingAndGone_TellsTheLivingAndPrunesTheRest()
    {
        var registry = new ProcessRegistry(Redis);
        await registry.BeatAsync(Some("a"));
        await registry.BeatAsync(Some("b"));
        await Redis.ExecuteAsync("DEL", (RedisKey)"ep:process:workers:b");

        var living = await registry.ListAsync();

        living.Should().ContainSingle();
        living[0].Id.Should().Be("a");
        living[0].Facts["stages"]!.GetValue<string>().Should().Be("dedupe");
        ((long)await Redis.ExecuteAsync("SCARD", (RedisKey)"ep:processes")).Should().Be(1);
        ((long)await Redis.ExecuteAsync("PTTL", (RedisKey)"ep:process:workers:a")).Should().BeInRange(1, 15_000);
    }

    [Test]
    public async Task Heartbeat_StartedAndStopped_ComesAndGoes()
    {
        var registry = new ProcessRegistry(Redis);
        var heart = new Heartbeat(registry, "workers", () => new() { ["leader"] = true }, TimeProvider.System, NullLogger<Heartbeat>.Instance);

        await heart.StartAsync(CancellationToken.None);
        await Rigs.Deadline.Until(async () => (await registry.ListAsync()).Count == 1, TimeSpan.FromSeconds(10));
        (await registry.ListAsync())[0].Facts["leader"]!.GetValue<bool>().Should().BeTrue();

        await heart.StopAsync(CancellationToken.None);
        (await registry.ListAsync()).Should().BeEmpty();
    }

    [Test]
    public async Task Config_Published_IsReadAndAnnounced()
    {
        var channel = new ConfigChannel(Redis);
        (await channel.ReadAsync()).Should().BeNull();
        var announced = new TaskCompletionSource();
        await channel.ListenAsync(() => announced.TrySetResult());

        await channel.PublishAsync(new() { Revision = 4, Projects = [new() { Id = 1, Name = "shop", Keys = ["k"] }] });

        await announced.Task.WaitAsync(TimeSpan.FromSeconds(10));
        var read = await channel.ReadAsync();
        read!.Revision.Should().Be(4);
        read.Projects.Should().ContainSingle().Which.Keys.Should().Equal("k");
    }

    private static ProcessRecord Some(string id) => new()
    {
        Role = "workers",
        Id = id,
        Host = "h",
        Pid = 1,
        Version = "0",
        StartedAt = 1,
        At = 2,
        Facts = new() { ["stages"] = "dedupe" },
    };
}
