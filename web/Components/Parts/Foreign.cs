using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace ErrorPipeline.Web.Components.Parts;

/// <summary>
/// Text that a stranger's browser sent. Encoding it is Razor's work; this also isolates its writing direction and makes characters
/// visible that would reorder, hide or forge the text around them.
/// </summary>
public sealed class Foreign : ComponentBase
{
    [Parameter, EditorRequired]
    public string? Text { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.OpenElement(0, "bdi");
        var rest = (Text ?? "").AsSpan();
        while (!rest.IsEmpty)
        {
            var at = Tricky.IndexIn(rest);
            if (at != 0)
                builder.AddContent(1, rest[..(at < 0 ? rest.Length : at)].ToString());
            if (at < 0)
                break;
            builder.OpenElement(2, "span");
            builder.AddAttribute(3, "class", "tricky");
            builder.AddContent(4, Tricky.NameOf(rest[at]));
            builder.CloseElement();
            rest = rest[(at + 1)..];
        }

        builder.CloseElement();
    }

    /// <summary>The same for attributes, where no markup can be.</summary>
    public static string Plain(string? text)
    {
        if (Tricky.IndexIn(text) < 0)
            return text ?? "";
        var plain = new StringBuilder();
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var at = Tricky.IndexIn(rest);
            plain.Append(at < 0 ? rest : rest[..at]);
            if (at < 0)
                break;
            plain.Append('[').Append(Tricky.NameOf(rest[at])).Append(']');
            rest = rest[(at + 1)..];
        }

        return plain.ToString();
    }

    private static class Tricky
    {
        /// <summary>Direction marks, overrides and isolates; zero-width and line separators; byte order mark.</summary>
        private static readonly SearchValues<char> Marks = SearchValues.Create(
            "\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u00ad");

        public static int IndexIn(ReadOnlySpan<char> text)
        {
            for (var i = 0; i < text.Length; i++)
            {
                var c = text[i];
                if (c is >= ' ' and < '\u007f' or '\n' or '\t')
                    continue;
                if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                    i++;
                else if (char.IsControl(c) || char.IsSurrogate(c) || Marks.Contains(c))
                    return i;
            }

            return -1;
        }

        public static string NameOf(char c) => string.Create(CultureInfo.InvariantCulture, $"U+{(int)c:X4}");
    }
}
