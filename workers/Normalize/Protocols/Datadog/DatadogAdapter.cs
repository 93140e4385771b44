using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize.Reading;

namespace ErrorPipeline.Workers.Normalize.Protocols.Datadog;

/// <summary>One line of either browser SDK: an error event of RUM, or a log. Both are of one shape but for where the error's words stand.</summary>
internal static class DatadogAdapter
{
    /// <summary>What the SDK itself puts on a line of a log; all else is the site's.</summary>
    private static readonly string[] OwnFields =
        ["view", "service", "version", "session", "session_id", "usr", "tab", "message", "date", "error", "_dd", "origin", "status", "ddtags", "application", "connectivity", "account", "http"];

    public static ReadEvent ReadRum(JsonValue body)
    {
        var error = body["error"];
        return Read(body, "datadog-rum", new(Told.Type(error["type"]), Told.Message(error["message"]), null)) with
        {
            Meta = new MetaText().AddAll("context", body["context"]).Add("feature_flags", body["feature_flags"]).AddRest("usr", body["usr"], "id", "email", "name", "anonymous_id").ToJson(),
        };
    }

    public static ReadEvent ReadLogs(JsonValue body)
    {
        var (error, said) = (body["error"], Told.Message(body["message"]));
        var thrown = Told.Message(error["message"]) ?? said;
        return Read(body, "datadog-logs", new(Told.Type(error["kind"]), thrown, null)) with
        {
            Level = Told.Level(body["status"].Text(20)),
            Meta = new MetaText().AddAll("log", body, OwnFields).Add("message", said == thrown ? null : said).AddRest("usr", body["usr"], "id", "email", "name", "anonymous_id").ToJson(),
        };
    }

    private static ReadEvent Read(JsonValue body, string sdk, ReadFault fault)
    {
        var (error, user) = (body["error"], body["usr"]);
        var unhandled = error["handling"].Text(20) == "unhandled";
        var tags = Tags(body["ddtags"].Text(FieldLimits.Url));
        string? Tag(string key) => tags.Where(tag => tag.Key == key).Select(tag => tag.Value).FirstOrDefault();
        return new()
        {
            Timestamp = body["date"].Time(),
            Fault = Worded(fault, unhandled) with { Stack = Told.Stack(error["stack"]) },
            Causes = Told.Causes(error["causes"].Items.Select(cause => new ReadFault(Told.Type(cause["type"]), Wording.Bare(Told.Message(cause["message"])), Told.Stack(cause["stack"])))),
            Mechanism = unhandled ? "onerror" : error["source"].Text(20) is "console" || body["origin"].Text(20) is "console" ? "console" : "capture",
            Handled = !unhandled,
            Url = Told.Url(body["view"]["url"]),
            Referrer = Told.Url(body["view"]["referrer"]),
            Release = Told.Name(body["version"]) ?? Tag("version"),
            Environment = Tag("env"),
            User = Told.User(Told.Name(user["id"]), Told.Name(user["email"]), Told.Name(user["name"])),
            Session = Told.Name(user["anonymous_id"]) ?? Told.Name(body["session"]["id"]),
            Tags = tags.Where(tag => tag.Key is not ("env" or "version" or "sdk_version")).Aggregate(new TagList(), (list, tag) => list.Add(tag.Key, tag.Value)).ToList(),
            Fingerprint = Told.Key(error["fingerprint"]),
            Sdk = $"{sdk} {Tag("sdk_version")}".Trim(),
        };
    }

    /// <summary>A value that is no error has no class and comes as JSON behind "Uncaught ".</summary>
    private static ReadFault Worded(ReadFault fault, bool unhandled) => fault.Type is null && unhandled
        ? fault with { Type = Wording.Thrown, Message = Wording.Unquoted(Wording.Bare(fault.Message)) }
        : fault with { Message = Wording.Bare(fault.Message) };

    /// <summary>"env:staging,version:1.2.3,plain".</summary>
    private static List<(string Key, string Value)> Tags(string? text) =>
        [.. (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(FieldLimits.Tags).Select(tag => tag.IndexOf(':') is > 0 and var colon ? (CleanText.Clean(tag[..colon], FieldLimits.TagKey), CleanText.Clean(tag[(colon + 1)..], FieldLimits.Name)) : (CleanText.Clean(tag, FieldLimits.TagKey), "true"))];
}
