using System.Text;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Streams;
using StackExchange.Redis;

namespace ErrorPipeline.Shared.Tests.Streams;

[TestFixture]
internal sealed class LaneForwardingTests : OnRedis
{
    [Test]
    public async Task Forward_FirstBatch_IsTakenAndCounted()
    {
        (await Forwarding.ForwardAsync(Lane, Batch(0, 3))).Should().Be(new ForwardAnswer(true, 3));

        var reading = await Ledger.ReadAsync(Lane);
        reading.Accepted.Should().Be(3);
        reading.InFlight.Should().Be(3);
        (await EntriesAsync(Lane.Raw)).Should().ContainSingle().Which.Events.Should().Be(3);
        ((long)await Redis.ExecuteAsync("HGET", (RedisKey)Lane.Outcomes, $"{Project}|{Minute}|accepted")).Should().Be(3);
        await BalancedAsync();
    }

    [Test]
    public async Task Forward_SameBatchTwice_IsTakenOnce()
    {
        await Forwarding.ForwardAsync(Lane, Batch(0, 3));

        (await Forwarding.ForwardAsync(Lane, Batch(0, 3))).Should().Be(new ForwardAnswer(false, 3));

        (await Ledger.ReadAsync(Lane)).Accepted.Should().Be(3);
    }

    [Test]
    public async Task Forward_AfterGap_IsRefusedWithWhatIsStored()
    {
        await Forwarding.ForwardAsync(Lane, Batch(0, 3));

        (await Forwarding.ForwardAsync(Lane, Batch(5, 8))).Should().Be(new ForwardAnswer(false, 3));
    }

    [Test]
    public async Task Forward_UnknownProducer_IsMissingUnlessAdopted()
    {
        (await Forwarding.ForwardAsync(Lane, Batch(10, 12))).IsMissing.Should().BeTrue();
        (await Forwarding.ForwardAsync(Lane, Batch(10, 12, adopt: true))).Should().Be(new ForwardAnswer(true, 12));
        (await Forwarding.ForwardAsync(Lane, Batch(12, 14))).Applied.Should().BeTrue();
    }

    [Test]
    public async Task Forward_RawAndBulk_GoToTheirStreamsInOneStep()
    {
        var batch = Batch(0, 2) with { Last = 5, BulkEvents = 3, Bulk = "bulk"u8.ToArray() };

        await Forwarding.ForwardAsync(Lane, batch);

        (await EntriesAsync(Lane.Raw)).Should().ContainSingle().Which.Events.Should().Be(2);
        (await EntriesAsync(Lane.RawBulk)).Should().ContainSingle().Which.Events.Should().Be(3);
        await BalancedAsync();
    }

    [Test]
    public async Task Forward_AtMaxMemory_HasNoEffectAndIsWorthRepeating()
    {
        await Forwarding.ForwardAsync(Lane, Batch(0, 1));
        await Redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "1");

        await FluentActions.Awaiting(() => Forwarding.ForwardAsync(Lane, Batch(1, 2))).Should().ThrowAsync<RedisUnavailableException>();

        await Redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "0");
        (await Ledger.ReadAsync(Lane)).Accepted.Should().Be(1);
        (await Forwarding.ForwardAsync(Lane, Batch(1, 2))).Applied.Should().BeTrue();
    }

    [Test]
    public async Task Forward_AfterScriptsWereFlushed_StillRuns()
    {
        await Forwarding.ForwardAsync(Lane, Batch(0, 1));
        await Redis.ExecuteAsync("SCRIPT", "FLUSH");

        (await Forwarding.ForwardAsync(Lane, Batch(1, 2))).Applied.Should().BeTrue();
    }

    [Test]
    public async Task Forward_BinaryPayload_ComesBackUnchanged()
    {
        var bytes = new byte[70_000];
        new Random(3).NextBytes(bytes);

        await Forwarding.ForwardAsync(Lane, Batch(0, 1, payload: bytes));

        (await EntriesAsync(Lane.Raw))[0].Data.Should().Equal(bytes);
    }

    [Test]
    public async Task Settled_WhileAnythingIsOnItsWay_IsUnknown()
    {
        await Deltas.PublishFloorAsync(StreamId.Zero);
        await Forwarding.ForwardAsync(Lane, Batch(0, 3));
        (await Forwarding.SettledAsync(Lane, "p1")).Should().BeNull();

        var entry = (await Group(Lane.Raw).ReadNewAsync(10))[0];
        await Hops.HopAsync(Lane, new()
        {
            Input = Lane.Raw,
            Consumer = "c1",
            Inputs = [entry.Id],
            Output = Lane.Deltas,
            Outputs = [Payload(3)],
        });
        (await Forwarding.SettledAsync(Lane, "p1")).Should().BeNull();

        var delta = (await EntriesAsync(Lane.Deltas))[0];
        await Deltas.PublishFloorAsync(delta.Id);
        (await Forwarding.SettledAsync(Lane, "p1")).Should().Be(3);
        (await Forwarding.SettledAsync(Lane, "another")).Should().BeNull();
    }

    /// <summary>
    /// Whatever happens to the calls (lost before, lost after, repeated late, the forwarder restarted), the stream holds each record once and in order.
    /// </summary>
    [Test]
    public async Task Forward_AnySequenceOfDuplicatesReordersAndCrashes_GivesTheContiguousStream([Range(1, 12)] int seed)
    {
        var random = new Random(seed);
        const long records = 200;
        var late = new List<ForwardBatch>();
        long confirmed = 0;
        while (confirmed < records)
        {
            var batch = Batch(confirmed, Math.Min(records, confirmed + random.Next(1, 20)));
            switch (random.Next(6))
            {
                case 0:
                    late.Add(batch); // never arrives now; perhaps much later
                    break;
                case 1:
                    await Forwarding.ForwardAsync(Lane, batch); // applied, the answer is lost: resent, or a crash and a new size
                    break;
                case 2 when late.Count > 0:
                    await Forwarding.ForwardAsync(Lane, late[random.Next(late.Count)]);
                    break;
                case 3:
                    confirmed = random.NextInt64(confirmed + 1); // a restart that knows less than is stored
                    break;
                default:
                    confirmed = (await Forwarding.ForwardAsync(Lane, batch)).Stored;
                    break;
            }
        }

        foreach (var batch in late)
            await Forwarding.ForwardAsync(Lane, batch);
        var entries = await EntriesAsync(Lane.Raw);
        string.Join(',', entries.Select(e => Encoding.UTF8.GetString(e.Data)))
            .Should().Be(string.Join(',', Enumerable.Range(1, (int)records)));
        await BalancedAsync();
    }

    [Test]
    public async Task Forward_RedisPaused_ThrowsAndTheRepeatIsExact()
    {
        await Forwarding.ForwardAsync(Lane, Batch(0, 1));
        Server.Pause();
        try
        {
            await FluentActions.Awaiting(() => Forwarding.ForwardAsync(Lane, Batch(1, 2))).Should().ThrowAsync<RedisUnavailableException>();
        }
        finally
        {
            Server.Resume();
        }

        await Deadline.Until(AnswersAsync, TimeSpan.FromSeconds(20));
        var answer = await Forwarding.ForwardAsync(Lane, Batch(1, 2));
        answer.Stored.Should().Be(2);
        (await Ledger.ReadAsync(Lane)).Accepted.Should().Be(2);
    }

    [Test]
    public async Task Count_EdgeOutcomes_AreAdded()
    {
        await Forwarding.CountAsync(Lane, [new(Project, Minute, Outcome.RateLimited, 2), new(Project, Minute, Outcome.RateLimited, 3)]);

        ((long)await Redis.ExecuteAsync("HGET", (RedisKey)Lane.Outcomes, $"{Project}|{Minute}|rate_limited")).Should().Be(5);
        await BalancedAsync();
    }
}
