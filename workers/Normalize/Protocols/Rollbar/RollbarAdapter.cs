using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize.Reading;

namespace ErrorPipeline.Workers.Normalize.Protocols.Rollbar;

/// <summary>One item of the Rollbar API. Of the client's own options, which repeat the person, nothing is read.</summary>
internal static class RollbarAdapter
{
    private const string NoReason = "[unhandledrejection] error getting `reason` from event";
    private const string NullReason = "unhandled rejection was null or undefined!";

    public static ReadEvent Read(JsonValue body)
    {
        var data = body["data"];
        var (client, person, told) = (data["client"], data["person"], data["body"]);
        var uncaught = Attribute(data, "is_uncaught").Scalar(10) == "true" || data["notifier"]["diagnostic"]["is_uncaught"].Bool() == true;
        var faults = Faults(data, uncaught);
        return new()
        {
            Timestamp = client["timestamp"].Time(1000) ?? data["timestamp"].Time(1000),
            Fault = faults[0],
            Causes = Told.Causes(faults.Skip(1)),
            Mechanism = !uncaught ? "capture" : faults[0].Type == Wording.Rejection ? "unhandledrejection" : "onerror",
            Handled = !uncaught,
            Level = Told.Level(data["level"].Text(20)),
            Url = Told.Url(data["request"]["url"]),
            UserAgent = Told.Url(client["javascript"]["browser"]),
            Release = Told.Name(client["javascript"]["code_version"]) ?? Told.Name(data["code_version"]),
            Environment = Told.Name(data["environment"]),
            User = Told.User(Told.Name(person["id"]), Told.Name(person["email"]), Told.Name(person["username"]) ?? Told.Name(person["name"])),
            Session = Told.Name(Attribute(data, "session_id")),
            Tags = new TagList().Add("context", data["context"]).ToList(),
            Meta = new MetaText().AddAll("custom", data["custom"]).AddAll("extra", told["message"]["extra"]).AddRest("person", person, "id", "email", "username", "name").ToJson(),
            Breadcrumbs = Crumbs.Of(told["telemetry"].Items, Crumb),
            Fingerprint = Told.Key(data["fingerprint"]),
            Sdk = Told.Sdk(data["notifier"]["name"], data["notifier"]["version"]),
        };
    }

    private static JsonValue Attribute(JsonValue data, string key) =>
        data["attributes"].Items.FirstOrDefault(attribute => attribute["key"].Text(FieldLimits.TagKey) == key)?["value"] ?? JsonValue.Missing;

    private static IReadOnlyList<ReadFault> Faults(JsonValue data, bool uncaught)
    {
        var told = data["body"];
        var chain = told["trace_chain"].Items.Where(trace => trace.IsObject).Take(FieldLimits.Causes + 1).Select(Fault).ToList();
        if (chain.Count == 0 && told["trace"].IsObject)
            chain.Add(Fault(told["trace"]));
        if (chain.Count == 0)
            return [new(Wording.Said, Told.Message(told["message"]["body"]), null)];

        // The whole message and the stack as the engine wrote it, where the client kept them.
        var raw = data["notifier"]["diagnostic"]["raw_error"];
        chain[0] = chain[0] with { Message = Wording.Bare(Told.Message(raw["message"])) ?? chain[0].Message, Stack = Told.Stack(raw["stack"]) };
        if (chain[0].Type == "(unknown)")
        {
            // What was rejected is an argument of its own between the message and the context.
            var rejected = uncaught && data["notifier"]["diagnostic"]["original_arg_types"].Items.Count() > 2;
            var message = Wording.Value(chain[0].Message, out _);
            message = message is NoReason or NullReason ? "undefined" : message;
            chain[0] = chain[0] with { Type = !uncaught ? Wording.Said : rejected ? Wording.Rejection : Wording.TypeOfThrown(message), Message = message };
        }

        return chain;
    }

    private static ReadFault Fault(JsonValue trace) => new(Told.Type(trace["exception"]["class"]), Wording.Bare(Told.Message(trace["exception"]["message"])), null)
    {
        Frames = FrameParts.ToFrames(trace["frames"].Items.Reverse().Select(frame => new FrameParts(
            FrameParts.NameOf(frame["method"]), FrameParts.FileOf(frame["filename"]), frame["lineno"].Place(), frame["colno"].Place()))),
    };

    private static ReadCrumb Crumb(JsonValue crumb)
    {
        var body = crumb["body"];
        var dom = crumb["type"].Text(FieldLimits.TagKey) == "dom";
        return Crumbs.Of(
            crumb["timestamp_ms"].Time(),
            dom ? body["subtype"].Text(FieldLimits.TagKey) : crumb["type"].Text(FieldLimits.TagKey),
            crumb["level"].Text(20),
            Crumbs.Text(body["message"]) ?? Crumbs.Request(body["method"], body["url"], body["status_code"]) ?? Crumbs.Move(body["from"], body["to"]) ?? Crumbs.Text(body["element"]) ?? Crumbs.Text(body["subtype"]) ?? Crumbs.Text(crumb["type"]),
            // What was typed into a field is nobody's business.
            dom ? JsonValue.Missing : body);
    }
}
