using System.Globalization;

namespace ErrorPipeline.Shared.Streams;

/// <summary>A Redis stream id: compared as two integers, never as text.</summary>
public readonly record struct StreamId(ulong Ms, ulong Seq) : IComparable<StreamId>
{
    public static readonly StreamId Zero = new(0, 0);

    /// <summary>Parses "ms-seq". Throws <see cref="FormatException"/> on anything else.</summary>
    public static StreamId Parse(ReadOnlySpan<char> text)
    {
        var dash = text.IndexOf('-');
        if (dash < 0)
            throw new FormatException($"'{text}' is not a stream id");
        return new(
            ulong.Parse(text[..dash], NumberStyles.None, CultureInfo.InvariantCulture),
            ulong.Parse(text[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture));
    }

    /// <summary>Two fixed-width hex numbers, so that ordinal text order is id order: for stores that compare text.</summary>
    public string ToSortable() => string.Create(CultureInfo.InvariantCulture, $"{Ms:x16}-{Seq:x16}");

    /// <summary>The inverse of <see cref="ToSortable"/>.</summary>
    public static StreamId FromSortable(ReadOnlySpan<char> text) => new(
        ulong.Parse(text[..16], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
        ulong.Parse(text[17..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));

    public int CompareTo(StreamId other) => Ms != other.Ms ? Ms.CompareTo(other.Ms) : Seq.CompareTo(other.Seq);

    public static bool operator <(StreamId a, StreamId b) => a.CompareTo(b) < 0;
    public static bool operator >(StreamId a, StreamId b) => a.CompareTo(b) > 0;
    public static bool operator <=(StreamId a, StreamId b) => a.CompareTo(b) <= 0;
    public static bool operator >=(StreamId a, StreamId b) => a.CompareTo(b) >= 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Ms}-{Seq}");
}
