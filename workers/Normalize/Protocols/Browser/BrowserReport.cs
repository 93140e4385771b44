using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize.Fingerprints;
using ErrorPipeline.Workers.Normalize.Reading;

namespace ErrorPipeline.Workers.Normalize.Protocols.Browser;

/// <summary>One report of the Reporting API. Grouped by what the browser names it and the file it is about.</summary>
internal static class BrowserReport
{
    public static ReadEvent Read(JsonValue report)
    {
        var kind = report["type"].Text(FieldLimits.TagKey) ?? "report";
        var body = report["body"];
        var read = kind == "csp-violation" ? CspReport.ReadReporting(body) : Of(kind, report, body);
        return read with
        {
            Age = report["age"].Number() is >= 0 and < 1e12 and var age ? (long)age : null,
            Url = read.Url ?? Told.Url(report["url"]),
            UserAgent = Told.Url(report["user_agent"]),
        };
    }

    private static ReadEvent Of(string kind, JsonValue report, JsonValue body)
    {
        var id = Id(body) ?? kind;
        var file = FrameParts.FileOf(body["sourceFile"]);
        var where = file ?? Told.Url(report["url"]);
        return new()
        {
            Fault = new(Type(kind), Message(kind, id, report, body), null),
            Source = file is null ? null : new StackFrame { File = file, Line = body["lineNumber"].Place(), Column = body["columnNumber"].Place() },
            Mechanism = "report",
            Level = kind switch { "crash" => "fatal", "network-error" => "error", _ => "warning" },
            Handled = kind != "crash",
            // A failed request is reported under its own address, and the page as what it came from.
            Url = kind == "network-error" ? Told.Url(body["referrer"]) : null,
            Fingerprint = [kind, id, where is null ? "unknown" : FrameFile.Stable(where)],
            Tags = new TagList().Add("report", kind).ToList(),
            Meta = new MetaText().AddAll("report", body, "referrer").ToJson(),
            Sdk = "browser",
        };
    }

    private static string? Id(JsonValue body) =>
        Told.Name(body["id"]) ?? Told.Name(body["policyId"]) ?? Told.Name(body["featureId"]) ?? Told.Name(body["type"]) ?? Told.Name(body["reason"]);

    private static string Type(string kind) => kind switch
    {
        "deprecation" => "Deprecation",
        "intervention" => "Intervention",
        "permissions-policy-violation" => "PermissionsPolicyViolation",
        "coep" => "CoepViolation",
        "coop" => "CoopViolation",
        "crash" => "Crash",
        "network-error" => "NetworkError",
        _ => kind,
    };

    private static string Message(string kind, string id, JsonValue report, JsonValue body) => Told.Message(body["message"]) ?? kind switch
    {
        "crash" => id == kind ? "the page crashed" : $"the page crashed: {id}",
        "network-error" => $"{id} {body["method"].Text(20)} {Site.PageOf(Told.Url(report["url"]))}".TrimEnd(),
        _ => $"{id} {Site.PageOf(Told.Url(body["blockedURL"]))}".TrimEnd(),
    };
}
