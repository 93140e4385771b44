using System.Collections.Concurrent;
using ErrorPipeline.Collector.Spool;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Collector.Tests;

public sealed class WriteAheadLogTests
{
    private TempFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public async Task Append_AnyBatches_AreReadBackInOrderAfterARestart()
    {
        var number = 0;
        var random = new Random(11);
        for (var round = 0; round < 20; round++)
        {
            var batches = Enumerable.Range(0, random.Next(40)).Select(_ => random.Next(1, 5)).ToArray();
            using var folder = new TempFolder();
            var expected = new List<string>();
            using (var log = TestLog.Open(folder.Path, change: o => o.LogSegmentBytes = 64 << 10))
            {
                foreach (var size in batches)
                {
                    var records = Enumerable.Range(0, size).Select(_ => Some.Record(++number, lane: 0, bodyBytes: number % 5 * 3000)).ToArray();
                    expected.AddRange(records.Select(r => r.Event.EventId));
                    (await log.AppendAsync(records)).Should().Be(AppendResult.Durable);
                }

                TestLog.Read(log.Folder).Select(e => e.EventId).Should().Equal(expected);
            }

            using var again = TestLog.Open(folder.Path);
            TestLog.Read(again.Folder).Select(e => e.EventId).Should().Equal(expected);
        }
    }

    [Test]
    public async Task Append_TwoLanes_AreReadApart()
    {
        using var log = TestLog.Open(_folder.Path);
        await log.AppendAsync([Some.Record(1, lane: 0), Some.Record(2, lane: 1), Some.Record(3, lane: 0)]);

        TestLog.Read(log.Folder, 0).Select(e => e.EventId).Should().Equal(Some.Id(1), Some.Id(3));
        TestLog.Read(log.Folder, 1).Select(e => e.EventId).Should().Equal(Some.Id(2));
        log.Folder.Segments.Single().Producer.Appended(0).Should().Be(2);
    }

    [Test]
    public async Task Append_ManyAtOnce_ShareTheirFlushes()
    {
        var flushes = 0;
        var disk = Disk.Real with
        {
            Flush = file =>
            {
                Interlocked.Increment(ref flushes);
                RandomAccess.FlushToDisk(file);
            },
        };
        using var log = TestLog.Open(_folder.Path, disk);
        const int writers = 32;
        const int each = 50;
        await Task.WhenAll(Enumerable.Range(0, writers).Select(w => Task.Run(async () =>
        {
            for (var i = 0; i < each; i++)
                (await log.AppendAsync([Some.Record(w * each + i)])).Should().Be(AppendResult.Durable);
        })));

        flushes.Should().BeLessThan(writers * each / 2);
        TestLog.Read(log.Folder).Select(e => e.EventId).Should().OnlyHaveUniqueItems().And.HaveCount(writers * each);
    }

    [Test]
    public async Task Append_FlushFails_RefusesAndRecoversWithANewProducer()
    {
        var fails = false;
        var disk = Disk.Real with
        {
            Flush = file =>
            {
                if (fails)
                    throw new IOException("no");
                RandomAccess.FlushToDisk(file);
            },
        };
        using var log = TestLog.Open(_folder.Path, disk);
        (await log.AppendAsync([Some.Record(1)])).Should().Be(AppendResult.Durable);
        fails = true;
        (await log.AppendAsync([Some.Record(2)])).Should().Be(AppendResult.Failing);
        log.Trouble.Should().Be(AppendResult.Failing);
        (await log.AppendAsync([Some.Record(3)])).Should().Be(AppendResult.Failing);

        fails = false;
        await Deadline.Until(() => log.Trouble is null, TimeSpan.FromSeconds(10));
        (await log.AppendAsync([Some.Record(4)])).Should().Be(AppendResult.Durable);

        TestLog.Read(log.Folder).Select(e => e.EventId).Should().Equal(Some.Id(1), Some.Id(4));
        log.Folder.Segments.Select(s => s.Producer.Id).Should().OnlyHaveUniqueItems().And.HaveCount(2);
    }

    [Test]
    public async Task Append_DiskFull_SaysFullAndTakesNothing()
    {
        var disk = Disk.Real with { Write = (_, _, _) => throw new IOException("No space left on device", 28) };
        using var log = TestLog.Open(_folder.Path, disk);
        (await log.AppendAsync([Some.Record(1)])).Should().Be(AppendResult.Full);
        log.Folder.Segments.Should().BeEmpty();
        Directory.GetFiles(_folder.Path, "*.log").Should().BeEmpty();
    }

    [Test]
    public async Task Append_OverBudget_IsRefusedUntilSegmentsLeave()
    {
        using var log = TestLog.Open(_folder.Path, change: o => (o.LogSegmentBytes, o.LogBudgetBytes) = (64 << 10, 512 << 10));
        var number = 0;
        AppendResult result;
        do
            result = await log.AppendAsync([Some.Record(++number, bodyBytes: 20_000)]);
        while (result == AppendResult.Durable && number < 100);

        result.Should().Be(AppendResult.Full);
        log.Trouble.Should().Be(AppendResult.Full);
        log.Folder.Bytes.Should().BeInRange(512 << 10, 600 << 10);
        TestLog.Read(log.Folder).Should().HaveCount(number - 1);

        log.Folder.Delete(log.Folder.Segments[0]);
        log.Trouble.Should().BeNull();
        (await log.AppendAsync([Some.Record(number)])).Should().Be(AppendResult.Durable);
    }

    [Test]
    public void Open_FolderInUse_NamesTheSetting()
    {
        using var log = TestLog.Open(_folder.Path);
        var open = () => TestLog.Open(_folder.Path);
        open.Should().Throw<Microsoft.Extensions.Options.OptionsValidationException>().WithMessage("*ERRORPIPELINE_COLLECTOR__LOGDIRECTORY*");
    }

    [Test]
    public async Task Dispose_WithWaitingAppends_CommitsThem()
    {
        var results = new ConcurrentBag<Task<AppendResult>>();
        using (var log = TestLog.Open(_folder.Path))
            for (var i = 1; i <= 20; i++)
                results.Add(log.AppendAsync([Some.Record(i)]));
        (await Task.WhenAll(results)).Should().AllBeEquivalentTo(AppendResult.Durable);
        using var again = TestLog.Open(_folder.Path);
        TestLog.Read(again.Folder).Should().HaveCount(20);
    }
}
