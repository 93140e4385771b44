using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;

namespace ErrorPipeline.Rigs;

/// <summary>WebDriver BiDi over a WebSocket: numbered commands and their answers; events are not asked for.</summary>
internal sealed class BiDiConnection : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _waiting = new();
    private readonly CancellationTokenSource _end = new();
    private Task _reading = Task.CompletedTask;
    private int _last;

    private BiDiConnection()
    {
    }

    public static async Task<BiDiConnection> OpenAsync(Uri address)
    {
        var made = new BiDiConnection();
        await made._socket.ConnectAsync(address, CancellationToken.None);
        made._reading = made.ReadAsync();
        return made;
    }

    /// <summary>"result" of the answer; throws what the browser says is wrong.</summary>
    public async Task<JsonElement> CallAsync(string method, object parameters)
    {
        var id = Interlocked.Increment(ref _last);
        var answer = _waiting[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(new { id, method, @params = parameters }), WebSocketMessageType.Text, true, _end.Token);
        }
        finally
        {
            _sending.Release();
        }

        return await answer.Task.WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _reading;
        _socket.Dispose();
        _sending.Dispose();
        _end.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[64 * 1024];
        using var message = new MemoryStream();
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(buffer, _end.Token);
                if (part.MessageType == WebSocketMessageType.Close)
                    break;
                message.Write(buffer, 0, part.Count);
                if (!part.EndOfMessage)
                    continue;
                Answer(JsonSerializer.Deserialize<JsonElement>(message.GetBuffer().AsSpan(0, (int)message.Length)));
                message.SetLength(0);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            // The browser is gone, or we leave.
        }

        foreach (var waiting in _waiting.Values)
            waiting.TrySetException(new IOException("the browser closed the connection"));
    }

    private void Answer(JsonElement message)
    {
        if (!message.TryGetProperty("id", out var id) || id.ValueKind != JsonValueKind.Number || !_waiting.TryRemove(id.GetInt32(), out var waiting))
            return;
        if (message.TryGetProperty("result", out var result))
            waiting.TrySetResult(result);
        else
            waiting.TrySetException(new InvalidOperationException($"{message.GetProperty("error")}: {message.GetProperty("message")}"));
    }
}
