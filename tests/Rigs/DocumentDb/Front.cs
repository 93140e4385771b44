using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace ErrorPipeline.DocumentDb;

/// <summary>Takes connections of MongoDB clients on one loopback port.</summary>
internal sealed class Front(NpgsqlDataSource source, int port)
{
    public async Task RunAsync(CancellationToken cancel)
    {
        var cursors = new Cursors();
        var commands = new Commands(source, cursors);
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        Console.WriteLine($"listening on 127.0.0.1:{port}");
        var number = 0;
        List<Task> connections = [];
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(cancel);
                client.NoDelay = true;
                connections.RemoveAll(c => c.IsCompleted);
                connections.Add(ServeAsync(client, ++number, commands, cancel));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
            await cursors.DisposeAsync();
        }
    }

    private static async Task ServeAsync(TcpClient client, int number, Commands commands, CancellationToken cancel)
    {
        await Task.Yield();
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                while (await WireMessage.ReadAsync(stream, cancel) is { } message)
                {
                    var reply = await commands.AnswerAsync(message, number, cancel);
                    if (!message.WantsNoReply)
                        await stream.WriteAsync(message.Reply(reply), cancel);
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
            {
                // The client is gone, or all is over.
            }
            catch (Exception e)
            {
                await Console.Error.WriteLineAsync($"connection {number}: {e}");
            }
        }
    }
}
