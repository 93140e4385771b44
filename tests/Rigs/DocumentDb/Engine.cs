using System.Diagnostics;
using Npgsql;

namespace ErrorPipeline.DocumentDb;

/// <summary>The database server behind the front.</summary>
internal sealed class Engine : IAsyncDisposable
{
    private readonly Process _process;

    private Engine(Process process, NpgsqlDataSource source) => (_process, Source) = (process, source);

    public NpgsqlDataSource Source { get; }

    /// <summary>Started, and answering.</summary>
    public static async Task<Engine> StartAsync(string chroot, string data, int port, bool keep, CancellationToken cancel)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "postgres.sh");
        var process = Process.Start(new ProcessStartInfo("bash", [script, chroot, data, $"{port}", keep ? "keep" : "drop"]))!;
        var source = NpgsqlDataSource.Create(
            $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres;Maximum Pool Size=50;No Reset On Close=true;Timeout=5;Command Timeout=120");
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancel);
                return new(process, source);
            }
            catch (NpgsqlException) when (attempt < 600 && !process.HasExited)
            {
                await Task.Delay(50, cancel);
            }
        }
    }

    public async Task StopAsync()
    {
        await Source.DisposeAsync();
        Process.Start("kill", ["-TERM", $"{_process.Id}"]).Dispose();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        _process.Dispose();
    }
}
