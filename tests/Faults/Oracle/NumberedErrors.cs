using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace ErrorPipeline.Faults.Oracle;

/// <summary>
/// Events of known issues, as browsers send them. Event n belongs to kind n % kinds; kinds differ in everything a fingerprint looks at.
/// Every event has a visitor of its own, so that an issue's users tell how many different events it counted: one lost and one doubled never cancel out.
/// </summary>
internal static class NumberedErrors
{
    private static readonly string[] Types = ["TypeError", "RangeError", "SyntaxError", "ReferenceError", "PaymentError"];
    private static readonly string[] Nouns = ["basket", "invoice", "carousel", "address", "voucher", "session", "stock", "price", "receipt", "profile"];

    public static JsonObject Event(string run, int kind, int number)
    {
        var (type, noun, word) = (Types[kind % Types.Length], Nouns[kind % Nouns.Length], Word(kind));
        var message = $"{noun}{Ending(kind)}";
        return new JsonObject
        {
            ["id"] = Id(run, kind, number),
            ["type"] = type,
            ["message"] = message,
            ["stack"] = $"{type}: {message}\n    at {noun}{word} (https://shop.example/js/{noun}{word}.js:{(kind % 1000) + 10}:7)\n    at run (https://shop.example/js/app.js:5:3)",
            ["url"] = $"https://shop.example/{noun}",
            ["mechanism"] = "onerror",
            ["handled"] = false,
            ["session"] = $"{run}-{kind}-{number}",
            ["release"] = "shop@1.0",
        };
    }

    /// <summary>How the title of this kind's issue ends, and no other's.</summary>
    public static string Ending(int kind) => $" {Word(kind)} is not ready";

    /// <summary>Letters only: grouping takes numbers out of messages.</summary>
    private static string Word(int kind)
    {
        var letters = new StringBuilder("q");
        do
            letters.Append((char)('a' + (kind % 26)));
        while ((kind /= 26) > 0);
        return letters.ToString();
    }

    private static string Id(string run, int kind, int number) => string.Create(
        CultureInfo.InvariantCulture, $"{Convert.ToHexStringLower(Encoding.ASCII.GetBytes(run.PadRight(4)[..4]))}{kind:x8}{number:x16}");
}
