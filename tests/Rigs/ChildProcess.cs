using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;

namespace ErrorPipeline.Rigs;

/// <summary>A process of the system with its output kept; never outlives the test run.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<ChildProcess, bool> Alive = new();
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open = 2;

    static ChildProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var child in Alive.Keys)
            child.Kill9();
    };

    private ChildProcess(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.RedirectStandardInput = true;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        Alive[this] = true;
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Pid => _process.Id;

    public bool Running => !_process.HasExited;

    /// <summary>Standard output and error so far, by line.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public static ChildProcess Start(
        string file, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>>? environment = null, string? folder = null)
    {
        var start = new ProcessStartInfo(file, arguments) { WorkingDirectory = folder ?? "" };
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        return new ChildProcess(start);
    }

    /// <summary>Runs to the end and answers exit code and output; kills it at the timeout.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string file, IEnumerable<string> arguments, TimeSpan timeout,
        IEnumerable<KeyValuePair<string, string>>? environment = null, string? folder = null)
    {
        await using var child = Start(file, arguments, environment, folder);
        return (await child.WaitExitAsync(timeout), child.Output);
    }

    /// <summary>As <c>kill -9</c>: nothing of the process runs any more.</summary>
    public void Kill9() => Signals.Send(_process, Signals.Kill);

    public void Terminate() => Signals.Send(_process, Signals.Terminate);

    /// <summary>As Ctrl-C.</summary>
    public void Interrupt() => Signals.Send(_process, Signals.Interrupt);

    public void Pause() => Signals.Send(_process, Signals.Stop);

    public void Resume() => Signals.Send(_process, Signals.Continue);

    /// <summary>The exit code; 128 + signal where a signal ended it. All output has been read by then.</summary>
    public async Task<int> WaitExitAsync(TimeSpan timeout)
    {
        using var cancel = new CancellationTokenSource(timeout);
        try
        {
            await _process.WaitForExitAsync(cancel.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"{_process.StartInfo.FileName} ({Pid}) has not ended within {timeout.TotalSeconds:0.#} s:\n{Output}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Running)
        {
            Resume();
            Kill9();
        }

        // Grandchildren may hold the pipes open: their end is not waited for without bound.
        await Task.WhenAny(_closed.Task, Task.Delay(TimeSpan.FromSeconds(2)));
        if (!await Task.Run(() => _process.WaitForExit(TimeSpan.FromSeconds(10))))
            throw new TimeoutException($"process {_process.Id} was killed and has not ended within 10 s");
        Alive.TryRemove(this, out _);
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            if (Interlocked.Decrement(ref _open) == 0)
                _closed.TrySetResult();
            return;
        }

        lock (_output)
            _output.Append(line).Append('\n');
    }
}
