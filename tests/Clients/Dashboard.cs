using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Clients;

/// <summary>The dashboard of the tests' own installation: makes projects by its forms, reads its JSON.</summary>
internal sealed partial class Dashboard : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly Installation _all;
    private readonly HttpClient _http;

    private Dashboard(Installation all)
    {
        _all = all;
        _http = new(new HttpClientHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false }) { BaseAddress = new(all.Web.Url) };
    }

    public static async Task<Dashboard> SignInAsync(Installation all)
    {
        var made = new Dashboard(all);
        await made.PostAsync("/sign-in", "/sign-in", ("Email", Installation.FirstUser), ("Password", Installation.FirstPassword));
        return made;
    }

    /// <summary>In the order of the names; the collector knows their keys.</summary>
    public async Task<IReadOnlyList<ClientProject>> MakeProjectsAsync(IReadOnlyCollection<string> names)
    {
        foreach (var name in names)
            await PostAsync("/projects", "/projects", ("name", name));
        var projects = (await _all.Api.GetAsync("projects")).EnumerateArray().ToDictionary(
            p => p.GetProperty("name").GetString()!, p => new ClientProject(p.GetProperty("id").GetInt32(), p.GetProperty("keys")[0].GetProperty("key").GetString()!));
        foreach (var name in names)
        {
            using var sender = new EventSender(_all.Collector.Url, projects[name].Key);
            await Deadline.Until(async () => await sender.PostAsync("[]") != 401, TimeSpan.FromSeconds(30), _all.Logs, $"the collector knows the key of {name}");
        }

        return [.. names.Select(name => projects[name])];
    }

    /// <summary>All that the collector took is on the dashboard.</summary>
    public Task SettledAsync() => Deadline.Until(
        async () =>
        {
            var metrics = await _http.GetStringAsync(new Uri($"{_all.Collector.Url}/metrics"));
            var accepted = metrics.Split('\n').Where(line => line.StartsWith("errorpipeline_collector_accepted_total", StringComparison.Ordinal)).Sum(line => long.Parse(line.Split(' ')[^1]));
            var pipeline = await _all.Api.GetAsync("pipeline");
            return pipeline.GetProperty("inFlight").GetInt64() == 0
                && pipeline.GetProperty("lanes").EnumerateArray().Sum(lane => lane.GetProperty("accepted").GetInt64()) == accepted;
        },
        TimeSpan.FromSeconds(60),
        _all.Logs,
        "everything that was taken is stored");

    public async Task<IReadOnlyList<Seen>> SeenAsync(int project)
    {
        var seen = new List<Seen>();
        foreach (var issue in await _all.Api.IssuesAsync(project))
        {
            var detail = await _all.Api.GetAsync($"issues/{issue.Id}?project={project}");
            var fingerprint = detail.GetProperty("fingerprints")[0].Deserialize<Grouping>(Json)!;
            var sample = await _all.Api.GetAsync($"events/{project}/{detail.GetProperty("latestEventId").GetString()}");
            seen.Add(new(issue, fingerprint, sample.Deserialize<EventSample>(Json)!) { Feedback = sample.GetProperty("feedback").Deserialize<List<EventFeedback>>(Json)! });
        }

        return seen;
    }

    /// <summary>The page of an issue, as a browser gets it.</summary>
    public Task<string> PageAsync(int project, long issue) => _http.GetStringAsync(new Uri($"/issues/{project}/{issue}", UriKind.Relative));

    /// <summary>How many events of a project met it in the last hour.</summary>
    public async Task<long> OutcomeAsync(int project, string outcome) => (await _all.Api.GetAsync($"pipeline/minutes?project={project}")).GetProperty("rows").EnumerateArray()
        .Where(row => row.GetProperty("outcome").GetString() == outcome).Sum(row => row.GetProperty("total").GetInt64());

    public void Dispose() => _http.Dispose();

    private async Task PostAsync(string page, string action, params (string Name, string Value)[] fields)
    {
        var token = TokenField().Match(await _http.GetStringAsync(new Uri(page, UriKind.Relative))).Groups["token"].Value;
        using var form = new FormUrlEncodedContent([new("__RequestVerificationToken", token), .. fields.Select(f => KeyValuePair.Create(f.Name, f.Value))]);
        using var answer = await _http.PostAsync(new Uri(action, UriKind.Relative), form);
        if (answer.StatusCode is not (HttpStatusCode.Redirect or HttpStatusCode.SeeOther or HttpStatusCode.Found))
            throw new InvalidOperationException($"{action}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TokenField();
}

internal sealed record ClientProject(int Id, string Key);

/// <summary>An issue and its latest event.</summary>
internal sealed record Seen(IssueSeen Issue, Grouping Grouping, EventSample Event)
{
    /// <summary>Of visitors, about the event.</summary>
    public IReadOnlyList<EventFeedback> Feedback { get; init; } = [];
}
