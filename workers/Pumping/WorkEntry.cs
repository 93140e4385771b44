using System.Buffers;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Workers.Pumping;

/// <summary>One message and its bytes, which go to the dead letters unchanged.</summary>
internal sealed record WorkItem<T>(T Message, ReadOnlyMemory<byte> Bytes, int Version, long Count, int ProjectId, string EventId)
{
    /// <summary>As an entry of its own.</summary>
    public StreamPayload ToPayload()
    {
        var framed = new ArrayBufferWriter<byte>(Bytes.Length + 4);
        MessageFrames.Append(framed, Bytes.Span);
        return new(Version, Count, framed.WrittenSpan.ToArray());
    }
}

/// <summary>One entry, decoded; or the reason why it cannot be.</summary>
internal sealed record WorkEntry<T>(StreamEntry Entry, IReadOnlyList<WorkItem<T>> Items, string? Torn)
{
    /// <summary>Throws <see cref="UnknownVersionException"/> only.</summary>
    public static WorkEntry<T> Decode(StreamEntry entry, MessageForm<T> form)
    {
        if (entry.Version > form.Version)
            throw new UnknownVersionException(entry.Version);
        try
        {
            var items = MessageFrames.Split(entry.Data).ConvertAll(bytes => Read(bytes, entry.Version, form));
            var events = items.Sum(i => i.Count);
            return events == entry.Events ? new(entry, items, null) : new(entry, [], $"entry says {entry.Events} events and holds {events}");
        }
        catch (Exception e) when (e is not UnknownVersionException)
        {
            return new(entry, [], $"{e.GetType().Name}: {e.Message}");
        }
    }

    private static WorkItem<T> Read(ReadOnlyMemory<byte> bytes, int version, MessageForm<T> form)
    {
        var message = form.Read(bytes);
        var (project, id) = form.Identify(message);
        return new(message, bytes, version, form.Count(message), project, id);
    }
}
