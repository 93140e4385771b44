using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize.Reading;

namespace ErrorPipeline.Workers.Normalize.Protocols.Bugsnag;

/// <summary>One event of a "notify" request, with the notifier that sent it.</summary>
internal static class BugsnagAdapter
{
    public static ReadEvent Read(JsonValue body)
    {
        var told = body["event"].IsObject ? body["event"] : body["events"].Items.FirstOrDefault() ?? JsonValue.Missing;
        var faults = told["exceptions"].Items.Where(exception => exception.IsObject).Select(Fault).ToList();
        var how = How(told["severityReason"]["type"].Text(FieldLimits.Name));
        var (app, device, user) = (told["app"], told["device"], told["user"]);
        return new()
        {
            Timestamp = device["time"].Time(),
            Fault = Meant(faults.FirstOrDefault() ?? ReadFault.None, told["metaData"], how),
            Causes = Told.Causes(faults.Skip(1)),
            Mechanism = how,
            Handled = !told["unhandled"].Bool(),
            Level = Told.Level(told["severity"].Text(20)),
            Url = Told.Url(told["request"]["url"]),
            Referrer = Told.Url(told["request"]["referer"]),
            UserAgent = Told.Url(device["userAgent"]),
            Release = Told.Name(app["version"]),
            Environment = Told.Name(app["releaseStage"]),
            User = Told.User(Told.Name(user["id"]), Told.Name(user["email"]), Told.Name(user["name"])),
            Session = Told.Name(device["id"]),
            Tags = Tags(told),
            Meta = new MetaText().AddAll("metaData", told["metaData"]).ToJson(),
            Breadcrumbs = Crumbs.Of(told["breadcrumbs"].Items, Crumb),
            Fingerprint = Told.Key(told["groupingHash"]),
            Sdk = Told.Sdk(body["notifier"]["name"], body["notifier"]["version"]),
        };
    }

    private static string How(string? reason) => reason switch
    {
        "unhandledException" => "onerror",
        "unhandledPromiseRejection" => "unhandledrejection",
        _ => "capture",
    };

    private static ReadFault Fault(JsonValue exception) =>
        new(Told.Type(exception["errorClass"]), Wording.Bare(Told.Message(exception["errorMessage"]) ?? Told.Message(exception["message"])), null)
        {
            Frames = FrameParts.ToFrames(exception["stacktrace"].Items.Select(frame => new FrameParts(
                FrameParts.NameOf(frame["method"]), FrameParts.FileOf(frame["file"]), frame["lineNumber"].Place(), frame["columnNumber"].Place()))),
        };

    /// <summary>What was thrown, where it was no error: the client puts a sentence of its own in its place.</summary>
    private static ReadFault Meant(ReadFault fault, JsonValue meta, string how)
    {
        if (fault.Type != "InvalidError")
            return fault;
        var type = how switch { "unhandledrejection" => Wording.Rejection, "onerror" => Wording.Thrown, _ => Wording.Said };
        foreach (var (_, tab) in meta.Properties)
        {
            var value = tab["non-error parameter"];
            if (value.Kind != System.Text.Json.JsonTokenType.None)
                return fault with { Type = type, Message = value.IsObject ? Wording.Keys(value.Properties.Select(p => p.Name)) : Told.Message(value) ?? "null" };
        }

        return fault with { Type = type };
    }

    private static IReadOnlyList<Tag> Tags(JsonValue told)
    {
        var tags = new TagList().Add("context", told["context"]);
        foreach (var flag in told["featureFlags"].Items)
            tags.Add(flag["featureFlag"].Text(FieldLimits.TagKey) ?? "", flag["variant"].Scalar(FieldLimits.TagValue) ?? "true");
        return tags.ToList();
    }

    private static ReadCrumb Crumb(JsonValue crumb)
    {
        var data = crumb["metaData"];
        var spoken = string.Join(' ', Enumerable.Range(0, 8).Select(i => Crumbs.Text(data[$"[{i}]"])).OfType<string>());
        return Crumbs.Of(
            crumb["timestamp"].Time(),
            crumb["type"].Text(FieldLimits.TagKey),
            data["severity"].Text(20),
            spoken.Length > 0 ? spoken : Crumbs.Request(data["method"], data["url"], data["status"]) ?? Crumbs.Text(data["targetSelector"]) ?? Crumbs.Move(data["from"], data["to"]) ?? Crumbs.Text(crumb["name"]),
            data);
    }
}
