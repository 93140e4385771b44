using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Streams;
using StackExchange.Redis;

namespace ErrorPipeline.Shared.Tests.Streams;

[TestFixture]
internal sealed class DeadLettersTests : OnRedis
{
    private DeadLetters Letters => new(Redis);

    [Test]
    public async Task Hop_WithDeadEvent_KeepsItsBytesAndItsError()
    {
        await BuryOneOfThreeAsync();

        var kept = (await Letters.ListAsync(Lane, 10)).Should().ContainSingle().Subject;
        kept.Letter.Should().BeEquivalentTo(new DeadLetter(Payload(1, "bytes"), "dedupe", Lane.Raw, Project, "e1", "it threw", 42));
        (await Ledger.ReadAsync(Lane)).DeadLetters.Should().Be(1);
        await BalancedAsync();
    }

    [Test]
    public async Task Replay_Letter_IsInFlightAgainWhereItDied()
    {
        await BuryOneOfThreeAsync();
        await new Attempts(Redis).CountAsync(Lane, Attempts.FieldOf("dedupe", Project, "e1"));
        var kept = (await Letters.ListAsync(Lane, 10))[0];

        (await Letters.ReplayAsync(Lane, kept.Id)).Should().BeTrue();
        (await Letters.ReplayAsync(Lane, kept.Id)).Should().BeFalse();

        var entry = (await EntriesAsync(Lane.Raw)).Should().ContainSingle().Subject;
        entry.Data.Should().Equal(kept.Letter.Payload.Data);
        (await Ledger.ReadAsync(Lane)).Totals[Outcome.Dead].Should().Be(0);
        ((long)await Redis.ExecuteAsync("HLEN", (RedisKey)Lane.Key("attempts"))).Should().Be(0);
        await BalancedAsync();
    }

    [Test]
    public async Task Drop_Letter_StaysCountedAsDead()
    {
        await BuryOneOfThreeAsync();
        var kept = (await Letters.ListAsync(Lane, 10))[0];

        (await Letters.DropAsync(Lane, kept.Id)).Should().BeTrue();

        (await Letters.ListAsync(Lane, 10)).Should().BeEmpty();
        (await Ledger.ReadAsync(Lane)).Totals[Outcome.Dead].Should().Be(1);
        await BalancedAsync();
    }

    [Test]
    public async Task Replay_AtMaxMemory_Works()
    {
        await BuryOneOfThreeAsync();
        var kept = (await Letters.ListAsync(Lane, 10))[0];
        await Redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "1");

        (await Letters.ReplayAsync(Lane, kept.Id)).Should().BeTrue();
    }

    private async Task BuryOneOfThreeAsync()
    {
        await Forwarding.ForwardAsync(Lane, Batch(0, 3));
        var entry = (await Group(Lane.Raw).ReadNewAsync(1))[0];
        await Hops.HopAsync(Lane, new()
        {
            Input = Lane.Raw,
            Consumer = "c1",
            Inputs = [entry.Id],
            Output = Lane.Unique,
            Outputs = [Payload(2)],
            Dead = [new(Payload(1, "bytes"), "dedupe", Lane.Raw, Project, "e1", "it threw", 42)],
            Outcomes = [new(Project, Minute, Outcome.Dead, 1)],
        });
    }
}
