using System.Diagnostics;
using System.Net;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.StoreBench;

/// <summary>Opens the dashboard's pages as a browser does, one after the other, none twice within the moment that it keeps a list for.</summary>
internal sealed class Asking(Size size, IReadOnlyList<string> busy, IReadOnlyList<string> any)
{
    private const string Email = "bench@example.com";
    private const string Password = "correct horse battery";
    private const int WarmUp = 20;
    private const int MostIssues = 200;

    private static readonly string[] Words = ["basket", "payment", "voucher", "number77", "number4", "readof", "invoice stock", "session image", "shippingOf", "nowhere"];
    private static readonly string[] Sorts = ["last", "first", "count", "users"];

    private readonly Random _random = new(7);

    public static async Task<IReadOnlyList<Asked>> RunAsync(Place place, Size size, int requests)
    {
        var asking = await FindIssuesAsync(place, size);
        await using var redis = await RedisServer.StartAsync();
        var settings = place.Settings();
        settings["Redis"] = redis.Endpoint;
        settings["LogLevel"] = "Warning";
        settings["Web:FirstUserEmail"] = Email;
        settings["Web:FirstUserPassword"] = Password;
        await using var web = AppProcess.Start("web", settings);
        await web.WaitReadyAsync();
        using var http = new HttpClient(new HttpClientHandler { CookieContainer = new(), AllowAutoRedirect = false }) { BaseAddress = new(web.Url) };
        await http.SignInAsync(Email, Password);
        var pages = asking.Pages().ToList();
        foreach (var (_, path) in pages)
            await MeasureAsync(http, web.Pid, path, 0, WarmUp);
        var found = new List<Asked>();
        foreach (var (name, path) in pages)
        {
            found.Add(await MeasureAsync(http, web.Pid, path, WarmUp, requests) with { Page = name });
            await Console.Error.WriteLineAsync($"  {name}: p95 {found[^1].At(0.95):0.0} ms, {found[^1].Cpu * 1000:0.0} ms of CPU each");
        }

        return found;
    }

    /// <summary>Those with the most events, and some from all over the month.</summary>
    private static async Task<Asking> FindIssuesAsync(Place place, Size size)
    {
        await using var store = place.OpenErrors();
        var now = TimeProvider.System.GetUtcNow();
        var query = new IssueQuery { NowHour = now.ToUnixTimeSeconds() / 3600, TrendHours = 0 };
        var busy = (await store.ListIssuesAsync(query with { Sort = IssueSort.Count, Limit = 100 }, default)).Rows.Select(PathOf).ToList();
        var random = new Random(5);
        var any = new List<string>();
        for (var n = 0; n < MostIssues; n++)
        {
            var at = now.AddDays(-random.NextDouble() * Filling.Days).ToUnixTimeMilliseconds();
            any.AddRange((await store.ListIssuesAsync(query with { Sort = IssueSort.FirstSeen, FirstSeen = new(null, at), Limit = 1 }, default)).Rows.Select(PathOf));
        }

        return new(size, busy, any);
    }

    private static string PathOf(IssueRow issue) => $"/issues/{issue.ProjectId}/{issue.Id}";

    private IEnumerable<(string Name, Func<int, string> Path)> Pages()
    {
        yield return ("issue list", n => $"/issues?project={1 + (n % size.Projects)}&sort={Sorts[n / 5 % 4]}&limit={n}{(n % 3 == 0 ? "&state=all" : "")}");
        yield return ("issue list, all projects", n => $"/issues?state=all&sort={Sorts[n % 4]}&since={(n % 2 == 0 ? "7d" : "30d")}&project={(n % 7 == 0 ? "1" : "")}");
        yield return ("issue list, one environment", n => $"/issues?project=1&env={(n % 2 == 0 ? "staging" : "production")}&sort={Sorts[n % 4]}");
        yield return ("search", n => $"/issues?state=all&q={Uri.EscapeDataString(n % 3 == 0 ? $"number{_random.Next(size.Issues)}" : Words[n % Words.Length])}&sort={Sorts[n % 4]}{(n % 2 == 0 ? "&project=1" : "")}");
        yield return ("issue, busy", n => busy[n % busy.Count]);
        yield return ("issue, any", n => any[n % any.Count]);
        yield return ("overview", n => $"/{(n % 2 == 0 ? "" : $"?project={1 + (n / 2 % size.Projects)}")}");
        yield return ("releases", n => $"/projects/{1 + (n % size.Projects)}/releases");
    }

    private static async Task<Asked> MeasureAsync(HttpClient http, int pid, Func<int, string> path, int from, int requests)
    {
        var times = new List<double>();
        var bytes = 0L;
        var cpu = ProcessMeter.ExactCpuSeconds(pid);
        for (var n = from; n < from + requests; n++)
        {
            var address = new Uri(path(n), UriKind.Relative);
            var clock = Stopwatch.StartNew();
            using var answer = await http.GetAsync(address);
            var body = await answer.Content.ReadAsByteArrayAsync();
            times.Add(clock.Elapsed.TotalMilliseconds);
            if (answer.StatusCode != HttpStatusCode.OK)
                throw new InvalidOperationException($"{address} answered {(int)answer.StatusCode}");
            bytes = Math.Max(bytes, body.Length);
        }

        cpu = ProcessMeter.ExactCpuSeconds(pid) - cpu;
        times.Sort();
        return new("", times, bytes, cpu / requests);
    }
}

/// <param name="Ms">Sorted: from the request until the last byte is here.</param>
/// <param name="Bytes">Of the largest page, not compressed.</param>
/// <param name="Cpu">Seconds of the web process for one, whatever else the machine does meanwhile.</param>
internal sealed record Asked(string Page, IReadOnlyList<double> Ms, long Bytes, double Cpu)
{
    public double At(double share) => Ms[(int)(share * (Ms.Count - 1))];
}
