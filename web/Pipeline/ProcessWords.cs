using System.Text.Json.Nodes;
using ErrorPipeline.Shared.Streams;
using ErrorPipeline.Web.Components.Parts;

namespace ErrorPipeline.Web.Pipeline;

/// <summary>What a process tells of itself, in words.</summary>
internal static class ProcessWords
{
    public static string Of(ProcessRecord process) => process.Role switch
    {
        "collector" => Collector(process.Facts),
        "workers" => Workers(process.Facts),
        "web" => "shows the dashboard",
        _ => "",
    };

    /// <summary>What is wrong with it, by its own word.</summary>
    public static IEnumerable<string> Troubles(ProcessRecord process) =>
        process.Facts["troubles"] is JsonArray troubles ? troubles.OfType<JsonObject>().Select(t => $"{Text(t, "check")}: {Text(t, "why")}") : [];

    private static string Collector(JsonObject facts)
    {
        var waiting = PipelineState.LogBacklog(facts);
        var log = facts["logBytes"] is JsonValue value && value.TryGetValue<long>(out var bytes) ? $", log {Said.Bytes(bytes)}" : "";
        return (waiting == 0 ? "all forwarded" : $"{Said.Of(waiting, "event waits", "events wait")} for Redis") + log;
    }

    private static string Workers(JsonObject facts)
    {
        var stages = facts["stages"] is JsonArray names ? names.OfType<JsonValue>().Select(n => n.TryGetValue<string>(out var name) ? name : "").ToList() : [];
        if (stages.Count == 0)
            return "hosts no stage";
        var leads = facts["leader"] is JsonValue leader && leader.TryGetValue<bool>(out var yes) && yes;
        var moving = stages.Where(s => s != "write").ToList();
        string[] parts = [moving.Count > 0 ? string.Join(", ", moving) : "", stages.Contains("write") ? leads ? "writes the store" : "stands by to write" : ""];
        return string.Join("; ", parts.Where(p => p.Length > 0));
    }

    private static string Text(JsonObject from, string name) => from[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
