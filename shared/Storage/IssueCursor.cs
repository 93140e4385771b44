using System.Buffers.Binary;
using System.Buffers.Text;

namespace ErrorPipeline.Shared.Storage;

/// <summary>
/// Where a page of issues ended: the sort, and that row's value and id. Travels through people's hands, so whatever is not
/// exactly what <see cref="Write"/> gave is refused; a forged one could only start the list elsewhere.
/// </summary>
internal readonly record struct IssueCursor(IssueSort Sort, long Value, long Id)
{
    private const byte Version = 1 << 4;
    private const int Size = 21; // a multiple of three: every character of the text counts

    /// <summary>Where a list that is sorted so ended with this row.</summary>
    public static IssueCursor After(IssueRow row, IssueSort sort) => new(sort, sort switch
    {
        IssueSort.LastSeen => row.LastSeen,
        IssueSort.FirstSeen => row.FirstSeen,
        IssueSort.Count => row.Count,
        _ => row.Users,
    }, row.Id);

    /// <summary>Where the page begins that a query asks for: at an end of the list where it names no place.</summary>
    public static IssueCursor Of(IssueQuery query) => (query.After ?? query.Before) is { } place ? Read(place, query.Sort) : new(query.Sort, long.MaxValue, long.MaxValue);

    /// <summary>A page of the rows that were found: one more than it holds where there are more, and upwards where it was asked for backwards.</summary>
    public static IssuePage Page(IssueQuery query, List<IssueRow> found, Func<IssueRow, IssueRow> whole)
    {
        var more = found.Count > query.Limit;
        var rows = found.Take(query.Limit).Select(whole).ToList();
        if (query.Before is not null)
            rows.Reverse();
        var (before, after) = query.Before is not null ? (more, true) : (query.After is not null, more);
        return rows.Count == 0 ? new([], null) : new(rows, after ? After(rows[^1], query.Sort).Write() : null)
        {
            Previous = before ? After(rows[0], query.Sort).Write() : null,
        };
    }

    public string Write()
    {
        Span<byte> bytes = stackalloc byte[Size];
        bytes[0] = (byte)(Version | (byte)Sort);
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], Value);
        BinaryPrimitives.WriteInt64BigEndian(bytes[9..], Id);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[17..], Check(bytes[..17]));
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Throws <see cref="ArgumentException"/> with a text for people.</summary>
    public static IssueCursor Read(string text, IssueSort sort)
    {
        Span<byte> bytes = stackalloc byte[Size];
        if (text.Length != Base64Url.GetEncodedLength(Size) || !Base64Url.IsValid(text, out var length) || length != Size
            || !Base64Url.TryDecodeFromChars(text, bytes, out _)
            || BinaryPrimitives.ReadUInt32BigEndian(bytes[17..]) != Check(bytes[..17]) || (bytes[0] & 0xF0) != Version)
            throw new ArgumentException("This page of the list cannot be found: start again from its first page.", nameof(text));
        if ((bytes[0] & 0x0F) != (byte)sort)
            throw new ArgumentException("This page belongs to a list that is sorted otherwise: start again from its first page.", nameof(text));
        return new(sort, BinaryPrimitives.ReadInt64BigEndian(bytes[1..]), BinaryPrimitives.ReadInt64BigEndian(bytes[9..]));
    }

    /// <summary>FNV-1a, 32 bit: notices typing and cutting, is no secret.</summary>
    private static uint Check(ReadOnlySpan<byte> bytes)
    {
        var hash = 2166136261u;
        foreach (var b in bytes)
            hash = (hash ^ b) * 16777619u;
        return hash;
    }
}
