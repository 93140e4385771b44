using System.Diagnostics;
using System.Globalization;
using ErrorPipeline.Load.Contenders;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Load.Parts;

/// <summary><c>./dev up</c> of what is built, until the collector answers 202 to an event. Every start finds the data of the one before.</summary>
internal static class ColdStart
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static async Task<string> RunAsync(Plan plan)
    {
        using var data = new TempFolder();
        // The first builds what is not built yet, and makes the project.
        await StartAsync(data.Path);
        var times = new List<double>();
        for (var round = 0; round < plan.Rounds; round++)
            times.Add(await StartAsync(data.Path));
        return string.Create(CultureInfo.InvariantCulture,
            $"| measure | median of {times.Count} | extremes |\n|---|---|---|\n| `./dev up` to the first 202 | {Statistics.Median(times):0.0} s | {times.Min():0.0} to {times.Max():0.0} s |\n");
    }

    private static async Task<double> StartAsync(string data)
    {
        var port = FreeRange();
        var clock = Stopwatch.StartNew();
        await using var up = ChildProcess.Start(Path.Combine(Places.Root, "dev"), ["up", "--ports", $"{port}", "--data", data], folder: Places.Root);
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        double? taken = null;
        try
        {
            await Deadline.Until(
                async () =>
                {
                    if (!up.Running)
                        throw new InvalidOperationException($"./dev up ended:\n{up.Output}");
                    if (KeyIn(Path.Combine(data, "config.db")) is { } key && await IsAcceptedAsync(http, port + 1, key))
                        taken ??= clock.Elapsed.TotalSeconds;
                    return taken is not null;
                }, Patience, () => up.Output, "an event is accepted");
            // Up as a whole, so that the next start finds everything in order.
            await Deadline.Until(() => up.Output.Contains("ErrorPipeline is up", StringComparison.Ordinal), TimeSpan.FromMinutes(2), () => up.Output);
        }
        finally
        {
            up.Terminate();
            await up.WaitExitAsync(TimeSpan.FromMinutes(2));
        }

        return taken!.Value;
    }

    private static async Task<bool> IsAcceptedAsync(HttpClient http, int port, string key)
    {
        try
        {
            using var content = new StringContent("""{"type":"Error","message":"first"}""");
            using var answer = await http.PostAsync(new Uri($"http://127.0.0.1:{port}/api/{key}/events"), content);
            return (int)answer.StatusCode == 202;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    private static string? KeyIn(string config)
    {
        try
        {
            return File.Exists(config) ? Sqlite.Text(config, "SELECT key FROM project_keys LIMIT 1") : null;
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            // Its tables are being made.
            return null;
        }
    }

    /// <summary>A port with those after it that <c>./dev up --ports</c> takes, too.</summary>
    private static int FreeRange() => FreePort.Take() / 100 * 100;
}
