using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Faults.Rigs;

/// <summary>Stands between the apps and a server (Redis, MongoDB) and can be a bad network: slow, cut off, or losing answers that the server gave.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly int _target;
    private readonly CancellationTokenSource _over = new();
    private readonly Random _random;
    private readonly Lock _gate = new();
    private readonly HashSet<Socket> _open = [];
    private readonly Task _accepting;
    private volatile TaskCompletionSource _passing = Opened();
    private long _latency;

    private TcpProxy(int target, int seed)
    {
        (_target, _random) = (target, new Random(seed));
        Port = FreePort.Take();
        _listener = new(IPAddress.Loopback, Port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    public string Endpoint => $"127.0.0.1:{Port}";

    /// <summary>By which every answer of the server is late.</summary>
    public TimeSpan Latency { get => TimeSpan.FromTicks(Volatile.Read(ref _latency)); set => Volatile.Write(ref _latency, value.Ticks); }

    /// <summary>Share of the server's answers after which, instead of passing them on, the connection is reset: the script ran and nobody knows.</summary>
    public double LostAnswers { get; set; }

    public int Lost { get; private set; }

    public static TcpProxy Start(int target, int seed) => new(target, seed);

    /// <summary>Connections stay open, nothing passes in either direction.</summary>
    public void CutOff() => _passing = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Restore() => _passing.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _listener.Stop();
        Restore();
        lock (_gate)
        {
            foreach (var socket in _open)
                socket.Dispose();
        }

        await _accepting;
        _over.Dispose();
    }

    private static TaskCompletionSource Opened()
    {
        var opened = new TaskCompletionSource();
        opened.SetResult();
        return opened;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptSocketAsync(_over.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Over.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        lock (_gate)
            _open.UnionWith([client, server]);
        try
        {
            client.NoDelay = server.NoDelay = true;
            await server.ConnectAsync(IPAddress.Loopback, _target, _over.Token);
            await Task.WhenAny(PassAsync(client, server, isAnswer: false), PassAsync(server, client, isAnswer: true));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The server is down: the client learns it by the reset.
        }

        Reset(client);
        Reset(server);
        lock (_gate)
            _open.ExceptWith([client, server]);
    }

    /// <summary>Until one side is gone. What is read is passed on in order, each piece when its time has come.</summary>
    private async Task PassAsync(Socket from, Socket to, bool isAnswer)
    {
        var pieces = Channel.CreateUnbounded<(byte[] Bytes, long Due)>();
        var sending = SendAsync(pieces.Reader, to);
        try
        {
            var buffer = new byte[64 * 1024];
            while (await from.ReceiveAsync(buffer, _over.Token) is > 0 and var length)
            {
                await _passing.Task.WaitAsync(_over.Token);
                if (isAnswer && LosesThis())
                    return;
                var late = isAnswer ? (long)(Latency.TotalSeconds * Stopwatch.Frequency) : 0;
                pieces.Writer.TryWrite((buffer[..length], Stopwatch.GetTimestamp() + late));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Gone.
        }
        finally
        {
            pieces.Writer.TryComplete();
        }

        await sending;
    }

    private async Task SendAsync(ChannelReader<(byte[] Bytes, long Due)> pieces, Socket to)
    {
        try
        {
            await foreach (var (bytes, due) in pieces.ReadAllAsync(_over.Token))
            {
                var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
                if (wait > TimeSpan.Zero)
                    await Task.Delay(wait, _over.Token);
                for (var sent = 0; sent < bytes.Length;)
                    sent += await to.SendAsync(bytes.AsMemory(sent), _over.Token);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Gone.
        }
    }

    private bool LosesThis()
    {
        lock (_gate)
        {
            if (LostAnswers <= 0 || _random.NextDouble() >= LostAnswers)
                return false;
            Lost++;
            return true;
        }
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new(enable: true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Closed already.
        }

        socket.Dispose();
    }
}
