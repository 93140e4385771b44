using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ErrorPipeline.Rigs;
using Microsoft.Data.Sqlite;
using StackExchange.Redis;

namespace ErrorPipeline.EndToEnd.Privacy;

/// <summary>Secrets in every text of several clients' events, through real processes; afterwards they are looked for wherever something is kept.</summary>
public class SeededSecretTests
{
    private const string Mark = "zq7s3cr3t";
    private const string Harmless = "zq7visible";

    /// <summary>Texts that decide what an event is, and keys of projects: a secret there would only make another event of it.</summary>
    private static readonly string[] Structural = ["event_id", "apiKey", "access_token", "platform", "timestamp", "payloadVersion", "severity", "level", "unhandledRejection"];

    private static readonly string[] Holders =
    [
        "password={0}", "Bearer {0}aaaaaaaa", "https://u:{0}@h.test/", "https://h.test/?token={0}&a=1", "{{\"secret\":\"{0}\"}}", "apiKey: '{0}'", "access_token={0}",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.{0}", "Authorization: Basic {0}", "sk_live_{0}00000000", "CUST-{0}",
    ];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<string> _secrets = [];

    [Test]
    public async Task Secrets_InEveryFieldOfSeveralClients_AreNowhereBehindNormalize()
    {
        await using var installation = await Installation.StartAsync();
        await AddOwnPatternAsync(installation);
        var sent = 0;
        using var http = new HttpClient { BaseAddress = new(installation.Collector.Url) };
        foreach (var (path, body) in Requests(installation))
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), content);
            ((int)answer.StatusCode).Should().BeLessThan(300, "{0}: {1}", path, await answer.Content.ReadAsStringAsync());
            sent++;
        }

        _secrets.Count.Should().BeGreaterThan(100, "every text has one");
        await Deadline.Until(async () => await StoredAsync(installation) == sent, Patience, installation.Logs, "all events are stored");

        var kept = await EverythingKeptAsync(installation);
        kept.Where(k => k.Text.Contains(Harmless, StringComparison.Ordinal)).Select(k => k.Where.Split(' ')[0]).Distinct().Should().Contain("table", "else nothing was looked at");
        foreach (var (where, text) in kept)
        {
            var found = text.IndexOf(Mark, StringComparison.Ordinal);
            found.Should().Be(-1, "{0} holds ...{1}...", where, found < 0 ? "" : text.Substring(Math.Max(0, found - 60), Math.Min(120, text.Length - Math.Max(0, found - 60))));
        }
    }

    /// <summary>Every text of the corpus' events with a secret behind it, in the requests of their clients.</summary>
    private List<(string Path, string Body)> Requests(Installation to)
    {
        var corpus = Path.Combine(Places.Root, "tests", "Corpus");
        JsonNode Seeded(string name) => Seed(JsonNode.Parse(File.ReadAllText(Path.Combine(corpus, name + ".raw.json")))!);
        var native = new JsonObject
        {
            ["type"] = "TypeError",
            ["message"] = Harmless,
            ["stack"] = "TypeError: m\n    at pay (https://shop.test/app.js:1:2)",
            ["url"] = "https://shop.test/cart",
            ["referrer"] = "https://shop.test/",
            ["release"] = "1.2.3",
            ["environment"] = "production",
            ["mechanism"] = "onerror",
            ["session"] = "s",
            ["user"] = new JsonObject { ["id"] = "7", ["email"] = "ann@shop.test", ["name"] = "Ann" },
            ["tags"] = new JsonObject { ["plan"] = "pro" },
            ["meta"] = new JsonObject { ["cart"] = new JsonArray("a", new JsonObject { ["deep"] = "b" }) },
            ["fingerprint"] = new JsonArray("x"),
            ["breadcrumbs"] = new JsonArray(new JsonObject { ["category"] = "c", ["message"] = "m", ["data"] = new JsonObject { ["k"] = "v" } }),
            ["causes"] = new JsonArray(new JsonObject { ["type"] = "Error", ["message"] = "inner", ["stack"] = "Error: inner\n    at f (https://shop.test/b.js:3:4)" }),
            ["source"] = new JsonObject { ["file"] = "https://shop.test/app.js" },
            ["scripts"] = new JsonArray("https://cdn.test/x.js"),
            ["sdk"] = new JsonObject { ["name"] = "n", ["version"] = "1" },
        };
        var key = to.Key;
        return
        [
            ($"/api/{key}/events", Seed(native.DeepClone()).ToJsonString()),
            ($"/api/{key}/events", Seed(new JsonObject { ["message"] = "Script error.", ["scripts"] = new JsonArray("https://cdn.test/x.js") }).ToJsonString()),
            ($"/api/1/store/?sentry_key={key}", Seeded("sentry/aggregate").ToJsonString()),
            ($"/api/1/store/?sentry_key={key}", Seeded("sentry/rejected-object").ToJsonString()),
            ("/notify", new JsonObject { ["apiKey"] = key, ["notifier"] = Seed(new JsonObject { ["name"] = "b" }), ["events"] = new JsonArray(Seeded("bugsnag/uncaught")) }.ToJsonString()),
            ("/api/1/item/", Rollbar(Seeded("rollbar/chain"), key).ToJsonString()),
            ($"/api/v3/projects/1/notices?key={key}", Seeded("airbrake/handled").ToJsonString()),
            ($"/capture?token={key}", Seeded("trackjs/window").ToJsonString()),
            ($"/entries?apikey={key}", Seeded("raygun/uncaught").ToJsonString()),
        ];
    }

    private static JsonObject Rollbar(JsonNode item, string key)
    {
        var body = item as JsonObject ?? [];
        if (!body.ContainsKey("data"))
            body = new() { ["data"] = body.DeepClone() };
        body["access_token"] = key;
        return body;
    }

    private JsonNode Seed(JsonNode node, string name = "")
    {
        switch (node)
        {
            case JsonObject map:
                var copy = new JsonObject();
                foreach (var (key, value) in map.ToList())
                    copy[key] = value is null ? null : Seed(value.DeepClone(), key);
                return copy;
            case JsonArray list:
                return new JsonArray([.. list.Select(item => item is null ? null : Seed(item.DeepClone(), name))]);
            case JsonValue value when value.TryGetValue<string>(out var text) && !Structural.Contains(name):
                var secret = $"{Mark}{_secrets.Count:0000}x";
                _secrets.Add(secret);
                return $"{text} {string.Format(CultureInfo.InvariantCulture, Holders[_secrets.Count % Holders.Length], secret)}";
            default:
                return node.DeepClone();
        }
    }

    /// <summary>What only this project knows to be secret.</summary>
    private static async Task AddOwnPatternAsync(Installation installation)
    {
        int InForce() => installation.Workers[0].Output.Split("privacy of configuration").Length;
        await Deadline.Until(() => Task.FromResult(InForce() > 1), Patience, installation.Logs, "the workers know the first configuration");
        var before = InForce();

        using var site = new Dashboard(installation.Web.Url);
        await site.SignInAsync();
        await site.PostAsync($"/projects/{installation.ProjectId}/privacy", ("Address", "truncated"), ("Patterns", "CUST-[a-z0-9]+"));
        await Deadline.Until(() => Task.FromResult(InForce() > before), Patience, installation.Logs, "the workers know the project's pattern");
    }

    private static async Task<long> StoredAsync(Installation installation) => (await installation.Api.IssuesAsync(installation.ProjectId)).Sum(i => i.Count);

    private static async Task<List<(string Where, string Text)>> EverythingKeptAsync(Installation installation)
    {
        var kept = new List<(string, string)>();
        foreach (var app in installation.Apps)
            kept.Add(($"log of {app.App}", app.Output));
        await foreach (var key in RedisAsync(installation))
            kept.Add(key);
        foreach (var file in Directory.EnumerateFiles(installation.DataFolder, "*.db*", SearchOption.AllDirectories))
        {
            kept.Add(($"file {file}", await BytesAsync(file)));
            if (file.EndsWith(".db", StringComparison.Ordinal))
                kept.AddRange(Tables(file));
        }

        foreach (var (collection, bytes) in await installation.DumpMongoAsync())
            kept.Add(($"table mongodb/{collection}", Encoding.Latin1.GetString(bytes)));
        return kept;
    }

    private static async IAsyncEnumerable<(string, string)> RedisAsync(Installation installation)
    {
        using var redis = await ConnectionMultiplexer.ConnectAsync(installation.Redis.Endpoint + ",allowAdmin=true");
        var database = redis.GetDatabase();
        // Else what is long would be compressed, and nothing found.
        await database.ExecuteAsync("CONFIG", "SET", "rdbcompression", "no");
        foreach (var key in (RedisResult[])(await database.ExecuteAsync("KEYS", "*"))!)
        {
            var name = (string)key!;
            if (name.EndsWith(":raw", StringComparison.Ordinal) || name.EndsWith(":raw-bulk", StringComparison.Ordinal))
                continue;
            yield return ($"key {name}", Encoding.Latin1.GetString((byte[])(await database.ExecuteAsync("DUMP", (RedisKey)name))! ?? []));
        }
    }

    private static async Task<string> BytesAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return Encoding.Latin1.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static List<(string, string)> Tables(string file)
    {
        var tables = new List<(string, string)>();
        using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var names = connection.CreateCommand();
        names.CommandText = "SELECT name FROM sqlite_master WHERE type = 'table'";
        var all = new List<string>();
        using (var reader = names.ExecuteReader())
        {
            while (reader.Read())
                all.Add(reader.GetString(0));
        }

        foreach (var name in all)
        {
            using var rows = connection.CreateCommand();
            rows.CommandText = $"SELECT * FROM \"{name}\"";
            var text = new StringBuilder();
            using var reader = rows.ExecuteReader();
            while (reader.Read())
            {
                for (var i = 0; i < reader.FieldCount; i++)
                    text.Append(reader.GetValue(i) is byte[] bytes ? Encoding.Latin1.GetString(bytes) : reader.GetValue(i)).Append('\n');
            }

            tables.Add(($"table {Path.GetFileName(file)}/{name}", text.ToString()));
        }

        return tables;
    }
}
