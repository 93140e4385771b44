using System.Text;
using System.Text.Json;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Streams;
using ErrorPipeline.Workers.Aggregate;
using ErrorPipeline.Workers.Pumping;
using ErrorPipeline.Workers.Write;

namespace ErrorPipeline.Workers.Tests.Write;

public sealed class DeltaReadingTests
{
    [Test]
    public void Deltas_PlaceHolder_IsAnEmptyBatch()
    {
        var read = DeltaReading.Deltas([Entry(1, version: 0, "")]);

        read.Unreadable.Should().BeNull();
        read.Entries.Should().ContainSingle().Which.Batch.Issues.Should().BeEmpty();
    }

    [TestCase(2, """{"v":1}""")]
    [TestCase(1, """{"v":2}""")]
    [TestCase(3, """{"v":3}""")]
    [TestCase(1, "torn")]
    [TestCase(1, "null")]
    [TestCase(1, """{"v":1,"issues":[{"projectId":1}]}""")]
    public void Deltas_UnreadableEntry_EndsBeforeIt(int version, string json)
    {
        var read = DeltaReading.Deltas([Entry(1, 1, """{"v":1}"""), Entry(2, version, json), Entry(3, 1, """{"v":1}""")]);

        read.Entries.Select(e => e.Id.Ms).Should().Equal(1UL);
        read.Unreadable.Should().StartWith("entry 2-0: ");
    }

    [Test]
    public void Deltas_AsAggregateSendsThem_AreReadAsTheyWere()
    {
        var (folded, alone) = (Some.Normalized("a", Some.Occurrence(1), Some.Occurrence(2), Some.Occurrence(3)), Some.Normalized("a", Some.Occurrence(4, browser: "Firefox 150")));
        var deltas = AggregateStage.Run([folded, alone, Some.Normalized("b", Some.Occurrence(5))], default, default).Forward;
        var sent = Forms.ToDeltas.Write(deltas).Should().ContainSingle().Subject;

        var read = DeltaReading.Deltas([new(new(1, 0), sent.Version, sent.Events, sent.Data, false)]);

        read.Unreadable.Should().BeNull();
        read.Entries.Should().ContainSingle().Which.Batch.Issues.Should().BeEquivalentTo(deltas, o => o.WithStrictOrdering());
        deltas.Sum(delta => delta.Samples.Count).Should().Be(5);
        Encoding.UTF8.GetString(sent.Data).Split("\"message\":\"message\"").Length.Should().Be(1 + 3, "an error that two in a row have is told once");
    }

    [Test]
    public void Deltas_OfTheFirstVersion_AreReadAsTheyAre()
    {
        var deltas = AggregateStage.Run([Some.Normalized("a", Some.Occurrence(1), Some.Occurrence(2))], default, default).Forward;
        var json = JsonSerializer.SerializeToUtf8Bytes(new DeltaBatch { V = 1, Issues = deltas }, ContractsJson.Default.DeltaBatch);

        DeltaReading.Deltas([new(new(1, 0), 1, 2, json, false)]).Entries.Should().ContainSingle().Which.Batch.Issues.Should().BeEquivalentTo(deltas);
    }

    [Test]
    public void Deltas_FirstSampleWithoutAnError_StaysWithoutOne()
    {
        var delta = AggregateStage.Run([Some.Normalized("a", Some.Occurrence(1), Some.Occurrence(2))], default, default).Forward[0];
        var bare = delta with { Samples = [.. delta.Samples.Select(sample => sample with { Error = null! })] };
        var json = JsonSerializer.SerializeToUtf8Bytes(new DeltaBatch { Issues = [bare] }, ContractsJson.Default.DeltaBatch);

        DeltaReading.Deltas([new(new(1, 0), 2, 2, json, false)]).Entries.Single().Batch.Issues[0].Samples.Should().OnlyContain(sample => sample.Error == null);
    }

    private static StreamEntry Entry(ulong id, int version, string json) => new(new(id, 0), version, 0, Encoding.UTF8.GetBytes(json), false);
}
