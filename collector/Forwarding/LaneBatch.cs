using System.Buffers;
using System.Buffers.Binary;
using ErrorPipeline.Collector.Admission;
using ErrorPipeline.Collector.Spool;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Collector.Forwarding;

/// <summary>Consecutive records of one producer for one lane, on their way. Reusable.</summary>
internal sealed class LaneBatch(int mostEvents, int mostBytes)
{
    /// <summary>A raw message begins with its version and its project (see MessageCodec).</summary>
    private const int ProjectAt = 1;

    private readonly ArrayBufferWriter<byte> _raw = new();
    private readonly ArrayBufferWriter<byte> _bulk = new();
    private readonly Dictionary<(int Project, long Minute, string Outcome), long> _outcomes = [];
    private int _rawEvents;
    private int _bulkEvents;

    public Producer? Producer { get; private set; }
    public long Last { get; private set; }

    /// <summary>Received-at of the first record, ms since 1970.</summary>
    public long OldestAt { get; private set; }

    public int Events => _rawEvents + _bulkEvents;

    public void Clear()
    {
        _raw.ResetWrittenCount();
        _bulk.ResetWrittenCount();
        _outcomes.Clear();
        (_rawEvents, _bulkEvents, Producer, Last, OldestAt) = (0, 0, null, 0, 0);
    }

    /// <summary>False where the batch is full. One record always fits.</summary>
    public bool TryAdd(Producer producer, LogRecord record)
    {
        if (Producer is not null && (Events >= mostEvents || _raw.WrittenCount + _bulk.WrittenCount + record.Length > mostBytes))
            return false;
        if (Producer is null)
            (Producer, OldestAt) = (producer, record.ReceivedAt);
        Last = record.Sequence;
        if (record.Flags.HasFlag(RecordFlags.Outcomes))
        {
            foreach (var c in EdgeCounts.Read(record.Body))
                Count(c.ProjectId, c.Minute, c.Outcome, c.Count);
            return true;
        }

        var bulk = record.Flags.HasFlag(RecordFlags.Bulk);
        MessageFrames.Append(bulk ? _bulk : _raw, record.Body);
        _rawEvents += bulk ? 0 : 1;
        _bulkEvents += bulk ? 1 : 0;
        Count(BinaryPrimitives.ReadInt32LittleEndian(record.Body[ProjectAt..]), record.ReceivedAt / 60_000, Outcome.Accepted, 1);
        return true;
    }

    public ForwardBatch ToMessage(long previous, bool adopt) => new()
    {
        Producer = Producer!.Name,
        Previous = previous,
        Last = Last,
        Adopt = adopt,
        RawEvents = _rawEvents,
        Raw = _raw.WrittenSpan.ToArray(),
        BulkEvents = _bulkEvents,
        Bulk = _bulk.WrittenSpan.ToArray(),
        Outcomes = [.. _outcomes.Select(o => new OutcomeCount(o.Key.Project, o.Key.Minute, o.Key.Outcome, o.Value))],
    };

    private void Count(int project, long minute, string outcome, long count) =>
        _outcomes[(project, minute, outcome)] = _outcomes.GetValueOrDefault((project, minute, outcome)) + count;
}
