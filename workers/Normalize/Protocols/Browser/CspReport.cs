using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize.Blaming;
using ErrorPipeline.Workers.Normalize.Reading;

namespace ErrorPipeline.Workers.Normalize.Protocols.Browser;

/// <summary>
/// A violation of the page's Content-Security-Policy, told by <c>report-uri</c> or by the Reporting API, whose fields have other names.
/// One issue per directive and blocked origin: paths and queries of what was blocked vary without end.
/// </summary>
internal static class CspReport
{
    private static readonly string[] ExtensionSchemes = ["chrome-extension", "moz-extension", "safari-extension", "safari-web-extension", "ms-browser-extension", "edge-extension"];

    public static ReadEvent ReadUri(JsonValue body)
    {
        var report = body["csp-report"];
        return Of(report, report["document-uri"], report["blocked-uri"], report["effective-directive"] is { IsNothing: false } told ? told : report["violated-directive"],
            report["source-file"], report["line-number"], report["column-number"]);
    }

    public static ReadEvent ReadReporting(JsonValue body) => Of(
        body, body["documentURL"], body["blockedURL"], body["effectiveDirective"], body["sourceFile"], body["lineNumber"], body["columnNumber"]);

    private static ReadEvent Of(JsonValue report, JsonValue page, JsonValue blocked, JsonValue directive, JsonValue file, JsonValue line, JsonValue column)
    {
        // Old browsers tell the whole directive with its sources.
        var rule = (directive.Text(FieldLimits.Name) ?? "unknown directive").Split(' ')[0];
        var target = Target(blocked.Text(FieldLimits.Url));
        var enforced = report["disposition"].Text(20) != "report";
        var source = FrameParts.FileOf(file);
        return new()
        {
            Fault = new("CSPViolation", $"{rule} {(enforced ? "blocks" : "would block")} {target}", null),
            // Of an extension only the scheme is told.
            Source = source is null || !source.Contains("//", StringComparison.Ordinal) ? null : new StackFrame { File = source, Line = line.Place(), Column = column.Place() },
            Mechanism = "report",
            Level = enforced ? "error" : "warning",
            Handled = true,
            Url = Told.Url(page),
            Referrer = Told.Url(report["referrer"]),
            Fingerprint = ["csp", rule, target],
            Meta = new MetaText().AddAll("report", report, "document-uri", "documentURL", "referrer").ToJson(),
            Sdk = "browser",
            Blame = Extension(target) ?? Extension(source),
        };
    }

    /// <summary>The origin of an address; a keyword ("inline", "eval", "data") as it is.</summary>
    private static string Target(string? blocked)
    {
        if (blocked is null)
            return "nothing named";
        if (blocked.IndexOf("://", StringComparison.Ordinal) is var scheme && scheme < 0)
            return CleanText.Clean(blocked.Split(':')[0], FieldLimits.Name);
        // The id of an extension says which one it was, and there are thousands of them.
        if (ExtensionSchemes.Contains(blocked[..scheme]))
            return blocked[..scheme];
        var end = blocked.AsSpan(scheme + 3).IndexOfAny('/', '?', '#');
        return CleanText.Clean(end < 0 ? blocked : blocked[..(scheme + 3 + end)], FieldLimits.Name);
    }

    private static Blame? Extension(string? address) => ExtensionSchemes.FirstOrDefault(scheme => address?.StartsWith(scheme, StringComparison.Ordinal) == true) is { } found
        ? new("extension", $"the policy stopped a browser extension ({found}://)") : null;
}
