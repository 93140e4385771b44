namespace ErrorPipeline.Rigs;

/// <summary>
/// One of our apps as its users run it: a process of its own, told everything by settings ("Collector:LogDirectory").
/// It can be killed, stopped and started again with the same settings and port.
/// </summary>
public sealed class AppProcess : IAsyncDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly AppStart _start;
    private readonly Dictionary<string, string> _environment;
    private ChildProcess? _process;
    private string _earlier = "";

    private AppProcess(AppStart start, int port)
    {
        Port = port;
        _start = start;
        _environment = start.Settings.ToDictionary(s => "ERRORPIPELINE_" + s.Key.Replace(":", "__", StringComparison.Ordinal), s => s.Value);
        foreach (var (name, value) in start.Environment)
            _environment[name] = value;
        _environment["ERRORPIPELINE_Urls"] = Url;
        _environment["ASPNETCORE_CONTENTROOT"] = Places.ContentRoot(App);
        _environment["DOTNET_NOLOGO"] = "1";
    }

    /// <summary>"collector", "workers" or "web".</summary>
    public string App => _start.App;

    public int Port { get; }

    public string Url => $"http://127.0.0.1:{Port}";

    public int Pid => _process?.Pid ?? throw new InvalidOperationException($"{App} is stopped");

    public bool Running => _process is { Running: true };

    /// <summary>Everything written to standard output and error, over all its lives.</summary>
    public string Output => _earlier + _process?.Output;

    /// <summary>Starts it without waiting for anything.</summary>
    public static AppProcess Start(string app, IEnumerable<KeyValuePair<string, string>> settings, params string[] arguments) =>
        Start(new() { App = app, Settings = new Dictionary<string, string>(settings), Arguments = arguments });

    /// <inheritdoc cref="Start(string, IEnumerable{KeyValuePair{string, string}}, string[])"/>
    public static AppProcess Start(AppStart start)
    {
        var made = new AppProcess(start, FreePort.Take());
        made.StartAgain();
        return made;
    }

    public void StartAgain()
    {
        if (Running)
            return;
        _earlier = Output;
        _process = ChildProcess.Start("dotnet", [_start.Dll ?? Places.AppDll(App), .. _start.Arguments], _environment);
    }

    /// <summary>Until <c>/healthz/ready</c> says 200.</summary>
    public Task WaitReadyAsync(TimeSpan? timeout = null) =>
        Deadline.Until(IsReadyAsync, timeout ?? TimeSpan.FromSeconds(60), () => $"{App} is not ready. {Output}");

    public async Task Kill9Async()
    {
        if (_process is null)
            return;
        await _process.DisposeAsync();
        _earlier += _process.Output;
        _process = null;
    }

    /// <summary>SIGTERM; the exit code.</summary>
    public async Task<int> TerminateAsync(TimeSpan? timeout = null)
    {
        if (_process is null)
            throw new InvalidOperationException($"{App} is stopped");
        _process.Terminate();
        var code = await _process.WaitExitAsync(timeout ?? TimeSpan.FromSeconds(40));
        await Kill9Async();
        return code;
    }

    public Task<int> WaitExitAsync(TimeSpan timeout) =>
        _process?.WaitExitAsync(timeout) ?? throw new InvalidOperationException($"{App} is stopped");

    public void Pause() => _process?.Pause();

    public void Resume() => _process?.Resume();

    public async ValueTask DisposeAsync() => await Kill9Async();

    private async Task<bool> IsReadyAsync()
    {
        if (!Running)
            throw new InvalidOperationException($"{App} ended before it was ready:\n{Output}");
        try
        {
            using var answer = await Http.GetAsync(new Uri($"{Url}/healthz/ready"));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
