using System.Text;

namespace ErrorPipeline.Shared.Protocols;

/// <summary>Puts an event together with what its request says once for all.</summary>
internal static class EventParts
{
    /// <summary>
    /// Shared parts are copied into every event, so a small request must not become a large one: what is longer than any
    /// client's is left out.
    /// </summary>
    private const int LongestShared = 32 << 10;

    public static byte[] Join(ReadOnlySpan<byte> request, EventSpan span)
    {
        var names = span.Parts!;
        var size = span.Length + 2;
        foreach (var name in names)
            size += name.Length + 4;
        var outer = Shared(request, span.Outer);
        var middle = names.Length == 3 ? Shared(request, span.Middle) : default;
        var body = new byte[size - 1 + outer.Length + middle.Length];
        var at = 0;
        Part(body, ref at, names[0], outer, '{');
        if (names.Length == 3)
            Part(body, ref at, names[1], middle, ',');
        Part(body, ref at, names[^1], request.Slice(span.Start, span.Length), ',');
        body[at] = (byte)'}';
        return body;
    }

    private static ReadOnlySpan<byte> Shared(ReadOnlySpan<byte> request, Place place) =>
        place.Length is 0 or > LongestShared ? "{}"u8 : request.Slice(place.Start, place.Length);

    private static void Part(Span<byte> to, ref int at, string name, ReadOnlySpan<byte> value, char before)
    {
        to[at++] = (byte)before;
        to[at++] = (byte)'"';
        at += Encoding.ASCII.GetBytes(name, to[at..]);
        to[at++] = (byte)'"';
        to[at++] = (byte)':';
        value.CopyTo(to[at..]);
        at += value.Length;
    }
}
