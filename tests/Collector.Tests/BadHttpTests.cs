using System.Net;
using System.Net.Sockets;
using System.Text;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Collector.Tests;

/// <summary>Requests that no browser makes, byte by byte on the wire: refused with the right status, never a 500.</summary>
public sealed class BadHttpTests
{
    private RunningCollector _collector = null!;

    [OneTimeSetUp]
    public async Task Start() => _collector = await RunningCollector.StartAsync();

    [OneTimeTearDown]
    public async Task Stop() => await _collector.DisposeAsync();

    [TestCase("POST /api/unknown/events", 401)]
    [TestCase("POST /api/%2e%2e%2f%2e%2e%2fetc%2fpasswd/events", 401)]
    [TestCase("POST /api/../../etc/passwd/events", 404)]
    [TestCase("POST /api//events", 404)]
    [TestCase("POST /api/" + Some.Key, 404)]
    [TestCase("POST /api/" + Some.Key + "/events/x", 404)]
    [TestCase("POST /api/" + Some.Key + "%00/events", 400)]
    [TestCase("POST /", 404)]
    [TestCase("GET /favicon.ico", 404)]
    [TestCase("GET /api/" + Some.Key + "/events", 405)]
    [TestCase("DELETE /api/" + Some.Key + "/events", 405)]
    [TestCase("PUT /agent.js", 405)]
    [TestCase("TRACE /api/" + Some.Key + "/events", 405)]
    [TestCase("GET /agent.0000000000000000.js", 404)]
    [TestCase("GET /../../../etc/passwd", 404)]
    public async Task Request_Path(string line, int status)
    {
        var answer = await RawAsync($"{line} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}");
        answer.Should().StartWith($"HTTP/1.1 {status} ");
    }

    [TestCase("Content-Length: -1", "{}", 400, TestName = "Raw_ContentLengthNegative")]
    [TestCase("Content-Length: 99999999999999999999", "{}", 400, TestName = "Raw_ContentLengthHuge")]
    [TestCase("Content-Length: 2\r\nContent-Length: 3", "{}", 400, TestName = "Raw_TwoContentLengths")]
    [TestCase("Content-Length: 5000000", "{}", 413, TestName = "Raw_ContentLengthOverLimit")]
    [TestCase("Transfer-Encoding: chunked", "zz\r\n{}\r\n0\r\n\r\n", 400, TestName = "Raw_BadChunkSize")]
    [TestCase("Transfer-Encoding: chunked", "fffffffff\r\n{}\r\n0\r\n\r\n", 400, TestName = "Raw_ChunkSizeOverflows")]
    [TestCase("Transfer-Encoding: chunked", "2\r\n{}\r\n0\r\n\r\n", 202, TestName = "Raw_GoodChunks")]
    [TestCase("Transfer-Encoding: gzip, chunked, gzip", "2\r\n{}\r\n0\r\n\r\n", 400, TestName = "Raw_UnknownTransferEncoding")]
    [TestCase("Bad Header: x", "{}", 400, TestName = "Raw_BadHeaderName")]
    public async Task Raw_Body(string header, string body, int status)
    {
        var answer = await RawAsync($"POST /api/{Some.Key}/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{header}\r\n\r\n{body}");
        answer.Should().StartWith($"HTTP/1.1 {status} ");
    }

    [TestCase("Content-Length: 50", "{}")]
    [TestCase("Transfer-Encoding: chunked", "2\r\n{}\r\n")]
    [TestCase("Transfer-Encoding: chunked", "9\r\n{}")]
    public async Task Raw_BodyCutOff_IsNotTaken(string header, string body)
    {
        var before = _collector.Logged().Count;
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _collector.Url.Port);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes($"POST /api/{Some.Key}/events HTTP/1.1\r\nHost: x\r\n{header}\r\n\r\n{body}"));
        client.Client.Shutdown(SocketShutdown.Send);
        // The collector hangs up; how is of no interest to a client that did so first.
        await Deadline.Until(() => client.Client.Poll(0, SelectMode.SelectRead), TimeSpan.FromSeconds(10));
        _collector.Logged().Count.Should().Be(before);
    }

    [Test]
    public async Task Raw_GiantHeader_Is431() =>
        (await RawAsync($"POST /api/{Some.Key}/events HTTP/1.1\r\nHost: x\r\nX-Big: {new string('a', 40_000)}\r\n\r\n")).Should().StartWith("HTTP/1.1 431 ");

    [Test]
    public async Task Raw_ManyHeaders_Is431() => (await RawAsync(
        $"POST /api/{Some.Key}/events HTTP/1.1\r\nHost: x\r\n{string.Concat(Enumerable.Range(0, 200).Select(i => $"H{i}: x\r\n"))}\r\n")).Should().StartWith("HTTP/1.1 431 ");

    [Test]
    public async Task Raw_LongRequestLine_Is414() =>
        (await RawAsync($"POST /api/{new string('a', 9000)}/events HTTP/1.1\r\nHost: x\r\n\r\n")).Should().StartWith("HTTP/1.1 414 ");

    [Test]
    public async Task Raw_NotHttp_IsRefused() => (await RawAsync("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello\r\n\r\n")).Should().StartWith("HTTP/1.1 400 ");

    [Test]
    public async Task Raw_HeadersNeverEnd_IsCutOff()
    {
        await using var collector = await RunningCollector.StartAsync(settings: ["--Collector:HeaderTimeout", "00:00:01"]);
        (await RawAsync($"POST /api/{Some.Key}/events HTTP/1.1\r\nHost: x\r\nX-Slow: ", collector: collector)).Should().StartWith("HTTP/1.1 408 ");
    }

    [Test]
    public async Task Raw_BodyNeverComes_IsCutOff() => (await RawAsync(
        $"POST /api/{Some.Key}/events HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{{")).Should().StartWith("HTTP/1.1 408 ");

    /// <summary>All that the collector says to these bytes until it closes the connection.</summary>
    private async Task<string> RawAsync(string request, RunningCollector? collector = null)
    {
        var url = (collector ?? _collector).Url;
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, url.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        while (await stream.ReadAsync(buffer, patience.Token) is > 0 and var length)
        {
            answer.Append(Encoding.Latin1.GetString(buffer, 0, length));
            if (answer.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
                break;
        }

        return answer.ToString();
    }
}
