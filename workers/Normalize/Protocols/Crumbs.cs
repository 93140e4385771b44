using ErrorPipeline.Workers.Normalize.Reading;

namespace ErrorPipeline.Workers.Normalize.Protocols;

/// <summary>Breadcrumbs of any client in our one form: oldest first, the newest kept, categories and levels in our words.</summary>
internal static class Crumbs
{
    public static IReadOnlyList<ReadCrumb> Of(IEnumerable<JsonValue> trail, Func<JsonValue, ReadCrumb> read)
    {
        var crumbs = trail.Where(crumb => crumb.IsObject).TakeLast(FieldLimits.Breadcrumbs).Select(read).ToList();
        // A request is told when it has ended, with the time when it began.
        return crumbs.TrueForAll(crumb => crumb.Timestamp is not null) ? [.. crumbs.OrderBy(crumb => crumb.Timestamp)] : crumbs;
    }

    public static ReadCrumb Of(long? time, string? category, string? level, string? message, JsonValue data) => new(
        time,
        Category(Cut(category, FieldLimits.TagKey)),
        level is null ? null : Told.Level(level),
        Cut(message, FieldLimits.BreadcrumbMessage),
        data.IsNothing ? default : data.Raw);

    public static string? Text(JsonValue value) => value.Scalar(FieldLimits.BreadcrumbMessage);

    /// <summary>"GET /path 404", null where there is no address.</summary>
    public static string? Request(JsonValue method, JsonValue url, JsonValue status) =>
        url.Text(FieldLimits.BreadcrumbMessage) is { } address ? $"{method.Text(20)} {address} {status.Scalar(20)}".Trim() : null;

    /// <summary>"from -> to", null where neither is told.</summary>
    public static string? Move(JsonValue from, JsonValue to) =>
        (from.Text(FieldLimits.BreadcrumbMessage), to.Text(FieldLimits.BreadcrumbMessage)) is var (left, right) && (left ?? right) is not null ? $"{left} -> {right}" : null;

    private static string? Category(string? word) => word switch
    {
        "ui.click" or "click-event" or "user" => "click",
        "ui.input" => "input",
        "fetch" or "xhr" or "request" or "network" => "http",
        "log" => "console",
        "location" => "navigation",
        _ => word,
    };

    private static string? Cut(string? text, int longest) => text is null ? null : CleanText.Clean(text, longest);
}
