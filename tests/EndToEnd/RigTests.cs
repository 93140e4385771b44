using ErrorPipeline.Rigs;
using StackExchange.Redis;

namespace ErrorPipeline.EndToEnd;

/// <summary>What the other tests take for granted of their tools.</summary>
internal sealed class RigTests
{
    [Test]
    public async Task RedisServer_KilledAndStartedAgain_KeepsWhatItAnswered()
    {
        await using var server = await RedisServer.StartAsync();
        using (var redis = await ConnectionMultiplexer.ConnectAsync(server.Endpoint))
            await redis.GetDatabase().StringSetAsync("kept", "yes");

        await server.Kill9Async();
        await server.StartAgainAsync();

        using var again = await ConnectionMultiplexer.ConnectAsync(server.Endpoint);
        ((string?)await again.GetDatabase().StringGetAsync("kept")).Should().Be("yes");
    }

    [Test]
    public async Task RedisServer_TwoAtOnce_HaveDifferentPorts()
    {
        await using var one = await RedisServer.StartAsync();
        await using var other = await RedisServer.StartAsync();
        one.Port.Should().NotBe(other.Port);
    }

    [Test]
    public async Task App_KilledAndTerminated_EndsAsToldAndItsPortIsReused()
    {
        await using var redis = await RedisServer.StartAsync();
        using var data = new TempFolder();
        await using var web = AppProcess.Start("web", new Dictionary<string, string>
        {
            ["Redis"] = redis.Endpoint,
            ["DataDirectory"] = data.Path,
        });
        await web.WaitReadyAsync();
        await web.Kill9Async();
        web.Running.Should().BeFalse();

        web.StartAgain();
        await web.WaitReadyAsync();
        (await web.TerminateAsync()).Should().Be(0, web.Output);
    }

    [Test]
    public async Task Chromium_OpensAPage()
    {
        await using var chromium = await Chromium.LaunchAsync();
        var page = await chromium.Browser.NewPageAsync();
        await page.SetContentAsync("<title>here</title>");
        (await page.TitleAsync()).Should().Be("here");
    }
}
