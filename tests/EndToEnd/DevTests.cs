using ErrorPipeline.Rigs;

namespace ErrorPipeline.EndToEnd;

/// <summary><c>./dev up</c> as a developer runs it, on ports and in a folder of its own beside whatever else runs here.</summary>
internal sealed class DevTests
{
    private static readonly TimeSpan FirstBuild = TimeSpan.FromMinutes(6);
    private readonly TempFolder _data = new();
    private readonly int[] _ports = [FreePort.Take(), FreePort.Take(), FreePort.Take(), FreePort.Take()];

    [TearDown]
    public async Task EndWhatIsLeft()
    {
        await DevAsync("down");
        _data.Dispose();
    }

    [Test, CancelAfter(480_000)]
    public async Task Up_ThenDown_ShowsTheWayInOnceAndLeavesNothingBehind(CancellationToken cancel)
    {
        await using var up = Up();
        await Deadline.Until(() => up.Output.Contains("Ctrl-C or ./dev down ends it"), FirstBuild, () => up.Output);
        up.Output.Should().Contain($"dashboard   http://127.0.0.1:{_ports[0]}").And.MatchRegex("sign in     admin@localhost / [a-z0-9]{12,}")
            .And.Contain($"http://127.0.0.1:{_ports[0]}/demo").And.Contain($"http://127.0.0.1:{_ports[1]}/agent.js").And.Contain("collector | ");
        (await File.ReadAllTextAsync(_data["dev.log"], cancel)).Should().NotContain("admin@localhost", "the first sign-in is shown, not kept");

        (await DevAsync("status")).Should().Match<(int Code, string Output)>(s => s.Code == 0);
        (await DevAsync("up")).Output.Should().Contain("running already");
        await KilledCollectorComesBackAsync(up);

        var pids = Pids();
        var (code, output) = await DevAsync("down");
        code.Should().Be(0, output);
        (await up.WaitExitAsync(TimeSpan.FromSeconds(10))).Should().Be(0, up.Output);
        pids.Should().HaveCount(4).And.OnlyContain(pid => !Directory.Exists($"/proc/{pid}"), "down waits until everything is gone");

        await using var again = Up();
        await Deadline.Until(() => again.Output.Contains("Ctrl-C or ./dev down ends it"), FirstBuild, () => again.Output);
        again.Output.Should().NotContain("admin@localhost", "the first sign-in is shown once");
        again.Interrupt();
        (await again.WaitExitAsync(TimeSpan.FromSeconds(60))).Should().Be(0, again.Output);
        Directory.Exists(_data["run"]).Should().BeFalse();
    }

    [Test, Category("Long"), CancelAfter(900_000)]
    public async Task Up_WithNothingToDo_TakesLessThanTwoPercentOfACore(CancellationToken cancel)
    {
        const double promised = 0.02;
        await using var up = Up();
        await Deadline.Until(() => up.Output.Contains("Ctrl-C or ./dev down ends it"), FirstBuild, () => up.Output);
        var window = TimeSpan.FromSeconds(20);
        var share = 1.0;
        // The first minutes still compile what runs often, in the background: idle is what comes after.
        for (var attempt = 0; attempt < 12 && share > promised; attempt++)
        {
            var before = Pids().Sum(ProcessMeter.CpuSeconds);
            await Task.Delay(window, cancel);
            share = (Pids().Sum(ProcessMeter.CpuSeconds) - before) / window.TotalSeconds;
            await TestContext.Out.WriteLineAsync($"idle: {share:P2} of a core over all processes");
        }

        share.Should().BeLessThan(promised);
    }

    [Test]
    public async Task Up_WherePortIsTaken_NamesItAndHowToChooseAnother()
    {
        using var other = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, _ports[1]);
        other.Start();
        await using var up = Up();
        (await up.WaitExitAsync(TimeSpan.FromSeconds(60))).Should().NotBe(0);
        up.Output.Should().Contain($"port {_ports[1]} (for the collector) is taken").And.Contain("--collector-port");
    }

    [TestCase("nonsense", "there is no verb 'nonsense'")]
    [TestCase("help", "./dev VERB [options]")]
    public async Task Dev_AskedForHelpOrTheUnknown_Explains(string verb, string expected)
    {
        var (_, output) = await ChildProcess.RunAsync(Script, [verb], TimeSpan.FromSeconds(20));
        output.Should().Contain(expected);
    }

    private static string Script => Path.Combine(Places.Root, "dev");

    private ChildProcess Up() => ChildProcess.Start(Script,
        ["up", "--data", _data.Path, "--web-port", $"{_ports[0]}", "--collector-port", $"{_ports[1]}", "--workers-port", $"{_ports[2]}", "--redis-port", $"{_ports[3]}"],
        new Dictionary<string, string> { ["ERRORPIPELINE_REDIS"] = "" });

    private Task<(int Code, string Output)> DevAsync(string verb) => ChildProcess.RunAsync(Script, [verb, "--data", _data.Path], TimeSpan.FromSeconds(90));

    private List<int> Pids() => [.. new[] { "redis", "collector", "workers", "web" }.Select(name => int.Parse(File.ReadAllText(_data[$"run/{name}.pid"]).Split(' ')[0]))];

    private async Task KilledCollectorComesBackAsync(ChildProcess up)
    {
        var pid = Pids()[1];
        using (var collector = System.Diagnostics.Process.GetProcessById(pid))
            collector.Kill();
        await Deadline.Until(() => up.Output.Contains("starts again in 1 s"), TimeSpan.FromSeconds(10), () => up.Output);
        await Deadline.Until(async () => (await DevAsync("status")).Code == 0, TimeSpan.FromSeconds(60), () => up.Output);
        Pids()[1].Should().NotBe(pid);
    }
}
