using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ErrorPipeline.Collector.Tests.Clients;

internal sealed record RawAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public string? this[string header] => Headers.GetValueOrDefault(header);
}

/// <summary>Sends requests as they are, so that no HTTP library tidies them.</summary>
internal static class RawHttp
{
    public static async Task<RawAnswer> SendAsync(
        Uri url, string method, string path, IEnumerable<KeyValuePair<string, string>> headers, ReadOnlyMemory<byte> body)
    {
        var head = new StringBuilder($"{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        var hasHost = false;
        foreach (var (name, value) in headers)
        {
            if (name.Equals("Connection", StringComparison.OrdinalIgnoreCase) || name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
                continue;
            hasHost |= name.Equals("Host", StringComparison.OrdinalIgnoreCase);
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        if (!hasHost)
            head.Append("Host: x\r\n");
        if (method is "POST" || body.Length > 0)
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
        head.Append("\r\n");

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, url.Port, patience.Token);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(head.ToString()), patience.Token);
        await stream.WriteAsync(body, patience.Token);
        var answer = new MemoryStream();
        await stream.CopyToAsync(answer, patience.Token);
        return Parse(answer.ToArray());
    }

    private static RawAnswer Parse(byte[] bytes)
    {
        var end = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        var lines = Encoding.ASCII.GetString(bytes, 0, end).Split("\r\n");
        var headers = lines.Skip(1).Select(l => l.Split(": ", 2)).ToDictionary(p => p[0], p => p[1], StringComparer.OrdinalIgnoreCase);
        return new(int.Parse(lines[0].AsSpan(9, 3), CultureInfo.InvariantCulture), headers, bytes[(end + 4)..]);
    }
}
