using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Streams;
using ErrorPipeline.Shared.Tests.Streams;
using ErrorPipeline.Shared.Watching;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ErrorPipeline.Shared.Tests.Watching;

public class PipelineWatchTests : OnRedis
{
    private readonly Kept _log = new();

    [SetUp]
    public void ForgetLog() => _log.Lines.Clear();

    [Test]
    public async Task Lane_ThatDoesNotBalance_IsAnErrorAndASign_UntilItBalances()
    {
        using var watch = Watch();
        await watch.LookAsync();
        watch.Signs.Should().NotContain(s => s.Kind == SignKind.Unbalanced);
        await Redis.ExecuteAsync("HINCRBY", (RedisKey)new Lane(0).Ledger, "accepted", 3);
        await watch.LookAsync();
        watch.Lanes[0].IsBalanced.Should().BeFalse();

        // As if that had been three minutes ago: another process noted it, and this one has just started.
        var since = long.Parse((string)(await Redis.ExecuteAsync("HGET", (RedisKey)new Lane(0).Balance, "since"))!);
        await Redis.ExecuteAsync("HSET", (RedisKey)new Lane(0).Balance, "since", since - 180_000);
        using var started = Watch();
        await started.LookAsync();
        await started.LookAsync();
        started.Signs.Should().Contain(s => s.Kind == SignKind.Unbalanced && s.Where == "lane-00");
        started.Lanes[0].UnbalancedFor.Should().BeCloseTo(TimeSpan.FromSeconds(180), TimeSpan.FromSeconds(30));
        (await HealthOf(started)).Should().Be(HealthStatus.Degraded);
        _log.Lines.Should().ContainSingle(l => l.Level == LogLevel.Error).Which.Text.Should().Contain("lane-00").And.Contain("3 accepted");

        await Redis.ExecuteAsync("HINCRBY", (RedisKey)new Lane(0).Ledger, "duplicate", 3);
        await started.LookAsync();
        await started.LookAsync();
        started.Signs.Should().NotContain(s => s.Kind == SignKind.Unbalanced);
        started.Lanes[0].NotedBalance.Should().Match<NotedBalance>(n => n.IsBalanced && n.Since > since);
        _log.Lines.Should().Contain(l => l.Text.StartsWith("No longer wrong: lane_unbalanced", StringComparison.Ordinal));
    }

    [Test]
    public async Task Redis_ThatIsAway_IsASign()
    {
        using var watch = Watch();
        await Server.StopAsync();
        await watch.LookAsync();
        watch.Signs.Should().ContainSingle().Which.Kind.Should().Be(SignKind.RedisDown);
        watch.Lanes.Should().BeEmpty();
    }

    [Test]
    public async Task Lanes_ThatHoldNonsense_AreASign_AndWatchingGoesOn()
    {
        using var watch = Watch();
        await Redis.ExecuteAsync("HSET", (RedisKey)new Lane(0).Ledger, "accepted", "many");
        await watch.LookAsync();
        watch.Signs.Should().ContainSingle().Which.Kind.Should().Be(SignKind.Unreadable);
        await Redis.ExecuteAsync("FLUSHALL");
        await watch.LookAsync();
        watch.Lanes.Should().HaveCount(2);
    }

    private PipelineWatch Watch() => new(
        Ledger, new(Redis), new OptionsWrapper<PipelineOptions>(new()), new OptionsWrapper<WatchOptions>(new()), TimeProvider.System, _log);

    private static async Task<HealthStatus> HealthOf(PipelineWatch watch) => (await watch.CheckHealthAsync(new())).Status;

    private sealed class Kept : ILogger<PipelineWatch>
    {
        public List<(LogLevel Level, string Text)> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add((logLevel, formatter(state, exception)));
    }
}
