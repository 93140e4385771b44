using ErrorPipeline.Shared.Streams;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ErrorPipeline.Shared.Tests.Streams;

internal sealed class ClockCheckTests : OnRedis
{
    [TestCase(0, HealthStatus.Healthy, "ms ahead of Redis'")]
    [TestCase(3600, HealthStatus.Degraded, "3600 s ahead of Redis'")]
    [TestCase(-3600, HealthStatus.Degraded, "3600 s behind Redis'")]
    public async Task Clock_OffBySeconds_IsTold(int seconds, HealthStatus status, string told)
    {
        var result = await new ClockCheck(Redis, new WrongTime(TimeSpan.FromSeconds(seconds))).CheckHealthAsync(new());

        result.Status.Should().Be(status);
        result.Description.Should().Contain(told);
    }

    [Test]
    public async Task Clock_WithoutRedis_IsNoTrouble()
    {
        await using var nobody = new RedisConnection("127.0.0.1:1", "tests");

        (await new ClockCheck(nobody, TimeProvider.System).CheckHealthAsync(new())).Status.Should().Be(HealthStatus.Healthy);
    }

    private sealed class WrongTime(TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
    }
}
