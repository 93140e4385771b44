using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ErrorPipeline.Shared.Contracts;

/// <summary>
/// JSON for our own processes alone: messages and what stores keep. Nothing is escaped that JSON itself does not want escaped, where the usual
/// writer makes six bytes of each quote, angle bracket and letter with an accent. Never for a page: there it would not be safe.
/// </summary>
public static class CompactJson
{
    private const int MostKept = 4 * 1024 * 1024;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    public static void Write<T>(IBufferWriter<byte> to, T value, JsonTypeInfo<T> type)
    {
        using var json = new Utf8JsonWriter(to, Plain);
        JsonSerializer.Serialize(json, value, type);
    }

    public static byte[] ToBytes<T>(T value, JsonTypeInfo<T> type)
    {
        var buffer = _buffer ??= new(64 * 1024);
        buffer.ResetWrittenCount();
        Write(buffer, value, type);
        if (buffer.Capacity > MostKept)
            _buffer = null;
        return buffer.WrittenSpan.ToArray();
    }
}
