using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Workers.Dedupe;

/// <summary>
/// One pass over the top level of a native event without building objects: collects the light facts and hashes
/// all that must be equal for two events to fold. Anything odd (escaped or repeated keys, a light field of an unexpected
/// type, text that is not valid) makes it give up: such an event travels alone and normalize decides what it means.
/// </summary>
internal ref struct FoldSignature(ReadOnlySpan<byte> body, IncrementalHash hash)
{
    private readonly ReadOnlySpan<byte> _body = body;
    private Utf8JsonReader _reader = new(body, new JsonReaderOptions { MaxDepth = 64 });
    private Light _met;
    private long? _timestamp;
    private string? _url;
    private string? _session;
    private string? _userId;
    private string? _userEmail;
    private string? _agentHints;

    [Flags]
    private enum Light { None = 0, Id = 1, Timestamp = 2, User = 4, Session = 8, Url = 16, UserId = 32, UserEmail = 64, Agent = 128 }

    /// <summary>False where the event cannot fold; <paramref name="signature"/> is of everything but the light facts.</summary>
    public bool TryRead(out LightFacts facts, out UInt128 signature)
    {
        var read = false;
        try
        {
            read = ReadObject();
        }
        catch (JsonException)
        {
            // Not JSON after all: the collector only skims, so this can happen, and normalize will say what it is.
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        signature = BinaryPrimitives.ReadUInt128BigEndian(digest);
        facts = read ? new(_timestamp, _url, _userId ?? _userEmail ?? _session, _agentHints) : default;
        return read;
    }

    private bool ReadObject()
    {
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.StartObject)
            return false;
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            if (_reader.ValueIsEscaped)
                return false;
            var key = _reader.ValueSpan;
            var start = (int)_reader.TokenStartIndex;
            _reader.Read();
            if (!ReadField(key, start))
                return false;
        }

        return _reader.TokenType == JsonTokenType.EndObject && !_reader.Read();
    }

    private bool ReadField(ReadOnlySpan<byte> key, int start)
    {
        if (key.SequenceEqual("id"u8))
            return Once(Light.Id) && Pass();
        if (key.SequenceEqual("timestamp"u8))
            return Once(Light.Timestamp) && LightValue.TryTime(ref _reader, out _timestamp);
        if (key.SequenceEqual("url"u8))
            return Once(Light.Url) && LightValue.TryText(ref _reader, out _url);
        if (key.SequenceEqual("session"u8))
            return Once(Light.Session) && LightValue.TryText(ref _reader, out _session);
        if (key.SequenceEqual("user"u8))
            return Once(Light.User) && ReadUser();
        if (key.SequenceEqual("agent"u8))
            return Once(Light.Agent) && ReadAgent();
        return FeedsNothing(key) ? Pass() : HashFrom(start);
    }

    /// <summary>Fields that only the sample shows: they feed no dimension, filter, rule or fingerprint.</summary>
    private static bool FeedsNothing(ReadOnlySpan<byte> key) =>
        key.SequenceEqual("breadcrumbs"u8) || key.SequenceEqual("meta"u8) || key.SequenceEqual("referrer"u8);

    /// <summary>Visitors of one error differ in it, so it travels with each of them, as it stands in the body.</summary>
    private bool ReadAgent()
    {
        var start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        var json = _body[start..(int)_reader.BytesConsumed];
        if (json.Length > AgentHints.Longest || !Utf8.IsValid(json))
            return false;
        _agentHints = json.SequenceEqual("null"u8) ? null : Encoding.UTF8.GetString(json);
        return true;
    }

    private bool ReadUser()
    {
        if (_reader.TokenType != JsonTokenType.StartObject)
            return _reader.TokenType == JsonTokenType.Null;
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            if (_reader.ValueIsEscaped)
                return false;
            var key = _reader.ValueSpan;
            _reader.Read();
            var read = key.SequenceEqual("id"u8) ? Once(Light.UserId) && LightValue.TryText(ref _reader, out _userId)
                : key.SequenceEqual("email"u8) ? Once(Light.UserEmail) && LightValue.TryText(ref _reader, out _userEmail)
                : Pass();
            if (!read)
                return false;
        }

        return true;
    }

    /// <summary>A repeated field means one thing to one reader and another to the next.</summary>
    private bool Once(Light field)
    {
        var first = (_met & field) == Light.None;
        _met |= field;
        return first;
    }

    private bool Pass()
    {
        _reader.Skip();
        return true;
    }

    /// <summary>Key and value as they stand in the body: JSON says by itself where each ends, so no two rows of fields hash the same bytes.</summary>
    private bool HashFrom(int start)
    {
        _reader.Skip();
        hash.AppendData(_body[start..(int)_reader.BytesConsumed]);
        return true;
    }
}
