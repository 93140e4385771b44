using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize.Reading;

namespace ErrorPipeline.Workers.Normalize.Protocols.Honeybadger;

/// <summary>One notice of the browser client.</summary>
internal static class HoneybadgerAdapter
{
    private const string Wrapper = "___hb";
    private const string Thrown = "window.onerror";
    private const string Rejected = "window.onunhandledrejection";
    private const string NoReason = "Unspecified reason";

    public static ReadEvent Read(JsonValue body)
    {
        var (error, request, server) = (body["error"], body["request"], body["server"]);
        var context = request["context"];
        var how = How(body);
        var fault = Fault(error, out var thrown);
        return new()
        {
            Timestamp = server["time"].Time(),
            Fault = fault,
            Causes = Told.Causes(error["causes"].Items.Select(cause => Fault(cause, out _))),
            Mechanism = how,
            Handled = how == "capture",
            Url = Told.Url(request["url"]),
            Referrer = Told.Url(request["cgi_data"]["HTTP_REFERER"]),
            UserAgent = Told.Url(request["cgi_data"]["HTTP_USER_AGENT"]),
            Release = Told.Name(server["revision"]),
            Environment = Told.Name(server["environment_name"]),
            User = Told.User(Told.Name(context["user_id"]), Told.Name(context["user_email"]), Told.Name(context["user_name"])),
            Tags = new TagList().AddWords(error["tags"]).Add("component", request["component"]).Add("action", request["action"]).ToList(),
            Meta = new MetaText().Add("thrown", thrown).AddAll("context", context, "user_id", "user_email", "user_name", "tags").AddAll("details", body["details"])
                .Add("params", request["params"]).Add("session", request["session"]).ToJson(),
            Breadcrumbs = Crumbs.Of(body["breadcrumbs"]["trail"].Items, Crumb),
            Fingerprint = Told.Key(error["fingerprint"]),
            Sdk = Told.Sdk(body["notifier"]["name"], body["notifier"]["version"]),
        };
    }

    /// <summary>No field says it: the class of a non-error does, the prefix of a rejection, or the breadcrumb that the handler left just before the notice.</summary>
    private static string How(JsonValue body)
    {
        var error = body["error"];
        var type = error["class"].Text(FieldLimits.Type);
        if (type == Rejected || error["message"].Text(40)?.StartsWith("UnhandledPromiseRejection", StringComparison.Ordinal) == true)
            return "unhandledrejection";
        var before = body["breadcrumbs"]["trail"].Items.LastOrDefault(crumb => crumb["category"].Text(20) != "notice") ?? JsonValue.Missing;
        var said = before["category"].Text(20) == "error" && Told.Message(before["metadata"]["message"]) == Told.Message(error["message"]) ? Crumbs.Text(before["message"]) : null;
        if (said?.StartsWith("window.onunhandledrejection", StringComparison.Ordinal) == true)
            return "unhandledrejection";
        return type == Thrown || said?.StartsWith("window.onerror", StringComparison.Ordinal) == true ? "onerror" : "capture";
    }

    /// <param name="thrown">The value that was rejected, where it was an object.</param>
    private static ReadFault Fault(JsonValue error, out JsonValue thrown)
    {
        thrown = JsonValue.Missing;
        var type = Told.Type(error["class"]);
        var message = Wording.Bare(Told.Message(error["message"]));
        // A rejected value that is no error has no stack: what is told is the client's own.
        if (type == Rejected)
            return new(Wording.Rejection, message == NoReason ? "undefined" : Wording.Value(message, out thrown), null);
        var frames = error["backtrace"].Items.Select(frame =>
        {
            var function = FrameParts.NameOf(frame["method"]);
            var isWrapper = function?.EndsWith(Wrapper, StringComparison.Ordinal) == true;
            return new FrameParts(function, FrameParts.FileOf(frame["file"]), frame["number"].Place(), frame["column"].Place(), Foreign: isWrapper);
        });
        return new(type == Thrown ? Wording.TypeOfThrown(message) : type, message, null) { Frames = FrameParts.ToFrames(frames) };
    }

    private static ReadCrumb Crumb(JsonValue crumb)
    {
        var data = crumb["metadata"];
        return Crumbs.Of(
            crumb["timestamp"].Time(),
            crumb["category"].Text(FieldLimits.TagKey),
            data["level"].Text(20),
            Crumbs.Request(data["method"], data["url"], data["status_code"]) ?? Crumbs.Move(data["from"], data["to"]) ?? Crumbs.Text(crumb["message"]),
            data);
    }
}
