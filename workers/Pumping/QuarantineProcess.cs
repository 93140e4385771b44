using System.Buffers.Binary;
using System.Diagnostics;

namespace ErrorPipeline.Workers.Pumping;

/// <summary>How a quarantine child is started; the stage's name is added.</summary>
internal sealed record QuarantineCommand(string File, IReadOnlyList<string> Arguments)
{
    public const string Option = "--quarantine";

    /// <summary>This same executable.</summary>
    public static QuarantineCommand OfThisProcess()
    {
        var program = Environment.ProcessPath!;
        var isDotnet = Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        return new(program, isDotnet ? [Environment.GetCommandLineArgs()[0], Option] : [Option]);
    }
}

/// <summary>
/// A child in which one message at a time is tried, because a stage that loops or overflows the stack takes its process with it.
/// Started when needed, and again after each crash.
/// </summary>
internal sealed class QuarantineProcess(QuarantineCommand command, string stage) : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private Process? _child;
    private Task<string> _complaints = Task.FromResult("");

    /// <summary>Null where the stage took the message; otherwise what happened. Throws where no child can be started.</summary>
    public async Task<ProbeFailure?> TryAsync(ReadOnlyMemory<byte> message, TimeSpan limit, CancellationToken cancel)
    {
        if (_child is null)
            await StartAsync(cancel);
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, message.Length);
        string? answer;
        try
        {
            var input = _child!.StandardInput.BaseStream;
            await input.WriteAsync(length, cancel);
            await input.WriteAsync(message, cancel);
            await input.FlushAsync(cancel);
            answer = await _child.StandardOutput.ReadLineAsync(cancel).AsTask().WaitAsync(limit, cancel);
        }
        catch (TimeoutException)
        {
            await EndAsync();
            return new($"timed out: did not return within {limit.TotalSeconds} s", IsTimeout: true);
        }
        catch (IOException)
        {
            answer = null;
        }

        if (answer is null)
            return new("crashed: " + await ReasonAsync());
        return answer == QuarantineChild.Fine ? null : new(answer);
    }

    public async ValueTask DisposeAsync() => await EndAsync();

    /// <summary>Ends the child; the next message starts another.</summary>
    public async Task EndAsync()
    {
        if (_child is not { } child)
            return;
        _child = null;
        // Alone, as it starts no processes: to end a whole tree means to stop it first, and whoever dies in between leaves it stopped for good.
        if (!child.HasExited)
            child.Kill();
        await child.WaitForExitAsync();
        await _complaints;
        child.Dispose();
    }

    private async Task StartAsync(CancellationToken cancel)
    {
        var start = new ProcessStartInfo(command.File)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in command.Arguments.Append(stage))
            start.ArgumentList.Add(argument);
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        _child = Process.Start(start) ?? throw new InvalidOperationException("the quarantine child did not start");
        _complaints = FirstLinesAsync(_child.StandardError);
        string? ready;
        try
        {
            ready = await _child.StandardOutput.ReadLineAsync(cancel).AsTask().WaitAsync(StartLimit, cancel);
        }
        catch
        {
            await EndAsync();
            throw;
        }

        if (ready == QuarantineChild.Ready)
            return;
        var reason = ready ?? await ReasonAsync();
        await EndAsync();
        throw new InvalidOperationException($"the quarantine child is not usable: {reason}");
    }

    /// <summary>The first lines it wrote while dying.</summary>
    private async Task<string> ReasonAsync()
    {
        var child = _child!;
        await child.WaitForExitAsync();
        var code = child.ExitCode;
        var said = await _complaints;
        await EndAsync();
        return said.Length > 0 ? said : $"exit code {code}";
    }

    /// <summary>A stack overflow prints thousands of lines: all are read, a few kept.</summary>
    private static async Task<string> FirstLinesAsync(StreamReader errors)
    {
        var kept = new List<string>();
        while (await errors.ReadLineAsync() is { } line)
        {
            if (kept.Count < 3)
                kept.Add(line.Trim());
        }

        return string.Join(" | ", kept);
    }
}

internal sealed record ProbeFailure(string Reason, bool IsTimeout = false);
