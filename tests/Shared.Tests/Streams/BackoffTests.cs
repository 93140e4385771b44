using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Shared.Tests.Streams;

[TestFixture]
internal sealed class BackoffTests
{
    [Test]
    public void Next_RowOfFailures_DoublesWithJitterUpToTheLongest()
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), new Random(1));

        for (var failure = 1; failure <= 200; failure++)
        {
            var most = Math.Min(100 * Math.Pow(2, failure - 1), 5000);
            backoff.Next().TotalMilliseconds.Should().BeInRange(most / 2, most);
        }
    }

    [Test]
    public void IsWorthLogging_LongOutage_IsRare()
    {
        var backoff = new Backoff();
        var logged = 0;
        for (var failure = 0; failure < 1000; failure++)
        {
            backoff.Next();
            logged += backoff.IsWorthLogging ? 1 : 0;
        }

        logged.Should().Be(10);
    }

    [Test]
    public void Reset_AfterFailures_TellsOnceThatTheyEnded()
    {
        var backoff = new Backoff();
        backoff.Reset().Should().BeFalse();
        backoff.Next();

        backoff.Reset().Should().BeTrue();
        backoff.Reset().Should().BeFalse();
        backoff.Failures.Should().Be(0);
    }
}
