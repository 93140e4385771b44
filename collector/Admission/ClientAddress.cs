using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace ErrorPipeline.Collector.Admission;

/// <summary>
/// Who sent a request. What proxies say is read from the last hop backwards and believed only as long as the hop that said it
/// is trusted; a client can write anything into its own part.
/// </summary>
internal sealed class ClientAddress(IOptions<AdmitOptions> options)
{
    private const int MostHops = 16;

    private readonly IPNetwork[] _trusted = [.. Networks.Split(options.Value.TrustedProxies)
        .Select(text => Networks.TryParse(text, out var network) ? network : default)];

    public IPAddress Of(HttpContext http)
    {
        var address = Unmapped(http.Connection.RemoteIpAddress ?? IPAddress.None);
        var headers = http.Request.Headers;
        if (!IsTrusted(address) || (headers["X-Forwarded-For"] is var list && list.Count == 0 && (list = headers["Forwarded"]).Count == 0))
            return address;
        return Walk(address, list);
    }

    /// <summary>Clients that share this share a rate: an IPv4 address, or the /64 that one IPv6 customer has.</summary>
    public static ulong RateKey(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return length == 4
            ? 0x0000_ffff_0000_0000UL | BinaryPrimitives.ReadUInt32BigEndian(bytes)
            : BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }

    private IPAddress Walk(IPAddress address, StringValues list)
    {
        var hops = string.Join(',', list.ToArray()).Split(',');
        for (var i = hops.Length - 1; i >= 0 && i >= hops.Length - MostHops && IsTrusted(address); i--)
        {
            if (!TryParseHop(hops[i], out var before))
                break;
            address = before;
        }

        return address;
    }

    private bool IsTrusted(IPAddress address)
    {
        foreach (var network in _trusted)
            if (network.Contains(address))
                return true;
        return false;
    }

    /// <summary>"1.2.3.4", "1.2.3.4:5678", "[2001:db8::1]:443", or a Forwarded element such as <c>for="[2001:db8::1]";proto=https</c>.</summary>
    private static bool TryParseHop(ReadOnlySpan<char> hop, out IPAddress address)
    {
        hop = hop.Trim();
        var at = hop.IndexOf("for=", StringComparison.OrdinalIgnoreCase);
        if (at >= 0)
        {
            hop = hop[(at + 4)..];
            if (hop.IndexOf(';') is >= 0 and var end)
                hop = hop[..end];
            hop = hop.Trim().Trim('"');
        }

        if (hop.StartsWith("[") && hop.IndexOf(']') is > 0 and var close)
            hop = hop[1..close];
        else if (hop.Count(':') == 1)
            hop = hop[..hop.IndexOf(':')];
        var known = IPAddress.TryParse(hop, out var parsed);
        address = known ? Unmapped(parsed!) : IPAddress.None;
        return known;
    }

    private static IPAddress Unmapped(IPAddress address) =>
        address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
}
