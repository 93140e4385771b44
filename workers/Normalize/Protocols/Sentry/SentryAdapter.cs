using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize.Reading;

namespace ErrorPipeline.Workers.Normalize.Protocols.Sentry;

/// <summary>The event item of an envelope, or the body of the old store endpoint: one form since version 5.</summary>
internal static class SentryAdapter
{
    public static ReadEvent Read(JsonValue body)
    {
        var (fault, causes, mechanisms) = SentryFaults.Read(body);
        var user = body["user"];
        var request = body["request"];
        return new()
        {
            Timestamp = body["timestamp"].Time(1000),
            Fault = fault,
            Causes = causes,
            Mechanism = mechanisms.Word,
            Handled = mechanisms.Handled,
            Level = Told.Level(body["level"].Text(20)),
            Url = Told.Url(request["url"]),
            Referrer = Told.Url(Header(request["headers"], "Referer")),
            UserAgent = Told.Url(Header(request["headers"], "User-Agent")),
            Release = Told.Name(body["release"]),
            Dist = body["dist"].Scalar(FieldLimits.Name),
            DebugIds = DebugIds(body["debug_meta"]["images"]),
            Environment = Told.Name(body["environment"]),
            User = Told.User(Told.Name(user["id"]), Told.Name(user["email"]), Told.Name(user["username"]) ?? Told.Name(user["name"])),
            Tags = Tags(body),
            Meta = new MetaText().AddAll("extra", body["extra"]).Add("contexts", body["contexts"]).AddRest("user", user, "id", "email", "username", "name", "ip_address").ToJson(),
            Breadcrumbs = Crumbs.Of(body["breadcrumbs"]["values"].Items.Concat(body["breadcrumbs"].Items), Crumb),
            Fingerprint = [.. body["fingerprint"].Items.Select(Told.Name).OfType<string>().Take(FieldLimits.Fingerprint)],
            Sdk = Told.Sdk(body["sdk"]["name"], body["sdk"]["version"]),
        };
    }

    /// <summary>Headers come as an object or as pairs, in any case.</summary>
    private static JsonValue Header(JsonValue headers, string name)
    {
        var pairs = headers.Properties.Concat(headers.Items.Select(pair => (Name: pair.Items.FirstOrDefault()?.Text(JsonFields.LongestKey) ?? "", Value: pair.Items.ElementAtOrDefault(1) ?? JsonValue.Missing)));
        return pairs.FirstOrDefault(pair => pair.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value ?? JsonValue.Missing;
    }

    private static FileDebugIds DebugIds(JsonValue images) => images.Items.Where(image => image["type"].Text(20) == "sourcemap").Aggregate(
        new FileDebugIds(), (ids, image) => ids.Add(image["code_file"].Text(FieldLimits.Url), image["debug_id"].Text(FieldLimits.Name)));

    private static IReadOnlyList<Tag> Tags(JsonValue body)
    {
        var tags = new TagList().AddAll(body["tags"]);
        foreach (var pair in body["tags"].Items)
            tags.Add((pair.Items.FirstOrDefault() ?? pair["key"]).Scalar(FieldLimits.TagKey) ?? "", pair.Items.ElementAtOrDefault(1) ?? pair["value"]);
        return tags.Add("dist", body["dist"]).Add("transaction", body["transaction"]).ToList();
    }

    private static ReadCrumb Crumb(JsonValue crumb)
    {
        var data = crumb["data"];
        return Crumbs.Of(
            crumb["timestamp"].Time(1000),
            crumb["category"].Text(FieldLimits.TagKey) ?? crumb["type"].Text(FieldLimits.TagKey),
            crumb["level"].Text(20),
            Crumbs.Text(crumb["message"]) ?? Crumbs.Request(data["method"], data["url"], data["status_code"]) ?? Crumbs.Move(data["from"], data["to"]),
            data);
    }
}
