using System.Globalization;
using System.Text;

namespace ErrorPipeline.Shared.SourceMaps;

/// <summary>Where the content of a JSON string lies in the map's bytes, still escaped.</summary>
internal readonly record struct JsonSlice(int Start, int Length, bool Escaped)
{
    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> bytes) => bytes.Slice(Start, Length);

    public string Text(ReadOnlySpan<byte> bytes) => Decode(In(bytes), Escaped);

    /// <summary>
    /// The text of a JSON string's content. Unlike the JSON reader's own it takes what JSON.parse takes: lone
    /// surrogates and broken UTF-8 become replacement characters, since sources are shown and not run.
    /// </summary>
    public static string Decode(ReadOnlySpan<byte> content, bool escaped)
    {
        if (!escaped)
            return Encoding.UTF8.GetString(content);
        var text = new StringBuilder(content.Length);
        while (!content.IsEmpty)
        {
            var plain = content.IndexOf((byte)'\\');
            if (plain < 0 || plain == content.Length - 1)
                return text.Append(Encoding.UTF8.GetString(content)).ToString();
            text.Append(Encoding.UTF8.GetString(content[..plain]));
            var escape = content[plain + 1];
            if (escape == (byte)'u' && content.Length >= plain + 6)
            {
                text.Append(Unit(content.Slice(plain + 2, 4)));
                content = content[(plain + 6)..];
            }
            else
            {
                text.Append(Plain(escape));
                content = content[(plain + 2)..];
            }
        }

        return text.ToString();
    }

    private static char Unit(ReadOnlySpan<byte> hex) =>
        ushort.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit) ? (char)unit : '\uFFFD';

    private static char Plain(byte escape) => escape switch
    {
        (byte)'n' => '\n',
        (byte)'r' => '\r',
        (byte)'t' => '\t',
        (byte)'b' => '\b',
        (byte)'f' => '\f',
        _ => (char)escape,
    };
}
