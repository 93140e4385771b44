using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Web.Tests;

/// <summary>Issues as a shop would have them.</summary>
internal static class Some
{
    private const long Hour = 3_600_000;

    public static IssueDelta Delta(
        int project, string fingerprint, string type = "TypeError", string message = "x is not a function", long count = 1, long users = 1,
        DateTimeOffset? at = null, string environment = "production", string level = "error", string @class = "ours",
        Func<long, long>? byHour = null, int hours = 1, params EventSample[] samples)
    {
        var now = (at ?? TimeProvider.System.GetUtcNow()).ToUnixTimeMilliseconds();
        var series = Enumerable.Range(0, hours).Select(h => new HourCount((now / Hour) - h, environment, byHour?.Invoke(h) ?? (h == 0 ? count : 0))).Where(h => h.Count > 0).ToList();
        var total = series.Sum(h => h.Count);
        return new()
        {
            ProjectId = project,
            Grouping = new("v1", Hex(fingerprint), [$"type: {type}", $"message: {message}", "frame: priceOf in /js/checkout.*.js", "frame: totalOf in /js/checkout.*.js"])
            {
                Notes = ["/js/checkout.3f2a1b9c.js counts as /js/checkout.*.js: the rest changes with builds and visits.", "Left out: commitHook in /vendor/react-dom.js, which is not your own code."],
            },
            Title = $"{type}: {message}",
            Culprit = "priceOf in checkout.js",
            Type = type,
            Level = level,
            Class = @class,
            Count = total,
            FirstSeen = now - (hours - 1) * Hour,
            LastSeen = now,
            LastReceived = now,
            Hours = series,
            Facets = [.. Facets(total, environment).Where(f => f.Count > 0)],
            Users = [.. Enumerable.Range(0, (int)users).Select(u => $"{fingerprint}-{u}")],
            Samples = samples,
        };
    }

    public static EventSample Sample(string id, DateTimeOffset? at = null, string type = "TypeError", string message = "Cannot read properties of undefined (reading 'toFixed')", string browser = "Chrome 142")
    {
        var now = (at ?? TimeProvider.System.GetUtcNow()).ToUnixTimeMilliseconds();
        return new(
            new()
            {
                EventId = Hex(id),
                At = now,
                ReceivedAt = now + 340,
                Browser = browser,
                Os = "Windows 11",
                Device = "desktop",
                Url = "https://shop.example.com/checkout?step=2",
                Page = "https://shop.example.com/checkout",
                UserKey = "u" + id,
            },
            new()
            {
                Type = type,
                Message = message,
                Frames =
                [
                    Mapped,
                    Frame("Array.map", null, null, null, false),
                    Frame("totalOf", "https://shop.example.com/js/checkout.js", 124, 16, true) with { MapProblem = "Release 1.4.2 has source maps, but none for https://shop.example.com/js/checkout.js." },
                    Frame("commitHookEffectListMount", "https://shop.example.com/vendor/react-dom.production.min.js", 168, 9021, false),
                    Frame("commitPassiveMountOnFiber", "https://shop.example.com/vendor/react-dom.production.min.js", 190, 411, false),
                    Frame("flushPassiveEffects", "https://shop.example.com/vendor/react-dom.production.min.js", 201, 77, false),
                    Frame("HTMLButtonElement.onClick", "https://shop.example.com/js/basket.js", 41, 5, true),
                ],
                RawStack = $"{type}: {message}\n    at priceOf (https://shop.example.com/js/checkout.js:118:21)\n    at Array.map (<anonymous>)\n    at totalOf (https://shop.example.com/js/checkout.js:124:16)",
                Causes = [new() { Type = "SyntaxError", Message = "Unexpected token 'n', \"{not a card\" is not valid JSON", Frames = [Frame("JSON.parse", null, null, null, false), Frame("pay", "https://shop.example.com/js/pay.js", 9, 10, true)] }],
            },
            new()
            {
                Mechanism = "onerror",
                Release = "shop-4.18.2",
                Environment = "production",
                Class = "ours",
                ClassEvidence = "top frame is on the page's own origin",
                Tags = [new("plan", "pro"), new("voucher", "SPRING")],
                User = new("4711", "[email]", "Ann"),
                Referrer = "https://shop.example.com/basket",
                Meta = """{"basket":{"items":2,"total":null},"flags":["new-checkout"]}""",
                Sdk = "errorpipeline-js 0.1.0",
                Breadcrumbs =
                [
                    new(now - 12_400, "navigation", "info", "/basket", null),
                    new(now - 9_120, "click", "info", "button#checkout.main", null),
                    new(now - 8_700, "fetch", "warning", "GET /api/prices", """{"status":503}"""),
                    new(now - 640, "console", "error", "prices are missing", null),
                    new(now - 20, "click", "info", "button[data-break=typeError]", null),
                ],
            },
            "novelty-" + id);
    }

    /// <summary>A store that looks lived in.</summary>
    public static IssueDelta[] Shop(int project)
    {
        var now = TimeProvider.System.GetUtcNow();
        return
        [
            Delta(project, "a1", message: "Cannot read properties of undefined (reading 'toFixed')", users: 412, hours: 200, at: now.AddSeconds(-12),
                byHour: h => h < 60 ? 14 + (h * 37 % 41) : h % 9, samples: [.. Enumerable.Range(0, 6).Select(i => Sample($"a{i}", now.AddMinutes(-i * 47), browser: i % 2 == 0 ? "Chrome 142" : "Firefox 145"))]),
            Delta(project, "b2", "RangeError", "page 99 of 3 was asked for", users: 31, hours: 30, at: now.AddMinutes(-4), byHour: h => h % 3 == 0 ? 5 : 1, samples: [Sample("b1", now.AddMinutes(-4), "RangeError", "page 99 of 3 was asked for")]),
            Delta(project, "c3", "Error", "payment could not be prepared", users: 8, hours: 5, at: now.AddMinutes(-26), byHour: h => 3 + h, samples: [Sample("c1", now.AddMinutes(-26), "Error", "payment could not be prepared")]),
            Delta(project, "d4", "UnhandledRejection", "basket is out of date", users: 120, hours: 90, at: now.AddHours(-2), level: "warning", byHour: h => 2 + h % 11, samples: [Sample("d1", now.AddHours(-2), "UnhandledRejection", "basket is out of date")]),
            Delta(project, "e5", "ChunkLoadError", "Loading chunk 817 failed. (missing: https://shop.example.com/js/817.4f2a.js)", users: 57, hours: 20, at: now.AddHours(-3), @class: "network", byHour: h => h == 3 ? 480 : h % 2, samples: [Sample("e1", now.AddHours(-3), "ChunkLoadError", "Loading chunk 817 failed.")]),
            Delta(project, "f6", "TypeError", "undefined is not an object (evaluating 'window.webkit.messageHandlers')", users: 9, hours: 12, at: now.AddHours(-5), @class: "extension", byHour: _ => 1, samples: [Sample("f1", now.AddHours(-5))]),
            Delta(project, "g7", "Error", "ResizeObserver loop completed with undelivered notifications.", users: 740, hours: 60, at: now.AddHours(-7), level: "info", byHour: h => 12 + (h * 131 % 30), samples: [Sample("g1", now.AddHours(-7), "Error", "ResizeObserver loop completed")]),
        ];
    }

    private static IReadOnlyList<FacetCount> Facets(long total, string environment) =>
    [
        new("browser", "Chrome 142", total * 6 / 10), new("browser", "Firefox 145", total * 2 / 10), new("browser", "Mobile Safari 19", total - (total * 6 / 10) - (total * 2 / 10)),
        new("os", "Windows 11", total - (total / 3)), new("os", "iOS 19", total / 3),
        new("device", "desktop", total - (total / 3)), new("device", "mobile", total / 3),
        new("page", "https://shop.example.com/checkout", total - (total / 5)), new("page", "https://shop.example.com/products/a-very-long-name-of-a-product-that-somebody-sells", total / 5),
        new("release", "shop-4.18.2", total - (total / 50)), new("release", "shop-4.18.1", total / 50),
        new("environment", environment, total), new("handled", "false", total), new("tag:plan", "pro", total / 4), new("tag:plan", "free", total / 2),
    ];

    /// <summary>As a source map resolved it.</summary>
    private static StackFrame Mapped => Frame("priceOf", "src/checkout.ts", 118, 24, true) with
    {
        Generated = new("https://shop.example.com/js/checkout.3f2a1b9c.js", 1, 48211, "t"),
        Context = new(
            ["", "/** What one line of the cart costs, with its discount. */", "function priceOf(line: Line, discounts: Map<string, number>): string {", "  const discount = discounts.get(line.code);"],
            "  return (line.price * discount!.rate).toFixed(2);",
            ["}", "", "export function totalOf(lines: Line[]): string {"]),
    };

    private static StackFrame Frame(string function, string? file, int? line, int? column, bool inApp) =>
        new() { Function = function, File = file, Line = line, Column = column, InApp = inApp };

    public static string Hex(string text) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)))[..32];
}
