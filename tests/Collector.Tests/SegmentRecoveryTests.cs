using ErrorPipeline.Collector.Spool;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Collector.Tests;

/// <summary>A small segment of five events, cut or damaged at every byte.</summary>
public sealed class SegmentRecoveryTests
{
    private const int Events = 5;

    private TempFolder _folder = null!;
    private byte[] _whole = null!;
    private string _name = null!;
    private int[] _ends = null!;

    [OneTimeSetUp]
    public async Task WriteSegment()
    {
        _folder = new();
        var ends = new List<int>();
        using (var log = TestLog.Open(_folder.Path))
        {
            for (var i = 1; i <= Events; i++)
            {
                await log.AppendAsync([Some.Record(i)]);
                ends.Add((int)log.Folder.Bytes);
            }
        }

        var path = Directory.GetFiles(_folder.Path, "*.log").Single();
        (_whole, _name, _ends) = (await File.ReadAllBytesAsync(path), Path.GetFileName(path), [.. ends]);
    }

    [OneTimeTearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Recover_CutAtEveryByte_DeliversExactlyTheWholeRecords()
    {
        for (var length = SegmentHeader.Bytes; length <= _whole.Length; length++)
        {
            var recovered = Recover(_whole.AsSpan(0, length));
            var complete = _ends.Count(end => end <= length);
            recovered.Ids.Should().Equal(Enumerable.Range(1, complete).Select(Some.Id), "cut at {0}", length);
            recovered.Result!.TornBytes.Should().Be(length - (complete == 0 ? SegmentHeader.Bytes : _ends[complete - 1]));
            recovered.LengthAfter.Should().Be(length - recovered.Result.TornBytes);
        }
    }

    [Test]
    public void Recover_CutInTheHeader_IsNoSegment()
    {
        for (var length = 0; length < SegmentHeader.Bytes; length++)
            Recover(_whole.AsSpan(0, length)).Result.Should().BeNull();
    }

    [Test]
    public void Recover_EveryByteFlipped_InventsNothingAndKeepsWhatIsBefore()
    {
        for (var at = 0; at < _whole.Length; at++)
        {
            var damaged = _whole.ToArray();
            damaged[at] ^= (byte)(1 << (at % 8));
            var recovered = Recover(damaged);
            if (at < SegmentHeader.Bytes)
            {
                recovered.Result.Should().BeNull("the header is damaged at {0}", at);
                continue;
            }

            var hit = _ends.Count(end => end <= at) + 1;
            // Only the record that was hit is missing: those before are there, and so are those behind.
            recovered.Ids.Should().Equal(Enumerable.Range(1, Events).Where(i => i != hit).Select(Some.Id), "byte {0} is flipped", at);
        }
    }

    [Test]
    public void Recover_RecordForgedInsideABody_IsNotTaken()
    {
        // A body that holds bytes of a real record of another log, behind a damaged length.
        var other = new Producer(Guid.NewGuid(), 1);
        var forged = new byte[LogRecord.HeaderBytes + 4];
        LogRecord.WriteHeader(forged, RecordFlags.None, 0, 1);
        LogRecord.Seal(forged, 99, other.Seed);
        var file = _whole.AsSpan(0, _ends[1]).ToArray().Concat(forged).Concat(_whole[_ends[1]..]).ToArray();

        Recover(file).Ids.Should().Equal(Enumerable.Range(1, Events).Select(Some.Id));
    }

    [Test]
    public async Task Open_AfterDamage_KeepsTheDamagedFileBeside()
    {
        using var folder = new TempFolder();
        var damaged = _whole.ToArray();
        damaged[_ends[1] + 40] ^= 1;
        await File.WriteAllBytesAsync(Path.Combine(folder.Path, _name), damaged);

        using var log = TestLog.Open(folder.Path);
        TestLog.Read(log.Folder).Should().HaveCount(Events - 1);
        (await File.ReadAllBytesAsync(Path.Combine(folder.Path, _name + ".damaged"))).Should().Equal(damaged);
    }

    private static (SegmentRecovery.Result? Result, List<string> Ids, long LengthAfter) Recover(ReadOnlySpan<byte> file)
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "000.log");
        File.WriteAllBytes(path, file.ToArray());
        var result = SegmentRecovery.Recover(path, (id, bornAt) => new(id, bornAt));
        if (result is null)
            return (null, [], 0);
        using var log = new SegmentFolder(folder.Path, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        return (result, [.. TestLog.Read(log).Select(e => e.EventId)], new FileInfo(path).Length);
    }
}
