using System.Buffers;
using System.Buffers.Binary;

namespace ErrorPipeline.Shared.Contracts;

/// <summary>The payload of one stream entry: messages one after the other, each as (int32 length, bytes).</summary>
public static class MessageFrames
{
    public static void Append(IBufferWriter<byte> to, ReadOnlySpan<byte> message)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to.GetSpan(4), message.Length);
        to.Advance(4);
        to.Write(message);
    }

    /// <summary>Slices of <paramref name="payload"/>, no copies. Throws <see cref="FormatException"/> on torn data.</summary>
    public static List<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> payload)
    {
        var messages = new List<ReadOnlyMemory<byte>>();
        while (!payload.IsEmpty)
        {
            var length = payload.Length < 4 ? -1 : BinaryPrimitives.ReadInt32LittleEndian(payload.Span);
            if (length < 0 || length > payload.Length - 4)
                throw new FormatException("stream entry is torn");
            messages.Add(payload.Slice(4, length));
            payload = payload[(4 + length)..];
        }

        return messages;
    }
}
