using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ErrorPipeline.Load;

/// <summary>What the clients send. Native events of about 1.5 KB, SDK envelopes of about 6 KB, native events of about 50 KB and 10 KB.</summary>
internal enum PayloadKind
{
    Native,
    Envelope,
    Large,
    Medium,
}

/// <summary>
/// The file of requests that every contender gets: 200 distinct errors drawn by Zipf's law, and 5% that nobody has seen before.
/// Seeded, so that each run makes the same. <c>post.lua</c> puts ids and new words where <see cref="Id"/> and <see cref="New"/> stand.
/// </summary>
internal static class Payloads
{
    private const int Errors = 200;
    public const double UsualNewShare = 0.05;
    private const int Seed = 20111;
    private const char Separator = (char)30;
    private const char ErrorEnds = (char)31;
    private const string New = "NEWERROR";
    private static readonly string Id = new('I', 32);
    private static readonly string[] Types = ["TypeError", "ReferenceError", "RangeError", "SyntaxError", "Error", "ChunkLoadError", "AbortError"];
    private static readonly string[] Words = ["cart", "basket", "price", "order", "login", "search", "filter", "address", "payment", "voucher", "menu", "slider", "video", "map"];

    public static string ContentType(PayloadKind kind) => kind == PayloadKind.Envelope ? "text/plain;charset=UTF-8" : "application/json";

    /// <summary>Writes the file and answers the mean size of a body in bytes.</summary>
    /// <param name="newShare">Errors that nobody has seen before.</param>
    public static int Write(PayloadKind kind, string path, double newShare = UsualNewShare)
    {
        var random = new Random(Seed);
        var records = kind == PayloadKind.Large ? 400 : 4000;
        var shares = Enumerable.Range(1, Errors).Select(rank => 1.0 / rank).ToArray();
        var sum = shares.Sum();
        var text = new StringBuilder();
        for (var i = 0; i < records; i++)
        {
            var at = random.NextDouble() * sum;
            var error = 0;
            while (error < Errors - 1 && (at -= shares[error]) > 0)
                error++;
            var one = new ErrorShape(error, random.NextDouble() < newShare, random);
            text.Append(i == 0 ? "" : Separator).Append(error).Append(ErrorEnds).Append(kind switch
            {
                PayloadKind.Native => Native(one, breadcrumbs: 3, extraBytes: 0),
                PayloadKind.Large => Native(one, breadcrumbs: 40, extraBytes: 40_000),
                PayloadKind.Medium => Native(one, breadcrumbs: 15, extraBytes: 6_000),
                _ => Envelope(one),
            });
        }

        File.WriteAllText(path, text.ToString());
        return text.Length / records;
    }

    private static string Native(ErrorShape one, int breadcrumbs, int extraBytes)
    {
        var stack = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{one.Type}: {one.Message}");
        foreach (var f in one.Frames)
            stack.Append(CultureInfo.InvariantCulture, $"\n    at {f.Function} ({f.File}:{f.Line}:{f.Column})");
        var meta = new JsonObject { ["cart"] = one.Random.Next(1000), ["step"] = Words[one.Random.Next(Words.Length)] };
        for (var i = 0; meta.Count < 2 + (extraBytes / 200); i++)
            meta[$"state{i}"] = string.Join(' ', Enumerable.Range(0, 28).Select(_ => Words[one.Random.Next(Words.Length)]));
        return new JsonObject
        {
            ["id"] = Id,
            ["type"] = one.Type,
            ["message"] = one.Message,
            ["stack"] = stack.ToString(),
            ["mechanism"] = "onerror",
            ["handled"] = false,
            ["url"] = one.Page,
            ["release"] = "shop@1.4.2",
            ["environment"] = "production",
            ["session"] = one.Session,
            ["tags"] = new JsonObject { ["team"] = Words[one.Error % Words.Length], ["locale"] = "de-DE" },
            ["meta"] = meta,
            ["breadcrumbs"] = Breadcrumbs(one, breadcrumbs, "timestamp"),
        }.ToJsonString();
    }

    /// <summary>The three lines that @sentry/browser sends, with the parts that make it large: frames, breadcrumbs, contexts, packages.</summary>
    private static string Envelope(ErrorShape one)
    {
        var frames = new JsonArray();
        foreach (var f in one.Frames.Reverse())
            frames.Add(new JsonObject { ["filename"] = f.File, ["function"] = f.Function, ["in_app"] = true, ["lineno"] = f.Line, ["colno"] = f.Column });
        var body = new JsonObject
        {
            ["exception"] = new JsonObject
            {
                ["values"] = new JsonArray(new JsonObject
                {
                    ["type"] = one.Type,
                    ["value"] = one.Message,
                    ["stacktrace"] = new JsonObject { ["frames"] = frames },
                    ["mechanism"] = new JsonObject { ["type"] = "auto.browser.global_handlers.onerror", ["handled"] = false },
                }),
            },
            ["event_id"] = Id,
            ["level"] = "error",
            ["platform"] = "javascript",
            ["release"] = "shop@1.4.2",
            ["environment"] = "production",
            ["request"] = new JsonObject { ["url"] = one.Page, ["headers"] = new JsonObject { ["User-Agent"] = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36" } },
            ["user"] = new JsonObject { ["id"] = one.Session },
            ["sdk"] = new JsonObject { ["name"] = "sentry.javascript.browser", ["version"] = "10.0.0", ["integrations"] = new JsonArray("InboundFilters", "FunctionToString", "BrowserApiErrors", "Breadcrumbs", "GlobalHandlers", "LinkedErrors", "Dedupe", "HttpContext", "BrowserSession") },
            ["contexts"] = new JsonObject { ["trace"] = new JsonObject { ["trace_id"] = Id, ["span_id"] = "0123456789abcdef" }, ["culture"] = new JsonObject { ["locale"] = "de-DE", ["timezone"] = "Europe/Berlin" } },
            ["extra"] = new JsonObject { ["arguments"] = new JsonArray(Words.Select(w => (JsonNode)w).ToArray()) },
            ["breadcrumbs"] = Breadcrumbs(one, 22, "timestamp"),
        };
        return $"{{\"event_id\":\"{Id}\",\"sdk\":{{\"name\":\"sentry.javascript.browser\",\"version\":\"10.0.0\"}}}}\n{{\"type\":\"event\"}}\n{body.ToJsonString()}";
    }

    private static JsonArray Breadcrumbs(ErrorShape one, int count, string time)
    {
        var all = new JsonArray();
        for (var i = 0; i < count; i++)
        {
            all.Add(new JsonObject
            {
                [time] = 1_760_000_000_000 + (i * 731L),
                ["category"] = i % 3 == 0 ? "fetch" : i % 3 == 1 ? "ui.click" : "console",
                ["level"] = "info",
                ["message"] = i % 3 == 1 ? $"button#{Words[one.Random.Next(Words.Length)]}.primary" : $"GET https://shop.example/api/{Words[one.Random.Next(Words.Length)]}/{one.Random.Next(9999)}",
                ["data"] = new JsonObject { ["status_code"] = 200, ["method"] = "GET" },
            });
        }

        return all;
    }

    private sealed record Frame(string Function, string File, int Line, int Column);

    private sealed class ErrorShape
    {
        public ErrorShape(int error, bool isNew, Random random)
        {
            (Error, Random) = (error, random);
            var fixedByError = new Random(error);
            var word = Words[error % Words.Length];
            var suffix = isNew ? New : $"{(char)('a' + (error % 26))}{(char)('a' + (error / 26))}";
            Type = Types[error % Types.Length];
            Message = error % 3 == 0 ? $"Cannot read properties of undefined (reading '{word}{suffix}')" : $"{word}{suffix} of the {Words[(error + 5) % Words.Length]} is not a function";
            Frames = [.. Enumerable.Range(0, 6 + (error % 4)).Select(i => new Frame(
                i == 0 ? $"{word}Of{suffix}" : $"{Words[fixedByError.Next(Words.Length)]}{i}",
                $"https://shop.example/assets/{Words[fixedByError.Next(Words.Length)]}.js", fixedByError.Next(1, 900), fixedByError.Next(1, 120)))];
            Page = $"https://shop.example/{Words[random.Next(Words.Length)]}/{random.Next(200)}";
            Session = random.Next(5000).ToString("x8", CultureInfo.InvariantCulture);
        }

        public int Error { get; }

        public Random Random { get; }

        public string Type { get; }

        public string Message { get; }

        public IReadOnlyList<Frame> Frames { get; }

        public string Page { get; }

        public string Session { get; }
    }
}
