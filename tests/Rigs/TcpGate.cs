using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ErrorPipeline.Rigs;

/// <summary>A port of its own that leads to a server's. It can break a connection at the first message that says a certain word, before the server has seen it.</summary>
public sealed class TcpGate : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly string _host;
    private readonly int _port;
    private readonly Task _accepting;
    private volatile byte[]? _cutAt;
    private volatile ConcurrentQueue<byte[]>? _messages;

    public TcpGate(string host, int port)
    {
        (_host, _port) = (host, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Until the returned value is disposed.</summary>
    public IDisposable CutAt(string word)
    {
        _cutAt = Encoding.UTF8.GetBytes(word);
        return new Opening(this);
    }

    /// <summary>From now on keeps what clients say on connections that they open from now on: messages that begin with their length in four bytes.</summary>
    public IReadOnlyCollection<byte[]> Record() => _messages ??= new();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                connections.RemoveAll(connection => connection.IsCompleted);
                connections.Add(LeadAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task LeadAsync(TcpClient client)
    {
        using var server = new TcpClient { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            try
            {
                await server.ConnectAsync(_host, _port, _stop.Token);
                var there = PumpAsync(client.GetStream(), server.GetStream(), guarded: true);
                var back = PumpAsync(server.GetStream(), client.GetStream(), guarded: false);
                await Task.WhenAny(there, back);
                client.Close();
                server.Close();
                await Task.WhenAll(there, back);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // One of the two is gone: so is the other.
            }
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, bool guarded)
    {
        var buffer = new byte[128 * 1024];
        var (messages, begun) = (guarded ? _messages : null, new List<byte>());
        try
        {
            while (await from.ReadAsync(buffer, _stop.Token) is > 0 and var length)
            {
                if (guarded && _cutAt is { } word && buffer.AsSpan(0, length).IndexOf(word) >= 0)
                    return;
                if (messages is not null)
                    Keep(messages, begun, buffer.AsSpan(0, length));
                await to.WriteAsync(buffer.AsMemory(0, length), _stop.Token);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // As above.
        }
    }

    private static void Keep(ConcurrentQueue<byte[]> messages, List<byte> begun, ReadOnlySpan<byte> bytes)
    {
        begun.AddRange(bytes);
        while (begun.Count >= 4 && BinaryPrimitives.ReadInt32LittleEndian(begun.GetRange(0, 4).ToArray()) is var length && begun.Count >= length)
        {
            messages.Enqueue([.. begun.GetRange(0, length)]);
            begun.RemoveRange(0, length);
        }
    }

    private sealed class Opening(TcpGate gate) : IDisposable
    {
        public void Dispose() => gate._cutAt = null;
    }
}
