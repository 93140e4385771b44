using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Load;

/// <summary>Sends as fast as the clients get answers, waits until the store has everything, and reads what that cost.</summary>
internal static class Measurement
{
    private const int BatchEvents = 10;
    private const int Kinds = 50;
    private static int _next;

    public static async Task<LoadResult> RunAsync(TimeSpan duration, int clients)
    {
        await Console.Error.WriteLineAsync("starting an installation ...");
        await using var installation = await Installation.StartAsync();
        await Console.Error.WriteLineAsync("warming up ...");
        var warm = await SendAsync(installation, TimeSpan.FromSeconds(5), clients);
        var before = warm.Events;
        await DrainedAsync(installation, before);

        await Console.Error.WriteLineAsync($"measuring: {clients} clients for {duration.TotalSeconds:0} s ...");
        var processes = Processes(installation);
        var cpu = processes.ToDictionary(p => p.Name, p => ProcessMeter.CpuSeconds(p.Pid));
        var clock = Stopwatch.StartNew();
        var sent = await SendAsync(installation, duration, clients);
        var sending = clock.Elapsed;
        await DrainedAsync(installation, before + sent.Events);
        var drained = clock.Elapsed;

        var costs = processes.Select(p => new ProcessCost(p.Name, (ProcessMeter.CpuSeconds(p.Pid) - cpu[p.Name]) / sent.Events, ProcessMeter.PeakBytes(p.Pid))).ToList();
        sent.Latencies.Sort();
        return new(sent.Events, clients, sending, drained, costs, sent.Latencies);
    }

    private static (string Name, int Pid)[] Processes(Installation installation) =>
        [.. installation.Apps.Select(a => (a.App, a.Pid)), ("redis", installation.Redis.Pid)];

    private static async Task<Sent> SendAsync(Installation installation, TimeSpan duration, int clients)
    {
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = clients });
        var address = new Uri($"{installation.Collector.Url}/api/{installation.Key}/events");
        var clock = Stopwatch.StartNew();
        var each = await Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
        {
            var latencies = new List<double>();
            while (clock.Elapsed < duration)
            {
                var began = clock.Elapsed;
                using var content = new ByteArrayContent(Body());
                using var answer = await http.PostAsync(address, content);
                if (answer.StatusCode != HttpStatusCode.Accepted)
                    throw new InvalidOperationException($"the collector answered {(int)answer.StatusCode}");
                latencies.Add((clock.Elapsed - began).TotalMilliseconds);
            }

            return latencies;
        }));
        var all = each.SelectMany(l => l).ToList();
        return new(all.Count * (long)BatchEvents, all);
    }

    /// <summary>Ten events of about 600 bytes, as our agent sends them: few errors, many pages and visitors.</summary>
    private static byte[] Body()
    {
        var body = new StringBuilder("[");
        for (var i = 0; i < BatchEvents; i++)
        {
            var number = Interlocked.Increment(ref _next);
            var kind = number % Kinds;
            body.Append(i == 0 ? "" : ",").Append(CultureInfo.InvariantCulture, $$"""
                {"id":"{{number:x32}}","type":"TypeError","message":"Cannot read properties of undefined (reading 'field{{(char)('a' + (kind % 26))}}')","stack":"TypeError: Cannot read properties of undefined\n    at priceOf{{kind}} (https://shop.example/js/app.{{kind}}.js:12:{{kind + 5}})\n    at Array.map (<anonymous>)\n    at checkout (https://shop.example/js/app.{{kind}}.js:40:11)\n    at HTMLButtonElement.onclick (https://shop.example/basket:1:1)","url":"https://shop.example/page/{{number % 200}}","mechanism":"onerror","handled":false,"session":"{{number % 5000}}","release":"shop@1.4.2","environment":"production"}
                """);
        }

        return Encoding.UTF8.GetBytes(body.Append(']').ToString());
    }

    /// <summary>Asks five times a second: often enough to measure by, rarely enough not to count itself.</summary>
    private static async Task DrainedAsync(Installation installation, long events)
    {
        var clock = Stopwatch.StartNew();
        while ((await installation.Api.IssuesAsync(installation.ProjectId)).Sum(i => i.Count) < events)
        {
            if (clock.Elapsed > TimeSpan.FromMinutes(5))
                throw new TimeoutException($"not everything sent is stored after five minutes\n{installation.Logs()}");
            await Task.Delay(200);
        }
    }

    private sealed record Sent(long Events, List<double> Latencies);
}

internal sealed record LoadResult(
    long Events, int Clients, TimeSpan Sending, TimeSpan Drained, IReadOnlyList<ProcessCost> Processes, IReadOnlyList<double> SortedLatencies);

/// <param name="CpuPerEvent">CPU seconds, user and system.</param>
/// <param name="PeakBytes">Most resident memory over the whole run.</param>
internal sealed record ProcessCost(string Name, double CpuPerEvent, long PeakBytes);
