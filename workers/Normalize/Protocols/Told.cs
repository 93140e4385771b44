using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize.Reading;

namespace ErrorPipeline.Workers.Normalize.Protocols;

/// <summary>What most clients tell under names of their own, read the same way.</summary>
internal static class Told
{
    public static string? Name(JsonValue value) => value.Scalar(FieldLimits.Name);

    public static string? Type(JsonValue value) => value.Text(FieldLimits.Type);

    public static string? Message(JsonValue value) => value.Scalar(FieldLimits.Message);

    public static string? Stack(JsonValue value) => value.Text(FieldLimits.Stack);

    public static string? Url(JsonValue value) => value.Text(FieldLimits.Url);

    public static EventUser? User(string? id, string? email, string? name) => id is null && email is null && name is null ? null : new(id, email, name);

    /// <summary>"name version" of the client.</summary>
    public static string? Sdk(JsonValue name, JsonValue version)
    {
        var sdk = $"{name.Text(FieldLimits.TagKey)} {version.Scalar(FieldLimits.TagKey)}".Trim();
        return sdk.Length == 0 ? null : sdk;
    }

    /// <summary>A client's own grouping key.</summary>
    public static IReadOnlyList<string> Key(JsonValue value) => Name(value) is { } key ? [key] : [];

    public static IReadOnlyList<ReadFault> Causes(IEnumerable<ReadFault> causes) =>
        [.. causes.Where(cause => cause.Type is not null || cause.Message is not null || cause.Stack is not null || cause.Frames.Count > 0).Take(FieldLimits.Causes)];

    /// <summary>One of our five words for a level; error for what nobody knows.</summary>
    public static string Level(string? word) => word?.ToLowerInvariant() switch
    {
        "fatal" or "critical" or "crit" or "emergency" or "emerg" or "alert" => "fatal",
        "warning" or "warn" => "warning",
        "info" or "log" or "notice" or "ok" => "info",
        "debug" or "trace" => "debug",
        _ => "error",
    };
}
