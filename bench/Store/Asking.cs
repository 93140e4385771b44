using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.StoreBench;

/// <summary>Opens the dashboard's pages as a browser does, one after the other, none twice within the moment that it keeps a list for.</summary>
internal static partial class Asking
{
    private const string Email = "bench@example.com";
    private const string Password = "correct horse battery";
    private const int WarmUp = 10;

    private static readonly string[] Words = ["basket", "payment", "voucher", "number77", "number4", "readof", "invoice stock", "session image", "shippingOf", "nowhere"];
    private static readonly string[] Sorts = ["last", "first", "count", "users"];

    public static async Task<IReadOnlyList<Asked>> RunAsync(Place place, int requests, int issues)
    {
        await using var redis = await RedisServer.StartAsync();
        var settings = place.Settings();
        settings["Redis"] = redis.Endpoint;
        settings["LogLevel"] = "Warning";
        settings["Web:FirstUserEmail"] = Email;
        settings["Web:FirstUserPassword"] = Password;
        await using var web = AppProcess.Start("web", settings);
        await web.WaitReadyAsync();
        using var http = new HttpClient(new HttpClientHandler { CookieContainer = new(), AllowAutoRedirect = false }) { BaseAddress = new(web.Url) };
        await SignInAsync(http);
        var random = new Random(7);
        var found = new List<Asked>();
        foreach (var (name, path) in Pages(issues, random))
        {
            var (ms, bytes) = await MeasureAsync(http, path, requests);
            found.Add(new(name, ms, bytes));
        }

        return found;
    }

    private static IEnumerable<(string Name, Func<int, string> Path)> Pages(int issues, Random random)
    {
        yield return ("issue list", n => $"/issues?project={1 + (n % Filling.Projects)}&sort={Sorts[n / 5 % 4]}&limit={n}{(n % 3 == 0 ? "&state=all" : "")}");
        yield return ("issue list, all projects", n => $"/issues?state=all&sort={Sorts[n % 4]}&since={(n % 2 == 0 ? "7d" : "30d")}&project={(n % 7 == 0 ? "1" : "")}");
        yield return ("issue list, one environment", n => $"/issues?project=1&env={(n % 2 == 0 ? "staging" : "production")}&sort={Sorts[n % 4]}");
        yield return ("search", n => $"/issues?state=all&q={Uri.EscapeDataString(n % 3 == 0 ? $"number{random.Next(issues)}" : Words[n % Words.Length])}&sort={Sorts[n % 4]}{(n % 2 == 0 ? "&project=1" : "")}");
        yield return ("issue, busy", n => Issue(random.Next(Math.Max(1, issues / 500))));
        yield return ("issue, any", _ => Issue(random.Next(issues)));
        yield return ("overview", n => $"/{(n % 2 == 0 ? "" : "?project=1")}");
        yield return ("releases", n => $"/projects/{1 + (n % Filling.Projects)}/releases");
    }

    /// <summary>The store numbers issues in the order in which it meets them.</summary>
    private static string Issue(int n) => $"/issues/{Filling.ProjectOf(n)}/{n + 1}";

    private static async Task<(List<double> Ms, long Bytes)> MeasureAsync(HttpClient http, Func<int, string> path, int requests)
    {
        var times = new List<double>();
        var bytes = 0L;
        for (var n = 0; n < requests + WarmUp; n++)
        {
            var address = new Uri(path(n), UriKind.Relative);
            var clock = Stopwatch.StartNew();
            using var answer = await http.GetAsync(address);
            var body = await answer.Content.ReadAsByteArrayAsync();
            var took = clock.Elapsed.TotalMilliseconds;
            if (answer.StatusCode != HttpStatusCode.OK)
                throw new InvalidOperationException($"{address} answered {(int)answer.StatusCode}");
            if (n < WarmUp)
                continue;
            times.Add(took);
            bytes = Math.Max(bytes, body.Length);
        }

        times.Sort();
        return (times, bytes);
    }

    private static async Task SignInAsync(HttpClient http)
    {
        var page = await http.GetStringAsync(new Uri("/sign-in", UriKind.Relative));
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["__RequestVerificationToken"] = Token().Match(page).Groups["token"].Value,
            ["Email"] = Email,
            ["Password"] = Password,
        });
        using var answer = await http.PostAsync(new Uri("/sign-in", UriKind.Relative), form);
        if (answer.StatusCode != HttpStatusCode.Redirect)
            throw new InvalidOperationException($"signing in answered {(int)answer.StatusCode}");
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Token();
}

/// <param name="Ms">Sorted: from the request until the last byte is here.</param>
/// <param name="Bytes">Of the largest page, not compressed.</param>
internal sealed record Asked(string Page, IReadOnlyList<double> Ms, long Bytes)
{
    public double At(double share) => Ms[(int)(share * (Ms.Count - 1))];
}
