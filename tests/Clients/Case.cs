using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Clients;

/// <summary>Something that the page did, and what the dashboard must know of it.</summary>
/// <param name="Name">The page's, and the case's in site/shop.js.</param>
/// <param name="Title">Part of the title of its issue.</param>
internal sealed record Case(string Name, string Words, string Title, params Fact[] Facts);

/// <param name="Marker">What must be in the client's requests where the client tells the fact at all; null where no text says so.</param>
internal sealed record Fact(string Name, Func<Seen, Told, bool> Holds, string? Marker = null);

/// <summary>What a client put on the wire in one case.</summary>
internal sealed record Told(Client Client, string Case, IReadOnlyList<WireRequest> Requests)
{
    /// <summary>How many events the client sent.</summary>
    public int Events => Requests.Where(Client.IsEvent).Sum(r => Client.Mark is { } mark ? r.Text.Split(mark).Length - 1 : 1);

    /// <summary>Said of these words' event, where the client sends other things too.</summary>
    public bool Says(string words, string marker) => Requests.SelectMany(r => r.Text.Split('\n'))
        .Any(line => line.Contains(words, StringComparison.Ordinal) && line.Contains(marker, StringComparison.Ordinal));

    public bool Has(string marker) => Requests.Any(r => r.Text.Contains(marker, StringComparison.Ordinal) || r.Path.Contains(marker, StringComparison.Ordinal));
}

internal static class Cases
{
    /// <summary>Of equal events only the first keeps what its visitor said and did.</summary>
    public const string Loop = "loop";

    private const string SoldOut = "the button is sold out";

    /// <summary>True of every event, whatever the page did.</summary>
    public static IReadOnlyList<Fact> Always { get; } =
    [
        new("release", (seen, _) => seen.Event.Context.Release is { } release && release.Contains("7.7.7"), "7.7.7"),
        new("environment", (seen, _) => seen.Event.Context.Environment == "staging", "staging"),
        new("user", (seen, _) => seen.Event.Context.User is { Id: "u-17" }, "u-17"),
        new("email", (seen, _) => seen.Event.Context.User is { Email: "ann@shop.example" }, "\"ann@shop.example\""),
        new("tags", (seen, _) => seen.Event.Context.Tags.Any(tag => tag.K == "spring" || tag.V == "spring") || seen.Event.Context.Meta?.Contains("spring") == true, "spring"),
        new("address", (seen, told) => seen.Event.Occurrence.Page?.EndsWith("/" + told.Case, StringComparison.Ordinal) == true && seen.Event.Occurrence.Url!.Contains("visit=7"), "visit=7"),
        new("browser", (seen, _) => seen.Event.Occurrence is { Browser: { } browser, Os: "Linux", Device: "desktop" } && browser.StartsWith("HeadlessChrome", StringComparison.Ordinal)),
        new("client", (seen, _) => seen.Event.Context.Sdk is { Length: > 3 }),
        new("time", (seen, _) => Math.Abs(seen.Event.Occurrence.At - seen.Event.Occurrence.ReceivedAt) < 30_000),
        new("event id", (seen, told) => told.Has(seen.Event.EventId) || told.Has(Guid.ParseExact(seen.Event.EventId, "N").ToString("D"))),
    ];

    public static IReadOnlyList<Case> All { get; } =
    [
        new("uncaught", "uncaught error", "reading 'amount'", Type("TypeError"), Unhandled, Frames("priceOf", "basket", "checkout"), Level("error")),
        new("shallow", "uncaught error, shallow stack", "nothing is below", Type("Error"), Unhandled, Frames()),
        new("listener", "uncaught error in a listener", SoldOut, Type("RangeError"), Unhandled, Frames("refuse")),
        new("rejected-error", "rejected promise: Error", "page 99 of 3", Type("RangeError"), Unhandled, Frames("refuse")),
        new("rejected-string", "rejected promise: string", "the basket is out of date", Type("UnhandledRejection"), Unhandled, Message("the basket is out of date")),
        new("rejected-object", "rejected promise: object", "", Type("UnhandledRejection"), Unhandled, new("value", (seen, _) => (seen.Event.Error.Message + seen.Event.Context.Meta).Contains("conflict"), "conflict")),
        new("rejected-undefined", "rejected promise: undefined", "", Type("UnhandledRejection"), Unhandled, Message("undefined")),
        new("handled", "handled error with extra data", "the voucher was refused", Type("RangeError"), Handled, Frames("refuse"), Level("error"),
            new("extra", (seen, _) => seen.Event.Context.Meta?.Contains("SPRING-9Z") == true || seen.Event.Context.Tags.Any(tag => tag.V == "SPRING-9Z"), "SPRING-9Z"),
            new("debug id", (seen, _) => seen.Event.Error.Frames is [{ DebugId: { } id }, ..] && id.ToString("D") == Shop.DebugId, Shop.DebugId)),
        new("fingerprint", "custom fingerprint", "order 4711 failed", Type("RangeError"), new("fingerprint", (seen, _) => seen.Grouping.Tokens.SequenceEqual(["client: payment-by-card"]), "payment-by-card")),
        new("message", "message", "the stock is running low", Handled, Level("warning"), new("message", (seen, _) => seen.Event.Error is { Message: "the stock is running low" })),
        new("breadcrumbs", "breadcrumbs", "the trail ends here", Type("RangeError"), Handled,
            Crumb("console", "the kettle is hot"), Crumb("click", "buy"), Crumb("http", "stock.json"), Crumb("navigation", "#basket"), Crumb("cart", "the basket was emptied"),
            new("no secrets", (seen, _) => !string.Join('\n', seen.Event.Context.Breadcrumbs).Contains("secret123"))),
        new("cause", "cause", "the shop cannot open", Type("Error"), Frames("chain"),
            new("causes", (seen, _) => seen.Event.Error.Causes.Select(cause => cause.Type).SequenceEqual(["TypeError", "SyntaxError"]) && seen.Event.Error.Causes.All(cause => cause.Frames.Count > 0), "the settings are damaged")),
        new("aggregate", "AggregateError", "no store answers", Type("AggregateError"), Frames("both"),
            new("errors", (seen, _) => new[] { "the east store is closed", "the west store is gone" }.All(seen.Event.Error.Causes.Select(cause => cause.Message).Contains), "the west store is gone")),
        new("script-error", "cross-origin \"Script error.\"", "Script error", Unhandled, new("class", (seen, _) => seen.Event.Context.Class == "third_party")),
        new("hidden", "page left", "the draft cannot be saved", Type("RangeError"), Handled, Frames("refuse")),
        new("long", "message of 9,908 characters", "long 0123456789", Type("RangeError"), new("message", (seen, _) => seen.Event.Error.Message.Length >= 8_000)),
        new("unicode", "unicode", "日本語 für 🧨 half", Type("RangeError"), new("message", (seen, _) => seen.Event.Error.Message.StartsWith("日本語 für 🧨 half \ufffd and ", StringComparison.Ordinal) && seen.Event.Error.Message.EndsWith(" nul", StringComparison.Ordinal))),
        new(Loop, "the same error 30 times at once", "the same again", Type("Error"), new("count", (seen, told) => seen.Issue.Count == told.Events)),
    ];

    private static Fact Handled => new("handled", (seen, _) => seen.Event.Context.Handled);

    private static Fact Unhandled => new("unhandled", (seen, _) => !seen.Event.Context.Handled);

    private static Fact Type(string type) => new("type", (seen, _) => seen.Event.Error.Type == type);

    private static Fact Message(string message) => new("message", (seen, _) => seen.Event.Error.Message == message);

    private static Fact Level(string level) => new("level", (seen, _) => seen.Event.Context.Level == level);

    private static Fact Crumb(string category, string says) => new($"breadcrumb: {category}", (seen, _) => seen.Event.Context.Breadcrumbs
        .Any(crumb => (crumb.Category == category || category == "cart") && $"{crumb.Message} {crumb.Data}".Contains(says, StringComparison.Ordinal) && crumb.Timestamp > 1_700_000_000_000), category == "navigation" ? null : says);

    /// <summary>The newest is the first of them, the others follow somewhere below; all in the bundle and with a place.</summary>
    private static Fact Frames(params string[] functions) => new("frames", (seen, _) =>
    {
        var frames = seen.Event.Error.Frames;
        var below = 0;
        foreach (var frame in frames)
        {
            if (below < functions.Length && Name(frame) == functions[below])
                below++;
        }

        return below == functions.Length && frames is [{ File: { } file, Line: > 0, Column: > 0, InApp: true }, ..] && file.EndsWith("/assets/app.js", StringComparison.Ordinal)
            && (functions.Length == 0 || Name(frames[0]) == functions[0]);
    });

    private static string? Name(StackFrame frame) => frame.Function?.Split(' ')[^1].Split('.')[^1];
}
