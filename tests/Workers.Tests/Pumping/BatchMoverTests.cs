using ErrorPipeline.PoisonWorker;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Streams;
using ErrorPipeline.Workers.Pumping;
using StackExchange.Redis;

namespace ErrorPipeline.Workers.Tests.Pumping;

/// <summary>A batch that holds an event which was seen before is computed twice: nothing else may happen twice for that.</summary>
[TestFixture]
internal sealed class BatchMoverTests : OnOnePump
{
    [Test]
    public async Task Move_PoisonBesideADuplicate_IsOneAttempt()
    {
        await Rig.SendAsync(Some.Raw(1, "a"));
        await MoveAsync();
        await Rig.SendAsync(Some.Raw(1, "a"), Some.Raw(2, PoisonStage.Throws));
        await MoveAsync();

        var attempts = (RedisValue[])(await Rig.Redis.ExecuteAsync("HVALS", (RedisKey)PumpRig.Lane.Key("attempts")))!;

        attempts.Should().ContainSingle().Which.Should().Be((RedisValue)1);
        (await Rig.PassedAsync()).Should().Equal(Some.EventId(1));
        await Rig.BalancedAsync();
    }

    [Test]
    public async Task Move_TornEntryBesideADuplicate_IsOneDeath()
    {
        await Rig.SendAsync(Some.Raw(1, "a"));
        await MoveAsync();
        await Rig.SendAsync(Some.Raw(1, "a"));
        await Rig.SendBytesAsync([9, 9, 9, 9, 9], 7);
        await MoveAsync(deadAllowed: 1);

        (await Rig.ReadAsync()).DeadLetters.Should().Be(1, "the second turn does not ask again whether so many may die");
        await Rig.BalancedAsync();
    }

    /// <summary>Everything that waits, in one batch.</summary>
    private async Task MoveAsync(long deadAllowed = 20)
    {
        var group = new StreamGroup(Rig.Redis, PumpRig.Lane.Raw, "c1");
        var mover = new BatchMover<RawError, IReadOnlySet<EventIdentity>, UniqueError>(
            PoisonStage.Spec, PumpRig.Lane, Rig.Services(), new(TimeProvider.System, deadAllowed));
        var entries = (await group.ReadNewAsync(10)).ConvertAll(entry => WorkEntry<RawError>.Decode(entry, PoisonStage.Spec.In));
        await mover.MoveAsync(group, entries, Verdict<RawError>.None, alone: false, CancellationToken.None);
    }
}
