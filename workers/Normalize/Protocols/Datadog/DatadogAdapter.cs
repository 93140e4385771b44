using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize.Reading;

namespace ErrorPipeline.Workers.Normalize.Protocols.Datadog;

/// <summary>One line of either browser SDK: an error event of RUM, or a log. Both are of one shape but for where the error's words stand.</summary>
internal static class DatadogAdapter
{
    /// <summary>What the SDK itself puts on a line of a log; all else is the site's.</summary>
    private static readonly string[] OwnFields =
        ["view", "service", "version", "session", "session_id", "usr", "tab", "message", "date", "error", "_dd", "origin", "status", "ddtags", "application", "connectivity", "account", "http"];

    private const string Provided = "Provided ";
    private const string NoReason = "Empty reason";
    private const string NoStack = "No stack, consider using an instance of Error";

    /// <summary>What the SDK makes of the engine's "at async https://...", a function without a name.</summary>
    private const string AwaitedFrame = "  at async @ ";
    private const string Frame = "  at <anonymous> @ ";

    public static ReadEvent ReadRum(JsonValue body)
    {
        var error = body["error"];
        var fault = Worded(new(Told.Type(error["type"]), Told.Message(error["message"]), Told.Stack(error["stack"])), Unhandled(error), out var thrown);
        return Read(body, "datadog-rum", fault) with
        {
            Meta = new MetaText().AddAll("context", body["context"]).Add("thrown", thrown).Add("feature_flags", body["feature_flags"]).AddRest("usr", body["usr"], "id", "email", "name", "anonymous_id").ToJson(),
        };
    }

    public static ReadEvent ReadLogs(JsonValue body)
    {
        var (error, said) = (body["error"], Told.Message(body["message"]));
        var message = Told.Message(error["message"]) ?? said;
        var fault = Worded(new(Told.Type(error["kind"]), message, Told.Stack(error["stack"])), Unhandled(error), out var thrown);
        return Read(body, "datadog-logs", fault) with
        {
            Level = Told.Level(body["status"].Text(20)),
            Meta = new MetaText().AddAll("log", body, OwnFields).Add("thrown", thrown).Add("message", said == message ? null : said).AddRest("usr", body["usr"], "id", "email", "name", "anonymous_id").ToJson(),
        };
    }

    private static ReadEvent Read(JsonValue body, string sdk, ReadFault fault)
    {
        var (error, user) = (body["error"], body["usr"]);
        var unhandled = Unhandled(error);
        var tags = Tags(body["ddtags"].Text(FieldLimits.Url));
        string? Tag(string key) => tags.Where(tag => tag.Key == key).Select(tag => tag.Value).FirstOrDefault();
        return new()
        {
            Timestamp = body["date"].Time(),
            Fault = fault,
            Causes = Told.Causes(error["causes"].Items.Select(cause => new ReadFault(Told.Type(cause["type"]), Wording.Bare(Told.Message(cause["message"])), Told.Stack(cause["stack"])))),
            Mechanism = unhandled ? fault.Type == Wording.Rejection ? "unhandledrejection" : "onerror" : error["source"].Text(20) is "console" || body["origin"].Text(20) is "console" ? "console" : "capture",
            Handled = !unhandled,
            Url = Told.Url(body["view"]["url"]),
            Referrer = Told.Url(body["view"]["referrer"]),
            Release = Told.Name(body["version"]) ?? Tag("version"),
            DebugIds = body["_dd"]["debug_ids"].Items.Aggregate(
                new FileDebugIds(), (ids, file) => ids.Add(file["url"].Text(FieldLimits.Url), file["id"].Text(FieldLimits.Name))),
            Environment = Tag("env"),
            User = Told.User(Told.Name(user["id"]), Told.Name(user["email"]), Told.Name(user["name"])),
            Session = Told.Name(user["anonymous_id"]) ?? Told.Name(body["session"]["id"]),
            Tags = tags.Where(tag => tag.Key is not ("env" or "version" or "sdk_version")).Aggregate(new TagList(), (list, tag) => list.Add(tag.Key, tag.Value)).ToList(),
            Fingerprint = Told.Key(error["fingerprint"]),
            Sdk = $"{sdk} {Tag("sdk_version")}".Trim(),
        };
    }

    /// <summary>A value that is no error has no class and comes as JSON behind "Uncaught ", or behind "Provided " where the site told it.</summary>
    private static ReadFault Worded(ReadFault fault, bool unhandled, out JsonValue value)
    {
        value = JsonValue.Missing;
        fault = fault with { Message = Wording.Bare(fault.Message), Stack = fault.Stack == NoStack ? null : fault.Stack?.Replace(AwaitedFrame, Frame, StringComparison.Ordinal) };
        if (fault.Type is not null)
            return fault;
        if (unhandled)
            fault = fault with { Message = Wording.Value(fault.Message, out value) is var told && told == NoReason ? "undefined" : told };
        else if (fault.Message?.StartsWith(Provided, StringComparison.Ordinal) == true)
            fault = fault with { Message = Wording.Value(fault.Message[Provided.Length..], out value) };
        // Of what was thrown the browser tells at least the place.
        return fault with { Type = !unhandled ? Wording.Said : fault.Stack is null ? Wording.TypeOfRejected(fault.Message) : Wording.TypeOfThrown(fault.Message) };
    }

    private static bool Unhandled(JsonValue error) => error["handling"].Text(20) == "unhandled";

    /// <summary>"env:staging,version:1.2.3,plain".</summary>
    private static List<(string Key, string Value)> Tags(string? text) =>
        [.. (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(FieldLimits.Tags).Select(tag => tag.IndexOf(':') is > 0 and var colon ? (CleanText.Clean(tag[..colon], FieldLimits.TagKey), CleanText.Clean(tag[(colon + 1)..], FieldLimits.Name)) : (CleanText.Clean(tag, FieldLimits.TagKey), "true"))];
}
