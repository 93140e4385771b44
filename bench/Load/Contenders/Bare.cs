using ErrorPipeline.Rigs;

namespace ErrorPipeline.Load.Contenders;

/// <summary>A server that reads the body and answers 204: the ceilings. <paramref name="start"/> is told a port and a folder.</summary>
internal sealed class Bare(string name, Func<int, string, ChildProcess> start) : Contender
{
    public const string NginxPath = "/usr/sbin/nginx";
    private readonly TempFolder _folder = new();
    private readonly int _port = FreePort.Take();
    private ChildProcess? _process;

    public override IReadOnlyList<(string Name, int Pid)> Processes => [.. ProcessTree.Of(_process!.Pid).Select(pid => (name, pid))];

    public static Bare Kestrel() => new("kestrel", (port, _) => ChildProcess.Start(
        "dotnet", [Path.Combine(Places.Root, "bench/Baselines/BareKestrel/bin", Places.Configuration, "net10.0/ErrorPipeline.BareKestrel.dll"), "--urls", $"http://127.0.0.1:{port}"]));

    public static Bare Nginx() => new("nginx", (port, folder) =>
    {
        var template = File.ReadAllText(Path.Combine(Places.Root, "bench/Baselines/nginx.conf"));
        var configuration = Path.Combine(folder, "nginx.conf");
        File.WriteAllText(configuration, template.Replace("{port}", $"{port}", StringComparison.Ordinal).Replace("{folder}", folder, StringComparison.Ordinal));
        return ChildProcess.Start(NginxPath, ["-c", configuration, "-e", Path.Combine(folder, "error.log")]);
    });

    public override Uri Address(PayloadKind kind) => new($"http://127.0.0.1:{_port}/");

    public override Task<long?> CountedAsync() => Task.FromResult<long?>(null);

    public override string Logs() => _process?.Output ?? "";

    public override Task StartAsync()
    {
        _process = start(_port, _folder.Path);
        return Answering.AnyAsync(Address(default), Logs);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_process is { Running: true })
        {
            _process.Terminate();
            await _process.WaitExitAsync(TimeSpan.FromSeconds(20));
        }

        if (_process is not null)
            await _process.DisposeAsync();
        _folder.Dispose();
    }
}
