using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ErrorPipeline.Shared.Protocols.Otlp;

/// <summary>OTLP's binary form, turned into its JSON form. Bounded in depth and in what it writes; never throws.</summary>
public static class OtlpProtobuf
{
    private const int MostDepth = 24;

    public static byte[]? LogsToJson(ReadOnlySpan<byte> body, SkimLimits limits, out SkimFailure? failure) => ToJson(body, WireMessage.LogsRequest, limits, out failure);

    public static byte[]? TracesToJson(ReadOnlySpan<byte> body, SkimLimits limits, out SkimFailure? failure) => ToJson(body, WireMessage.TracesRequest, limits, out failure);

    private static byte[]? ToJson(ReadOnlySpan<byte> body, WireField[] message, SkimLimits limits, out SkimFailure? failure)
    {
        ArgumentNullException.ThrowIfNull(limits);
        var buffer = new ArrayBufferWriter<byte>(Math.Max(1024, body.Length * 2));
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        try
        {
            new Pass(json, 2L * limits.EventBytes + 4L * body.Length).Message(body, message, 0);
            json.Flush();
            failure = null;
            return buffer.WrittenSpan.ToArray();
        }
        catch (InvalidDataException e)
        {
            failure = JsonPass.Malformed(e.Message);
            return null;
        }
    }

    private readonly struct Pass(Utf8JsonWriter json, long most)
    {
        /// <summary>Goes over the message once for each field that is known, so that repeated ones come together.</summary>
        public void Message(ReadOnlySpan<byte> message, WireField[] fields, int depth)
        {
            if (depth > MostDepth)
                throw new InvalidDataException("the message is nested too deep");
            json.WriteStartObject();
            foreach (var field in fields)
                Field(message, field, depth);
            json.WriteEndObject();
            if (json.BytesCommitted + json.BytesPending > most)
                throw new InvalidDataException("the message holds more parts than its size allows");
        }

        private void Field(ReadOnlySpan<byte> message, WireField field, int depth)
        {
            var isOpen = false;
            while (!message.IsEmpty)
            {
                var next = Next(ref message, field);
                if (next.Number != field.Number || (isOpen && !field.Repeated))
                    continue;
                if (!isOpen)
                    json.WritePropertyName(field.Name);
                if (!isOpen && field.Repeated)
                    json.WriteStartArray();
                isOpen = true;
                Value(field, next.Bytes, next.Bits, depth);
            }

            if (isOpen && field.Repeated)
                json.WriteEndArray();
        }

        private void Value(WireField field, ReadOnlySpan<byte> bytes, ulong bits, int depth)
        {
            switch (field.Kind)
            {
                case WireKind.Message:
                    Message(bytes, field.Fields!(), depth + 1);
                    break;
                case WireKind.Text:
                    // Bytes that are no text become the replacement character.
                    json.WriteStringValue(Encoding.UTF8.GetString(bytes));
                    break;
                case WireKind.Bytes:
                    json.WriteBase64StringValue(bytes);
                    break;
                case WireKind.Hex:
                    json.WriteStringValue(Convert.ToHexStringLower(bytes));
                    break;
                case WireKind.Bool:
                    json.WriteBooleanValue(bits != 0);
                    break;
                case WireKind.Int:
                    json.WriteNumberValue((int)bits);
                    break;
                case WireKind.Long:
                    json.WriteStringValue(((long)bits).ToString(CultureInfo.InvariantCulture));
                    break;
                case WireKind.Fixed64:
                    json.WriteStringValue(bits.ToString(CultureInfo.InvariantCulture));
                    break;
                case WireKind.Double when BitConverter.UInt64BitsToDouble(bits) is var number && double.IsFinite(number):
                    json.WriteNumberValue(number);
                    break;
                default:
                    json.WriteNullValue();
                    break;
            }
        }

        /// <summary>A field of another kind than the one wanted has the number 0.</summary>
        private static FieldValue Next(ref ReadOnlySpan<byte> rest, WireField wanted)
        {
            var tag = Varint(ref rest);
            var number = (int)Math.Min(tag >> 3, int.MaxValue);
            switch (tag & 7)
            {
                case 0:
                    var value = Varint(ref rest);
                    return new(wanted.Kind is WireKind.Bool or WireKind.Int or WireKind.Long ? number : 0, default, value);
                case 1:
                    var bits = BinaryPrimitives.ReadUInt64LittleEndian(Take(ref rest, 8));
                    return new(wanted.Kind is WireKind.Fixed64 or WireKind.Double ? number : 0, default, bits);
                case 2:
                    var length = Varint(ref rest);
                    var bytes = Take(ref rest, length > int.MaxValue ? -1 : (int)length);
                    return new(wanted.Kind is WireKind.Text or WireKind.Bytes or WireKind.Hex or WireKind.Message ? number : 0, bytes, 0);
                case 5:
                    Take(ref rest, 4);
                    return default;
                default:
                    throw new InvalidDataException("the body is not protobuf of this request");
            }
        }

        private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, int length)
        {
            if (length < 0 || length > rest.Length)
                throw new InvalidDataException("the body is cut off: a field is longer than what is left");
            var taken = rest[..length];
            rest = rest[length..];
            return taken;
        }

        private static ulong Varint(ref ReadOnlySpan<byte> rest)
        {
            var value = 0UL;
            for (var i = 0; i < 10 && i < rest.Length; i++)
            {
                value |= (ulong)(rest[i] & 0x7f) << (7 * i);
                if (rest[i] >= 0x80)
                    continue;
                rest = rest[(i + 1)..];
                return value;
            }

            throw new InvalidDataException("the body is not protobuf of this request, or is cut off");
        }
    }

    private readonly ref struct FieldValue(int number, ReadOnlySpan<byte> bytes, ulong bits)
    {
        public readonly int Number = number;
        public readonly ReadOnlySpan<byte> Bytes = bytes;
        public readonly ulong Bits = bits;
    }
}
