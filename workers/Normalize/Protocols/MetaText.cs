using System.Buffers;
using System.Text.Json;
using ErrorPipeline.Workers.Normalize.Reading;

namespace ErrorPipeline.Workers.Normalize.Protocols;

/// <summary>What a client tells beside the error, from several places of its event, as one JSON object.</summary>
internal sealed class MetaText
{
    private readonly ArrayBufferWriter<byte> _buffer = new(256);
    private readonly Utf8JsonWriter _writer;

    public MetaText()
    {
        _writer = new(_buffer, new() { SkipValidation = true });
        _writer.WriteStartObject();
    }

    public MetaText Add(string name, JsonValue value)
    {
        // A container without bytes is one that its text ended in.
        if (value.IsNothing || value.Raw.IsEmpty)
            return this;
        _writer.WritePropertyName(name);
        _writer.WriteRawValue(value.Raw.Span, skipInputValidation: true);
        return this;
    }

    public MetaText Add(string name, string? text)
    {
        if (text is not null)
            _writer.WriteString(name, text);
        return this;
    }

    /// <summary>The properties of an object, without those that are told elsewhere; or a value of another type under its name.</summary>
    public MetaText AddAll(string name, JsonValue values, params ReadOnlySpan<string> elsewhere)
    {
        if (!values.IsObject)
            return Add(name, values);
        foreach (var (key, value) in values.Properties)
        {
            if (!elsewhere.Contains(key))
                Add(key, value);
        }

        return this;
    }

    /// <summary>The same kept together under its name.</summary>
    public MetaText AddRest(string name, JsonValue values, params ReadOnlySpan<string> elsewhere)
    {
        foreach (var (key, value) in values.Properties)
        {
            if (elsewhere.Contains(key) || value.IsNothing || value.Raw.IsEmpty)
                continue;
            _writer.WriteStartObject(name);
            AddAll(name, values, elsewhere);
            _writer.WriteEndObject();
            break;
        }

        return this;
    }

    /// <summary>Not scrubbed and not bounded yet.</summary>
    public ReadOnlyMemory<byte> ToJson()
    {
        _writer.WriteEndObject();
        _writer.Flush();
        _writer.Dispose();
        return _buffer.WrittenMemory;
    }
}
