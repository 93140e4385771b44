using ErrorPipeline.Collector.Replaying;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Streams;
using StackExchange.Redis;

namespace ErrorPipeline.Collector.Tests.Replaying;

public class ReplayTests
{
    [Test]
    public async Task Replay_BesideTheCollector_SendsItsWindowAgain_AndTheLedgerBalances()
    {
        await using var server = await RedisServer.StartAsync();
        using var folder = new TempFolder();
        await using var collector = await RunningCollector.StartAsync(folder.Path, server.Endpoint);
        await using var redis = new RedisConnection(server.Endpoint, "tests");
        for (var i = 0; i < 30; i++)
        {
            using var answer = await collector.PostAsync($$"""{"id":"{{Some.Id(i)}}","type":"Error"}""");
            answer.EnsureSuccessStatusCode();
        }

        using var other = await collector.Http.PostAsync(RunningCollector.PathOf(Some.SlowKey), RunningCollector.Json("""{"type":"Error"}"""));
        other.EnsureSuccessStatusCode();
        await Deadline.Until(async () => (await ReadAsync(redis)).Sum(l => l.Accepted) == 31, TimeSpan.FromSeconds(10));

        (await RunAsync(folder, server, "--from", "1m", "--dry-run")).Should().Be((0, "31 events would be sent again\n", ""));
        (await ReadAsync(redis)).Sum(l => l.Accepted).Should().Be(31);
        (await RunAsync(folder, server, "--from", "1m", "--project", "1")).Output.Should().StartWith("30 events sent again");
        (await RunAsync(folder, server, "--from", "2026-01-01", "--to", "2026-01-02")).Output.Should().StartWith("0 events");

        var lanes = await ReadAsync(redis);
        lanes.Should().OnlyContain(l => l.IsBalanced);
        lanes.Sum(l => l.Accepted).Should().Be(61);
        lanes.Sum(l => l.InFlight).Should().Be(61);
        lanes.Sum(l => l.Notes.GetValueOrDefault("replayed")).Should().Be(30);
        foreach (var lane in Lane.All(2))
        {
            ((long)await redis.ExecuteAsync("HLEN", (RedisKey)lane.Producers)).Should().BeLessThanOrEqualTo(1, "a replay's producer goes when it is done");
            ((string?)await redis.ExecuteAsync("HGET", (RedisKey)lane.Doubt, "reason")).Should().Contain("replayed", "nothing was deduped here, so nothing is remembered");
        }
    }

    [TestCase("--from is needed", "--project", "1")]
    [TestCase("'yesterday' is no time", "--from", "yesterday")]
    [TestCase("later", "--from", "1m", "--to", "2m")]
    [TestCase("'--form' is not known", "--form", "1m")]
    [TestCase("--project is 'shop'", "--from", "1m", "--project", "shop")]
    [TestCase("there is no log", "--from", "1m", "--log", "/nowhere")]
    [TestCase("needs a value", "--from")]
    public async Task Replay_ToldNonsense_SaysWhat(string says, params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        (await ReplayCommand.RunAsync(args.Contains("--log") ? args : [.. args.Take(2), .. args.Length > 1 ? new[] { "--log", Path.GetTempPath() } : [], .. args.Skip(2)], output, error)).Should().Be(64);
        error.ToString().Should().Contain(says);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(TempFolder folder, RedisServer server, params string[] args)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter());
        var code = await ReplayCommand.RunAsync([.. args, "--log", folder.Path, "--redis", server.Endpoint], output, error);
        return (code, output.ToString(), error.ToString());
    }

    private static async Task<LaneReading[]> ReadAsync(RedisConnection redis) => await Task.WhenAll(Lane.All(2).Select(new LaneLedger(redis).ReadAsync));
}
