using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Streams;
using ErrorPipeline.Workers.Dedupe;
using FsCheck;
using FsCheck.Fluent;

namespace ErrorPipeline.Workers.Tests.Dedupe;

public sealed class DedupeStageProperties
{
    private static readonly string[] Bodies =
    [
        """{"message":"a"}""", """{"message":"b"}""", """{"message":"a","url":"u"}""", """{"message":"a","user":{"id":"1"}}""", "broken",
    ];

    private static readonly Gen<RawError> Event =
        from id in Gen.Choose(0, 30)
        from project in Gen.Choose(1, 2)
        from body in Gen.Elements(Bodies)
        from minute in Gen.Choose(0, 3)
        select Some.Raw(id, body, project, receivedAt: minute * 60_000);

    [Test]
    public void Run_AnyBatch_GivesEveryEventOneFate() =>
        Prop.ForAll(Gen.ListOf(Event).ToArbitrary(), Gen.ListOf(Gen.Choose(0, 30)).ToArbitrary(), (events, old) =>
        {
            var batch = events.ToList();
            var seen = old.Select(id => EventIdentity.Of(1, Some.EventId(id))).ToHashSet();

            var result = DedupeStage.Run(batch, seen, default);

            var forwarded = result.Forward.SelectMany(u => u.Occurrences.Select(o => EventIdentity.Of(u.ProjectId, o.EventId))).ToList();
            var expected = batch.Select(e => EventIdentity.Of(e.ProjectId, e.EventId)).Where(id => !seen.Contains(id)).Distinct().ToList();
            forwarded.Should().BeEquivalentTo(expected);
            (forwarded.Count + result.Outcomes.Sum(o => o.Count)).Should().Be(batch.Count);
        }).QuickCheckThrowOnFailure();
}
