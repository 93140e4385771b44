using ErrorPipeline.Rigs;
using ErrorPipeline.Workers.Pumping;

namespace ErrorPipeline.Workers.Tests.Pumping;

[TestFixture]
internal sealed class DeathRateTests
{
    private readonly HandClock _clock = new();

    [Test]
    public void TryBury_UpToTheAllowance_IsFineWhateverTheShare()
    {
        var rate = new DeathRate(_clock, alwaysAllowed: 3);

        rate.TryBury(3).Should().BeNull();
        rate.TryBury(1).Should().Contain("4 letters");
    }

    [Test]
    public void TryBury_OnePercentOfManyHandled_IsFine()
    {
        var rate = new DeathRate(_clock, alwaysAllowed: 3);
        rate.Handled(1000);

        rate.TryBury(10).Should().BeNull();
        rate.TryBury(1).Should().NotBeNull();
    }

    [Test]
    public void TryBury_AMinuteLater_IsAllowedAgainAndWhatWasHandledIsForgotten()
    {
        var rate = new DeathRate(_clock, alwaysAllowed: 3);
        rate.Handled(1000);
        rate.TryBury(10).Should().BeNull();

        _clock.Advance(TimeSpan.FromSeconds(59));
        rate.TryBury(1).Should().NotBeNull();
        _clock.Advance(TimeSpan.FromSeconds(1));
        rate.TryBury(3).Should().BeNull();
        rate.TryBury(1).Should().NotBeNull();
    }
}
