using System.Buffers;
using System.Text.Json;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Streams;
using ErrorPipeline.Workers.Write;

namespace ErrorPipeline.Workers.Pumping;

/// <summary>The forms of all messages between stages.</summary>
internal static class Forms
{
    /// <summary>An entry is closed when it has grown to this; the next stage's batches stay bounded that way.</summary>
    private const int EntryBytes = 1024 * 1024;

    /// <summary>As above, in issues: a delta's samples make it big.</summary>
    private const int IssuesPerEntry = 500;

    public static readonly MessageForm<RawError> Raw = new(
        RawError.CurrentVersion, MessageCodec.ReadRaw, _ => 1, m => (m.ProjectId, m.EventId), m => [EventIdentity.Of(m.ProjectId, m.EventId)]);

    public static readonly MessageForm<UniqueError> Unique = new(
        UniqueError.CurrentVersion, MessageCodec.ReadUnique, m => m.Count, m => (m.ProjectId, m.Occurrences[0].EventId),
        m => m.Occurrences.Select(o => EventIdentity.Of(m.ProjectId, o.EventId)));

    public static readonly MessageForm<NormalizedError> Normalized = new(
        NormalizedError.CurrentVersion, ReadNormalized, m => m.Count, m => (m.ProjectId, m.Occurrences[0].EventId),
        m => m.Occurrences.Select(o => EventIdentity.Of(m.ProjectId, o.EventId)));

    public static readonly OutputForm<UniqueError> ToUnique = new(
        m => m.Count, results => Framed(results, UniqueError.CurrentVersion, m => m.Count, MessageCodec.Write));

    public static readonly OutputForm<NormalizedError> ToNormalized = new(
        m => m.Count, results => Framed(results, NormalizedError.CurrentVersion, m => m.Count, (to, m) => CompactJson.Write(to, m, ContractsJson.Default.NormalizedError)));

    public static readonly OutputForm<IssueDelta> ToDeltas = new(d => d.Count, Deltas);

    private static NormalizedError ReadNormalized(ReadOnlyMemory<byte> bytes)
    {
        var message = JsonSerializer.Deserialize(bytes.Span, ContractsJson.Default.NormalizedError) ?? throw new FormatException("message is null");
        return message.V > NormalizedError.CurrentVersion ? throw new UnknownVersionException(message.V) : message;
    }

    private static List<StreamPayload> Framed<T>(IReadOnlyList<T> messages, int version, Func<T, long> count, Action<IBufferWriter<byte>, T> write)
    {
        var payloads = new List<StreamPayload>();
        var (entry, one, events) = (new ArrayBufferWriter<byte>(64 * 1024), new ArrayBufferWriter<byte>(16 * 1024), 0L);
        foreach (var message in messages)
        {
            one.ResetWrittenCount();
            write(one, message);
            if (events > 0 && entry.WrittenCount + one.WrittenCount > EntryBytes)
                Close();
            MessageFrames.Append(entry, one.WrittenSpan);
            events += count(message);
        }

        if (events > 0)
            Close();
        return payloads;

        void Close()
        {
            payloads.Add(new(version, events, entry.WrittenSpan.ToArray()));
            entry.ResetWrittenCount();
            events = 0;
        }
    }

    private static List<StreamPayload> Deltas(IReadOnlyList<IssueDelta> deltas)
    {
        var payloads = new List<StreamPayload>();
        foreach (var part in deltas.Chunk(IssuesPerEntry))
        {
            var batch = new DeltaBatch { Issues = Array.ConvertAll(part, RepeatedErrors.LeaveOut) };
            payloads.Add(new(DeltaBatch.CurrentVersion, part.Sum(d => d.Count), CompactJson.ToBytes(batch, ContractsJson.Default.DeltaBatch)));
        }

        return payloads;
    }
}
