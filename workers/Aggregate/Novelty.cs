using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Workers.Aggregate;

/// <summary>The novelty keys of one record: browser, release, page and stack, hashed. The stack is read once for all occurrences.</summary>
internal sealed class Novelty(NormalizedError error)
{
    private const int HashBytes = 8;

    /// <summary>Of the thread, since every event needs it.</summary>
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _text;

    private readonly string _shared = Describe(error);
    private (string? Browser, string? Page) _last;
    private string? _lastKey;

    public string KeyOf(NormalizedOccurrence occurrence)
    {
        var own = (occurrence.Browser, occurrence.Page);
        if (_lastKey is null || own != _last)
            (_last, _lastKey) = (own, Hash(Begin().Put(_shared).Put("\n").Put(own.Browser).Put("\n").Put(own.Page)));
        return _lastKey;
    }

    private static string Describe(NormalizedError error)
    {
        var text = Begin().Put(error.Context.Release);
        for (var level = error.Error; ;)
        {
            text.Put("\n").Put(level.Type);
            foreach (var frame in level.Frames)
                text.Put("\n").Put(frame.Function).Put("@").Put(frame.File).Put(":").Put(frame.Line).Put(":").Put(frame.Column);
            if (level.Causes.Count == 0)
                return Hash(text);
            level = level.Causes[0];
        }
    }

    private static ArrayBufferWriter<byte> Begin()
    {
        _text ??= new(4096);
        _text.ResetWrittenCount();
        return _text;
    }

    private static string Hash(ArrayBufferWriter<byte> text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text.WrittenSpan, hash);
        return Convert.ToHexStringLower(hash[..HashBytes]);
    }
}

file static class Text
{
    private const int MostDigits = 11;

    public static ArrayBufferWriter<byte> Put(this ArrayBufferWriter<byte> text, string? part)
    {
        if (part is not null)
            Encoding.UTF8.GetBytes(part, text);
        return text;
    }

    public static ArrayBufferWriter<byte> Put(this ArrayBufferWriter<byte> text, int? number)
    {
        if (number is { } value && value.TryFormat(text.GetSpan(MostDigits), out var written, provider: CultureInfo.InvariantCulture))
            text.Advance(written);
        return text;
    }
}
