using System.Text.Json.Nodes;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.EndToEnd.Stores;

/// <summary>The same errors and the same clicks on two installations, one for each store: every page says the same.</summary>
internal sealed class SamePagesTests
{
    private const int Errors = 14;

    private static readonly string[] Agents =
    [
        "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
    ];

    [Test, CancelAfter(480_000)]
    public async Task Pages_OfBothStores_SayTheSame()
    {
        await SharedMongo.NeedAsync(StoreKind.Mongo);
        await using var sqlite = await Tenant.StartAsync(StoreKind.Sqlite);
        await using var mongo = await Tenant.StartAsync(StoreKind.Mongo);
        await BothAsync(sqlite, mongo, UseAsync);

        var different = new List<string>();
        var pages = await PagesAsync(sqlite);
        foreach (var page in pages)
        {
            var (one, other) = (await sqlite.ReadAsync(page), await mongo.ReadAsync(page));
            one.Should().NotMatchRegex("^[0-9]{3} ", "{0} shows something", page);
            if (one != other)
                different.Add($"{page}: {Difference(one, other)}");
        }

        pages.Should().HaveCountGreaterThan(60);
        different.Should().BeEmpty();
    }

    /// <summary>At the same time, and within one minute of the clock: charts have a bar a minute.</summary>
    private static async Task BothAsync(Tenant one, Tenant other, Func<Tenant, Task> use)
    {
        await Deadline.Until(() => Task.FromResult(TimeProvider.System.GetUtcNow().Second < 25), TimeSpan.FromSeconds(60), null, "a minute has begun");
        await Task.WhenAll(use(one), use(other));
    }

    private static async Task UseAsync(Tenant tenant)
    {
        await tenant.ReportAsync(Enumerable.Range(0, 3).SelectMany(Round));
        var issues = await tenant.IssuesAsync();
        issues.Should().HaveCount(Errors);
        await tenant.ChangeAsync(issues[1], "resolve", issue => issue.GetProperty("state").GetString() != "open", ("release", "shop@1.1.0"));
        await tenant.ChangeAsync(issues[2], "ignore", issue => issue.GetProperty("state").GetString() == "ignored");
        await tenant.ReportAsync([Event(1, 3, "shop@1.2.0")]);
    }

    private static IEnumerable<(string Agent, string Body)> Round(int round) =>
        Enumerable.Range(0, Errors).Where(error => error % (round + 1) == 0).Select(error => Event(error, round, $"shop@1.{round}.0"));

    private static (string Agent, string Body) Event(int error, int round, string release) => (Agents[(error + round) % Agents.Length], new JsonObject
    {
        ["id"] = $"{error:x16}{round:x16}",
        ["type"] = error % 2 == 0 ? "TypeError" : "RangeError",
        ["message"] = $"{Names[error]} cannot be read <b>&amp;</b>",
        ["stack"] = $"Error: x\n    at {Names[error]} (https://shop.example/static/{Names[error]}.js:{error + 10}:7)\n    at main (https://shop.example/static/main.js:1:99)",
        ["url"] = $"https://shop.example/{(error % 3 == 0 ? "basket" : "checkout")}?step={round}",
        ["release"] = release,
        ["environment"] = error % 4 == 0 ? "staging" : "production",
        ["session"] = $"session-{round}",
        ["user"] = new JsonObject { ["id"] = $"user-{(error + round) % 5}", ["email"] = $"user-{(error + round) % 5}@shop.example" },
        ["tags"] = new JsonObject { ["plan"] = round == 0 ? "free" : "pro", ["__proto__"] = "$ne" },
        ["breadcrumbs"] = new JsonArray(new JsonObject { ["category"] = "ui.click", ["message"] = "button#pay" }),
        ["causes"] = error % 5 == 0 ? new JsonArray(new JsonObject { ["type"] = "Error", ["message"] = "the network is away" }) : [],
    }.ToJsonString());

    /// <summary>No two are alike enough to be one issue.</summary>
    private static readonly string[] Names =
        ["priceOf", "voucher", "invoice", "address", "shipping", "wishlist", "gallery", "review", "search", "menu", "login", "session", "payment", "receipt"];

    private static async Task<IReadOnlyList<string>> PagesAsync(Tenant tenant)
    {
        var (project, issues) = (tenant.Project, await tenant.IssuesAsync());
        string[] searches =
        [
            "is:open", "is:resolved", "is:ignored", "is:regressed", "browser:safari", "browser:firefox", "release:shop%401.1*", "user:user-3", "%22cannot+read%22", "voucher", "frame:menu.js",
            "age:%3C7d", "count:%3E2", "environment:staging", "page:basket", "plan:pro", "-browser:chrome", "nothing-is-like-this",
        ];
        return
        [
            "/", $"/?project={project}", $"/?project={project}&range=24h", "/projects", "/issues", "/account", $"/receipts?event={await tenant.LatestEventAsync(issues[0])}",
            .. new[] { "last", "first", "count", "users", "trend" }.Select(sort => $"/issues?project={project}&sort={sort}"),
            .. searches.Select(query => $"/issues?project={project}&q={query}"),
            .. issues.SelectMany(issue => new[] { $"/issues/{project}/{issue}", $"/issues/{project}/{issue}/events", $"/issues/{project}/{issue}/users" }),
            $"/issues/{project}/{issues[0]}/merge?with={issues[5]}", $"/issues/{project}/{issues[0]}/delete", $"/issues/{project}/{issues[0]}/events?browser=Firefox+145",
            $"/events/{project}/{await tenant.LatestEventAsync(issues[0])}.json", $"/events/{project}/{await tenant.LatestEventAsync(issues[0])}.txt",
            .. new[] { "", "/releases", "/release?version=shop%401.1.0", "/setup", "/setup/snippet", "/links", "/people", "/filters", "/rules", "/privacy", "/source-maps" }.Select(page => $"/projects/{project}{page}"),
            $"/api/v1/issues/export?project={project}&format=csv", $"/api/v1/issues/export?project={project}&format=ndjson",
        ];
    }

    private static string Difference(string one, string other)
    {
        var at = one.Zip(other).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"on SQLite ...{Around(one, at)}..., on MongoDB ...{Around(other, at)}...";

        static string Around(string text, int at) => text[Math.Max(0, at - 60)..Math.Min(text.Length, at + 60)].ReplaceLineEndings(" ");
    }
}
