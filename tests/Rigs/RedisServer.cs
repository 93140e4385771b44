using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ErrorPipeline.Rigs;

/// <summary>A redis-server of its own on a free port. Kill, stop and start again keep its data and its port.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TempFolder _folder = new();
    private readonly RedisOptions _options;
    private ChildProcess? _process;

    private RedisServer(RedisOptions options) => _options = options;

    public int Port { get; private set; }

    /// <summary>"127.0.0.1:port".</summary>
    public string Endpoint => $"127.0.0.1:{Port}";

    public string DataFolder => _folder.Path;

    public int Pid => _process?.Pid ?? throw new InvalidOperationException("redis-server is stopped");

    public bool Running => _process is { Running: true };

    /// <summary>Started, and answering.</summary>
    public static async Task<RedisServer> StartAsync(RedisOptions? options = null)
    {
        var server = new RedisServer(options ?? new());
        for (var attempt = 1; ; attempt++)
        {
            server.Port = FreePort.Take();
            try
            {
                await server.StartAgainAsync();
                return server;
            }
            catch (InvalidOperationException e) when (attempt < 5 && e.Message.Contains("Address already in use", StringComparison.Ordinal))
            {
                await server.Kill9Async();
            }
        }
    }

    /// <summary>After <see cref="Kill9Async"/> or <see cref="StopAsync"/>: the same data on the same port.</summary>
    public async Task StartAgainAsync()
    {
        if (Running)
            return;
        _process = ChildProcess.Start("redis-server",
        [
            "--port", $"{Port}", "--bind", "127.0.0.1", "--dir", _folder.Path, "--daemonize", "no", "--save", "",
            "--appendonly", _options.AppendOnly ? "yes" : "no", "--appendfsync", _options.AppendFsync, "--auto-aof-rewrite-min-size", "256mb", "--hz", "2",
            "--maxmemory-policy", "noeviction",
            .. _options.MaxMemory is { } bytes ? new[] { "--maxmemory", bytes } : [],
            .. _options.More,
        ]);
        await Deadline.Until(AnswersAsync, Patience, () => _process.Output);
    }

    /// <summary>As a crash of the process: what was not written to the append-only file is lost.</summary>
    public async Task Kill9Async()
    {
        if (_process is null)
            return;
        await _process.DisposeAsync();
        _process = null;
    }

    /// <summary>An orderly stop.</summary>
    public async Task StopAsync()
    {
        if (_process is null)
            return;
        _process.Terminate();
        await _process.WaitExitAsync(Patience);
        await Kill9Async();
    }

    /// <summary>Connections stay open and nothing is answered.</summary>
    public void Pause() => _process?.Pause();

    public void Resume() => _process?.Resume();

    public async ValueTask DisposeAsync()
    {
        await Kill9Async();
        _folder.Dispose();
    }

    private async Task<bool> AnswersAsync()
    {
        if (!Running)
            throw new InvalidOperationException($"redis-server ended at once:\n{_process!.Output}");
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port);
            await client.GetStream().WriteAsync("PING\r\n"u8.ToArray());
            var answer = new byte[64];
            var length = await client.GetStream().ReadAsync(answer);
            return Encoding.ASCII.GetString(answer, 0, length).StartsWith("+PONG", StringComparison.Ordinal);
        }
        catch (SocketException)
        {
            return false;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
