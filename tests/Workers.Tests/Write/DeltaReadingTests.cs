using System.Text;
using ErrorPipeline.Shared.Streams;
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
    [TestCase(1, "torn")]
    [TestCase(1, "null")]
    [TestCase(1, """{"v":1,"issues":[{"projectId":1}]}""")]
    public void Deltas_UnreadableEntry_EndsBeforeIt(int version, string json)
    {
        var read = DeltaReading.Deltas([Entry(1, 1, """{"v":1}"""), Entry(2, version, json), Entry(3, 1, """{"v":1}""")]);

        read.Entries.Select(e => e.Id.Ms).Should().Equal(1UL);
        read.Unreadable.Should().StartWith("entry 2-0: ");
    }

    private static StreamEntry Entry(ulong id, int version, string json) => new(new(id, 0), version, 0, Encoding.UTF8.GetBytes(json), false);
}
