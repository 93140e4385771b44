using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Workers.Tests.Pumping;

/// <summary>A Redis of the fixture's own, empty before each test, and a rig with one pump on it.</summary>
internal abstract class OnOnePump
{
    protected RedisServer Server { get; private set; } = null!;

    protected PumpRig Rig { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task StartRedis() => Server = await RedisServer.StartAsync(new() { AppendOnly = false });

    [OneTimeTearDown]
    public async Task StopRedis() => await Server.DisposeAsync();

    [SetUp]
    public async Task Prepare()
    {
        await Server.StartAgainAsync();
        Rig = new(Server);
        await Rig.Redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "0");
        await Rig.Redis.ExecuteAsync("FLUSHALL");
    }

    [TearDown]
    public async Task Stop() => await Rig.DisposeAsync();

    protected static long Events(LaneReading reading, string stream) => reading.Streams.Single(s => s.Name == stream).Events;
}
