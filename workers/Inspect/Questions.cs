using System.Text;
using System.Text.Json;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize;
using ErrorPipeline.Workers.Normalize.Agents;
using ErrorPipeline.Workers.Normalize.Messages;
using ErrorPipeline.Workers.Normalize.Policies;
using ErrorPipeline.Workers.Normalize.Reading;
using ErrorPipeline.Workers.Normalize.Stacks;

namespace ErrorPipeline.Workers.Inspect;

/// <summary>What can be asked, each kind answered by the very code that the normalize stage runs.</summary>
internal static class Questions
{
    private static readonly NormalizeStage Stage = new();

    public static void Answer(JsonElement question, Utf8JsonWriter json)
    {
        if (question.ValueKind != JsonValueKind.Object)
            throw new FormatException("a line must be a JSON object");
        switch (Text(question, "kind"))
        {
            case "stack": Stack(question, json); break;
            case "useragent": UserAgent(Text(question, "ua") ?? "", json); break;
            case "message": Message(Text(question, "message") ?? "", json); break;
            case "event": Event(question, json); break;
            case "sourcemap": SourceMapQuestion.Answer(question, json); break;
            case var kind: throw new FormatException($"kind '{kind}' is not known: use stack, useragent, message, event or sourcemap");
        }
    }

    private static void Stack(JsonElement question, Utf8JsonWriter json)
    {
        var (type, message) = (Text(question, "type"), Text(question, "message"));
        var parsed = StackParser.Parse(type, message, Text(question, "stack"));
        json.WriteString("type", type ?? parsed.Type);
        json.WriteString("message", message ?? parsed.Message);
        json.WriteStartArray("frames");
        foreach (var frame in parsed.Frames)
        {
            json.WriteStartObject();
            json.WriteString("function", frame.Function);
            json.WriteString("file", frame.File);
            Number(json, "line", frame.Line);
            Number(json, "col", frame.Column);
            json.WriteBoolean("inApp", frame.InApp);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void UserAgent(string agent, Utf8JsonWriter json)
    {
        var parsed = AgentParser.Parse(agent);
        var (family, brand, model) = AgentParser.Model(agent);
        json.WriteStartObject("browser");
        Version(json, parsed.Browser);
        json.WriteString("patch", parsed.Browser.Patch);
        json.WriteEndObject();
        json.WriteStartObject("os");
        Version(json, parsed.System);
        json.WriteEndObject();
        json.WriteStartObject("device");
        json.WriteString("class", parsed.Device);
        json.WriteString("family", family);
        json.WriteString("brand", brand);
        json.WriteString("model", model);
        json.WriteEndObject();
        json.WriteBoolean("bot", parsed.Bot is not null);
    }

    private static void Version(Utf8JsonWriter json, AgentPart part)
    {
        json.WriteString("name", part.Name);
        json.WriteString("major", part.Major);
        json.WriteString("minor", part.Minor);
    }

    private static void Message(string message, Utf8JsonWriter json)
    {
        json.WriteString("canonical", MessageTemplate.Of(CanonicalMessage.Of(message)));
        json.WriteString("parameterized", MessageTemplate.Of(message));
    }

    private static void Event(JsonElement question, Utf8JsonWriter json)
    {
        if (!question.TryGetProperty("event", out var body))
            throw new FormatException("a line of kind 'event' needs the event under 'event'");
        var (error, filtered) = Stage.Judge(new()
        {
            ProjectId = 0,
            Protocol = Text(question, "format") ?? "native",
            Occurrences = [new() { EventId = new('0', 32), ReceivedAt = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), UserAgent = Text(question, "userAgent") }],
            Body = Encoding.UTF8.GetBytes(body.GetRawText()),
        }, NormalizeFacts.None)[0];
        using var normalized = JsonSerializer.SerializeToDocument(error, ContractsJson.Default.NormalizedError);
        foreach (var property in normalized.RootElement.EnumerateObject().Where(p => p.Name != "grouping"))
            property.WriteTo(json);
        json.WriteString("fingerprint", error.Grouping.Fingerprint);
        json.WritePropertyName("grouping");
        JsonSerializer.Serialize(json, error.Grouping.Tokens, ContractsJson.Default.IReadOnlyListString);
        json.WriteString("class", error.Context.Class);
        json.WriteString("filtered", filtered);
    }

    private static void Number(Utf8JsonWriter json, string name, int? number)
    {
        if (number is { } value)
            json.WriteNumber(name, value);
        else
            json.WriteNull(name);
    }

    /// <summary>Null for what is no string. Lone surrogates, which JSON can write and .NET refuses to read, are cleaned.</summary>
    private static string? Text(JsonElement question, string name) =>
        question.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? CleanText.Unescape(Encoding.UTF8.GetBytes(value.GetRawText()).AsSpan()[1..^1], StackParser.LongestStack) : null;
}
