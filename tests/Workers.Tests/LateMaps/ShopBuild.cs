using System.Text.Json;
using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Workers.Tests.LateMaps;

/// <summary>Two builds of one small shop (tests/Corpus/shop-build), and the errors that browsers send of them.</summary>
internal static class ShopBuild
{
    public const string First = "app.1a2b3c4d.js";
    public const string Second = "app.5e6f7a8b.js";

    public static byte[] Map(string file) => File.ReadAllBytes(Path.Combine(Normalize.GoldenCorpusTests.Folder, "shop-build", file + ".map"));

    public static string V8(string file, string inner, string outer, int outerColumn) =>
        $"TypeError: Cannot read properties of null (reading 'amount')\n    at {inner} (https://shop.test/static/{file}:1:55)\n    at {outer} (https://shop.test/static/{file}:1:{outerColumn})";

    public static string Gecko(string file, string inner, string outer, int outerColumn) =>
        $"{inner}@https://shop.test/static/{file}:1:55\n{outer}@https://shop.test/static/{file}:1:{outerColumn}\n";

    public static string OfFirst => V8(First, "e", "r", 136);

    public static string OfSecond => V8(Second, "o", "c", 177);

    /// <summary>As a client of Sentry's sends it, which may tell a dist.</summary>
    public static UniqueError EventOfDist(int n, string release, string dist, string file) => new()
    {
        ProjectId = 1,
        Protocol = "sentry",
        Body = JsonSerializer.SerializeToUtf8Bytes(new
        {
            release,
            dist,
            platform = "javascript",
            exception = new
            {
                values = new[]
                {
                    new
                    {
                        type = "TypeError",
                        value = "Cannot read properties of null (reading 'amount')",
                        stacktrace = new { frames = new[] { new { function = "e", filename = $"https://shop.test/static/{file}", lineno = 1, colno = 55, in_app = true } } },
                    },
                },
            },
        }),
        Occurrences = [new() { EventId = Some.EventId(n * 100), ReceivedAt = Some.Time + n }],
    };

    public static UniqueError Event(int n, string release, string stack, string message = "Cannot read properties of null (reading 'amount')", int events = 1) => new()
    {
        ProjectId = 1,
        Protocol = "native",
        Body = JsonSerializer.SerializeToUtf8Bytes(new { type = "TypeError", message, stack, release, url = "https://shop.test/cart" }),
        Occurrences = [.. Enumerable.Range(0, events).Select(i => new Occurrence { EventId = Some.EventId((n * 100) + i), ReceivedAt = Some.Time + n })],
    };
}
