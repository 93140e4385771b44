using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize.Reading;
using ErrorPipeline.Workers.Normalize.Stacks;

namespace ErrorPipeline.Workers.Normalize.Protocols.TrackJs;

/// <summary>One capture. Four lists of what happened before become one trail.</summary>
internal static class TrackJsAdapter
{
    public static ReadEvent Read(JsonValue body)
    {
        var (customer, environment) = (body["customer"], body["environment"]);
        var entry = body["entry"].Text(FieldLimits.Name);
        var message = Wording.Bare(Told.Message(body["message"]));
        var stack = Told.Stack(body["stack"]);
        return new()
        {
            Timestamp = body["timestamp"].Time(),
            // The class is told by the stack's first line alone, which only some engines write.
            Fault = new(StackParser.Parse(null, message, stack).Type ?? Wording.TypeOf(message), message, stack) { Wrapped = entry == "catch" },
            Source = Source(body),
            Mechanism = How(entry),
            Handled = entry is not ("window" or "promise" or "catch"),
            Url = Told.Url(body["url"]),
            Referrer = Told.Url(environment["referrer"]),
            UserAgent = Told.Url(environment["userAgent"]),
            Release = Told.Name(customer["version"]),
            User = Told.User(Told.Name(customer["userId"]), null, null),
            Session = Told.Name(customer["sessionId"]),
            Tags = Tags(body),
            Breadcrumbs = Trail(body),
            Sdk = Told.Name(body["version"]) is { } version ? $"trackjs {version}" : "trackjs",
        };
    }

    private static StackFrame? Source(JsonValue body) =>
        FrameParts.FileOf(body["file"]) is { } file ? new() { File = file, Line = body["line"].Place(), Column = body["column"].Place() } : null;

    private static string? How(string? entry) => entry switch
    {
        "window" or "catch" => "onerror",
        "promise" => "unhandledrejection",
        "direct" => "capture",
        _ => entry,
    };

    private static IReadOnlyList<Tag> Tags(JsonValue body)
    {
        var tags = new TagList().Add("application", body["customer"]["application"]);
        foreach (var pair in body["metadata"].Items)
            tags.Add(pair["key"].Scalar(FieldLimits.TagKey) ?? "", pair["value"]);
        return tags.ToList();
    }

    private static IReadOnlyList<ReadCrumb> Trail(JsonValue body)
    {
        var trail = Crumbs.Of(body["console"].Items, said => Crumbs.Of(said["timestamp"].Time(), "console", said["severity"].Text(20), Crumbs.Text(said["message"]), JsonValue.Missing))
            .Concat(Crumbs.Of(body["network"].Items, sent => Crumbs.Of(
                sent["startedOn"].Time(), "http", null, Crumbs.Request(sent["method"], sent["url"], sent["statusCode"]), JsonValue.Missing)))
            .Concat(Crumbs.Of(body["nav"].Items, went => Crumbs.Of(went["on"].Time() ?? went["timestamp"].Time(), "navigation", null, Crumbs.Move(went["from"], went["to"]), JsonValue.Missing)))
            .Concat(Crumbs.Of(body["visitor"].Items, did => Crumbs.Of(did["timestamp"].Time(), did["action"].Text(FieldLimits.TagKey), null, Element(did["element"]), JsonValue.Missing)));
        return [.. trail.OrderBy(crumb => crumb.Timestamp ?? 0).TakeLast(FieldLimits.Breadcrumbs)];
    }

    private static string? Element(JsonValue element) =>
        element["tag"].Text(FieldLimits.TagKey) is { } tag ? tag + (element["attributes"]["id"].Text(FieldLimits.TagKey) is { } id ? $"#{id}" : "") : null;
}
