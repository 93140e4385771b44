using System.Text.Encodings.Web;
using System.Text.Json;

namespace ErrorPipeline.Shared.SourceMaps;

/// <summary>
/// The texts of a map's sources, as the JSON had them: escaped UTF-8 in one block. That halves their memory, and lines
/// are found without unescaping the rest.
/// </summary>
internal sealed class SourceContents
{
    private readonly byte[] _bytes;
    private readonly (int Start, int Length, bool Escaped)[] _texts;

    private SourceContents(byte[] bytes, (int, int, bool)[] texts)
    {
        _bytes = bytes;
        _texts = texts;
    }

    public int Bytes => _bytes.Length + _texts.Length * 12;

    /// <param name="slices">By source; null where a source has no text.</param>
    public static SourceContents Copy(ReadOnlySpan<byte> json, IReadOnlyList<JsonSlice?> slices)
    {
        var total = slices.Sum(slice => (long)(slice?.Length ?? 0));
        var bytes = GC.AllocateUninitializedArray<byte>((int)total);
        var texts = new (int, int, bool)[slices.Count];
        var at = 0;
        for (var i = 0; i < texts.Length; i++)
        {
            if (slices[i] is not { } slice)
            {
                texts[i] = (-1, 0, false);
                continue;
            }

            slice.In(json).CopyTo(bytes.AsSpan(at));
            texts[i] = (at, slice.Length, slice.Escaped);
            at += slice.Length;
        }

        return new SourceContents(bytes, texts);
    }

    /// <summary>These, and the texts of sources that have none here.</summary>
    /// <param name="texts">By source.</param>
    public SourceContents With(IReadOnlyDictionary<int, string> texts)
    {
        using var bytes = new MemoryStream();
        bytes.Write(_bytes);
        var all = _texts.ToArray();
        foreach (var (source, text) in texts)
        {
            var escaped = JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes;
            all[source] = ((int)bytes.Length, escaped.Length, true);
            bytes.Write(escaped);
        }

        return new SourceContents(bytes.ToArray(), all);
    }

    public bool Has(int source) => _texts[source].Start >= 0;

    public string? Text(int source) => Has(source) ? JsonSlice.Decode(Raw(source), _texts[source].Escaped) : null;

    /// <summary>Lines [from, to) of a source, as far as it has them. Breaks are those of ECMAScript's line counting: LF, CRLF, CR.</summary>
    public List<string> Lines(int source, int from, int to)
    {
        var lines = new List<string>();
        var rest = Raw(source);
        for (var line = 0; line < to; line++)
        {
            var end = Break(rest, out var next);
            if (line >= from)
                lines.Add(JsonSlice.Decode(rest[..end], _texts[source].Escaped));
            if (next < 0)
                break;
            rest = rest[next..];
        }

        return lines;
    }

    private ReadOnlySpan<byte> Raw(int source) => _bytes.AsSpan(_texts[source].Start, _texts[source].Length);

    /// <summary>Where the first line ends and the next one begins, -1 where there is none.</summary>
    private static int Break(ReadOnlySpan<byte> text, out int next)
    {
        for (var at = 0; at < text.Length - 1;)
        {
            var escape = text[at..].IndexOf((byte)'\\');
            if (escape < 0 || at + escape + 1 >= text.Length)
                break;
            at += escape;
            var size = Escaped(text[at..]);
            if (size == 0)
            {
                at += 2;
                continue;
            }

            var after = text[(at + size)..];
            var isReturn = text[at + 1] == (byte)'r' || (text[at + 1] == (byte)'u' && (text[at + 5] | 0x20) == (byte)'d');
            var feed = isReturn && !after.IsEmpty && after[0] == (byte)'\\' ? LineFeed(after) : 0;
            next = at + size + feed;
            return at;
        }

        next = -1;
        return text.Length;
    }

    /// <summary>Length of the escape that breaks a line here, 0 where it is another one.</summary>
    private static int Escaped(ReadOnlySpan<byte> text) =>
        text.StartsWith("\\r"u8) ? 2 : text.StartsWith("\\u000d"u8) || text.StartsWith("\\u000D"u8) ? 6 : LineFeed(text);

    private static int LineFeed(ReadOnlySpan<byte> text) =>
        text.StartsWith("\\n"u8) ? 2 : text.StartsWith("\\u000a"u8) || text.StartsWith("\\u000A"u8) ? 6 : 0;
}
