using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize.Reading;

namespace ErrorPipeline.Workers.Normalize.Protocols.Airbrake;

/// <summary>One notice. It tells no time, no id and no causes.</summary>
internal static class AirbrakeAdapter
{
    public static ReadEvent Read(JsonValue body)
    {
        var context = body["context"];
        var user = context["user"];
        var rejected = context["unhandledRejection"].Bool() == true;
        var unhandled = rejected || context["windowError"].Bool() == true;
        var faults = body["errors"].Items.Where(error => error.IsObject).Select(error => Fault(error, rejected, unhandled)).ToList();
        return new()
        {
            Fault = faults.FirstOrDefault() ?? ReadFault.None,
            Causes = Told.Causes(faults.Skip(1)),
            Mechanism = rejected ? "unhandledrejection" : unhandled ? "onerror" : "capture",
            Handled = !unhandled,
            Level = Told.Level(context["severity"].Text(20)),
            Url = Told.Url(context["url"]),
            Referrer = Told.Url(context["referrer"]),
            UserAgent = Told.Url(context["userAgent"]),
            Release = Told.Name(context["version"]),
            Environment = Told.Name(context["environment"]),
            User = Told.User(Told.Name(user["id"]), Told.Name(user["email"]), Told.Name(user["name"])),
            Tags = new TagList().Add("component", context["component"]).Add("action", context["action"]).ToList(),
            Meta = new MetaText().AddAll("params", body["params"]).Add("session", body["session"]).Add("environment", body["environment"]).ToJson(),
            Breadcrumbs = Crumbs.Of(context["history"].Items, Crumb),
            Sdk = Told.Sdk(context["notifier"]["name"], context["notifier"]["version"]),
        };
    }

    private static ReadFault Fault(JsonValue error, bool rejected, bool unhandled) => new(
        Told.Type(error["type"]) ?? (rejected ? Wording.Rejection : unhandled ? Wording.TypeOfThrown(Told.Message(error["message"])) : Wording.Said), Wording.Bare(Told.Message(error["message"])), null)
    {
        // A rejected value that is no error has no stack: what is told is the client's own.
        Frames = rejected && error["type"].IsNothing ? [] : FrameParts.ToFrames(error["backtrace"].Items.Select(frame => new FrameParts(
            FrameParts.NameOf(frame["function"]), FrameParts.FileOf(frame["file"]), frame["line"].Place(), frame["column"].Place()))),
    };

    private static ReadCrumb Crumb(JsonValue crumb)
    {
        var spoken = string.Join(' ', crumb["arguments"].Items.Take(8).Select(said => said.IsContainer ? said.ToString() : Crumbs.Text(said)));
        return Crumbs.Of(
            crumb["date"].Time(),
            crumb["type"].Text(FieldLimits.TagKey),
            crumb["severity"].Text(20),
            spoken.Length > 0 ? spoken : Crumbs.Request(crumb["method"], crumb["url"], crumb["statusCode"]) ?? Crumbs.Move(crumb["from"], crumb["to"]) ?? Crumbs.Text(crumb["target"]),
            JsonValue.Missing);
    }
}
