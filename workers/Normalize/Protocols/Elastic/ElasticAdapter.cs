using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize.Reading;

namespace ErrorPipeline.Workers.Normalize.Protocols.Elastic;

/// <summary>One error with the metadata line of its request; intake version 3 has the same fields under shorter names. It tells neither time nor breadcrumbs.</summary>
internal static class ElasticAdapter
{
    private const string NoReason = "<no reason specified>";

    public static ReadEvent Read(JsonValue body)
    {
        var metadata = body.Or("metadata", "m");
        var error = body.Or("error", "e");
        var service = metadata.Or("service", "se");
        var context = error.Or("context", "c");
        var user = context.Or("user", "u") is { IsObject: true } told ? told : metadata.Or("user", "u");
        var (page, agent) = (context.Or("page", "p"), service.Or("agent", "a"));
        var exception = error.Or("exception", "ex");
        var spoken = Told.Message(exception.Or("message", "mg"));
        var how = How(spoken);
        return new()
        {
            Timestamp = error["timestamp"].Time(0.001),
            Fault = Fault(exception, how),
            Causes = Told.Causes(exception["cause"].Items.Select(cause => Fault(cause, "capture"))),
            Mechanism = how,
            Handled = how == "capture",
            Url = Told.Url(page.Or("url", "url")),
            Referrer = Told.Url(page.Or("referer", "rf")),
            Release = Told.Name(service.Or("version", "ve")),
            Environment = Told.Name(service.Or("environment", "en")),
            User = Told.User(Told.Name(user["id"]), Told.Name(user.Or("email", "em")), Told.Name(user.Or("username", "un"))),
            Tags = new TagList().AddAll(metadata.Or("labels", "l")).AddAll(context.Or("tags", "g")).Add("service", service.Or("name", "n")).ToList(),
            Meta = new MetaText().AddAll("custom", context.Or("custom", "cu")).ToJson(),
            Sdk = Told.Sdk(agent.Or("name", "n"), agent.Or("version", "ve")),
        };
    }

    /// <summary>No flag says it, but only what the browser reported to the window begins with the browser's words.</summary>
    private static string How(string? message) => message switch
    {
        not null when message.StartsWith("Unhandled promise rejection", StringComparison.Ordinal) => "unhandledrejection",
        not null when message.StartsWith("Uncaught ", StringComparison.Ordinal) || message == "Script error." || IsHeader(message) => "onerror",
        _ => "capture",
    };

    /// <summary>"TypeError: x", which is what Firefox tells the window.</summary>
    private static bool IsHeader(string message) =>
        Stacks.StackHeader.Read(message).Type is { } type && type.EndsWith("Error", StringComparison.Ordinal) && message.Length > type.Length && message[type.Length] == ':';

    private static ReadFault Fault(JsonValue exception, string how)
    {
        var type = Told.Type(exception.Or("type", "ty"));
        var message = Wording.Bare(Told.Message(exception.Or("message", "mg")));
        if (how == "unhandledrejection" && type is null or "Unhandled promise rejection")
        {
            type = Stacks.StackHeader.Read(message).Type is { } named && named.EndsWith("Error", StringComparison.Ordinal) ? named : Wording.Rejection;
            message = message == NoReason ? "undefined" : Wording.Value(message, out _);
        }

        return new(type, message, null)
        {
            Frames = FrameParts.ToFrames(exception.Or("stacktrace", "st").Items.Select(Frame)),
        };
    }

    private static FrameParts Frame(JsonValue frame) => new(
        FrameParts.NameOf(frame.Or("function", "fn")),
        FrameParts.FileOf(frame.Or("abs_path", "ap")) ?? FrameParts.FileOf(frame.Or("filename", "f")),
        frame.Or("lineno", "li").Place(),
        frame.Or("colno", "co").Place());

    private static JsonValue Or(this JsonValue value, string name, string compact) => value[name] is { IsNothing: false } told ? told : value[compact];
}
