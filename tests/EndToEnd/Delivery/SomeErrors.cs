using System.Globalization;
using System.Text.Json.Nodes;

namespace ErrorPipeline.EndToEnd.Delivery;

/// <summary>Events of errors that differ in everything a fingerprint looks at, as browsers send them.</summary>
internal static class SomeErrors
{
    private static readonly string[] Types = ["TypeError", "RangeError", "SyntaxError", "ReferenceError", "PaymentError"];
    private static readonly string[] Nouns = ["basket", "invoice", "carousel", "address", "voucher", "session", "stock", "price", "receipt", "profile"];

    /// <summary>Event number <paramref name="number"/> of error <paramref name="kind"/>; the id is of both and the run.</summary>
    public static JsonObject Event(string run, int kind, int number)
    {
        var (type, noun) = (Types[kind % Types.Length], Nouns[kind % Nouns.Length]);
        var message = $"{noun} {(char)('a' + kind)} is not ready";
        return new JsonObject
        {
            ["id"] = Id(run, kind, number),
            ["type"] = type,
            ["message"] = message,
            ["stack"] = $"{type}: {message}\n    at {noun}{kind} (https://shop.example/js/{noun}{kind}.js:{kind + 10}:7)\n    at run (https://shop.example/js/app.js:5:3)",
            ["url"] = $"https://shop.example/{noun}",
            ["mechanism"] = "onerror",
            ["handled"] = false,
            ["session"] = $"session-{number % 50}",
            ["release"] = "shop@1.0",
        };
    }

    private static string Id(string run, int kind, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{Convert.ToHexStringLower(System.Text.Encoding.ASCII.GetBytes(run.PadRight(4)[..4]))}{kind:x8}{number:x16}");
}
