using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize.Reading;

namespace ErrorPipeline.Workers.Normalize.Protocols.Raygun;

/// <summary>One entry of the Raygun API.</summary>
internal static class RaygunAdapter
{
    private const string Thrown = "UnhandledException";
    private const string Early = "From Raygun4JS snippet global error handler";
    private const string Rejected = "UnhandledPromiseRejection";

    public static ReadEvent Read(JsonValue body)
    {
        var details = body["Details"];
        var (request, user) = (details["Request"], details["User"]);
        var words = details["Tags"].Items.Select(tag => tag.Text(FieldLimits.TagKey)).OfType<string>().ToHashSet();
        var how = words.Contains(Rejected) ? "unhandledrejection" : words.Contains(Thrown) || details["UserCustomData"]["handler"].Text(100) == Early ? "onerror" : "capture";
        var anonymous = user["IsAnonymous"].Bool() == true;
        var named = anonymous ? null : Told.Name(user["Identifier"]);
        return new()
        {
            Timestamp = body["OccurredOn"].Time(),
            Fault = Fault(details["Error"], how),
            Causes = Causes(details["Error"]["InnerError"]),
            Mechanism = how,
            Handled = how == "capture",
            Url = Url(request),
            Referrer = Told.Url(request["Headers"]["Referer"]),
            UserAgent = Told.Url(request["Headers"]["User-Agent"]),
            Release = Told.Name(details["Version"]),
            User = Told.User(named, Told.Name(user["Email"]), Told.Name(user["FullName"])),
            Session = Told.Name(user["UUID"]) ?? Told.Name(user["Identifier"]),
            Tags = [.. words.Where(word => word is not (Thrown or Rejected)).Take(FieldLimits.Tags).Select(word => new Tag(word, "true"))],
            Meta = new MetaText().AddAll("UserCustomData", details["UserCustomData"]).ToJson(),
            Breadcrumbs = Crumbs.Of(details["Breadcrumbs"].Items, Crumb),
            Fingerprint = Told.Key(details["GroupingKey"]),
            Sdk = Told.Sdk(details["Client"]["Name"], details["Client"]["Version"]),
        };
    }

    private static ReadFault Fault(JsonValue error, string how)
    {
        // For a value that is no error the client makes up a frame without a place.
        var frames = error["StackTrace"].Items.Where(frame => !frame["FileName"].IsNothing || !frame["LineNumber"].IsNothing);
        var none = how switch { "unhandledrejection" => Wording.Rejection, "onerror" => null, _ => Wording.Said };
        return new(Told.Type(error["ClassName"]) ?? none, Wording.Bare(Told.Message(error["Message"])), Told.Stack(error["StackString"]))
        {
            Frames = FrameParts.ToFrames(frames.Select(frame => new FrameParts(
                FrameParts.NameOf(frame["MethodName"]), FrameParts.FileOf(frame["FileName"]), frame["LineNumber"].Place(), frame["ColumnNumber"].Place()))),
        };
    }

    private static IReadOnlyList<ReadFault> Causes(JsonValue inner)
    {
        var causes = new List<ReadFault>();
        for (; inner.IsObject && causes.Count < FieldLimits.Causes; inner = inner["InnerError"])
            causes.Add(Fault(inner, "capture"));
        return Told.Causes(causes);
    }

    /// <summary>The client takes the address apart.</summary>
    private static string? Url(JsonValue request)
    {
        var url = Told.Url(request["Url"]);
        var query = string.Join('&', request["QueryString"].Properties.Take(50).Select(pair => $"{pair.Name}={pair.Value.Scalar(FieldLimits.Name)}"));
        if (url is null || query.Length == 0 || url.Contains('?'))
            return url;
        var hash = url.IndexOf('#') is >= 0 and var at ? at : url.Length;
        return CleanText.Clean($"{url[..hash]}?{query}{url[hash..]}", FieldLimits.Url);
    }

    private static ReadCrumb Crumb(JsonValue crumb) => Crumbs.Of(
        crumb["timestamp"].Time(), crumb["type"].Text(FieldLimits.TagKey), crumb["level"].Text(20), Crumbs.Text(crumb["message"]), crumb["CustomData"]);
}
