using System.Text.Json;
using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Workers.Normalize.Reading;

/// <summary>
/// Reads one event of the native protocol (docs/native-protocol.md) from hostile bytes. Never throws: fields of a wrong type are absent,
/// unknown ones ignored, of double ones the last that has the right type counts, and damaged JSON gives what stood before the damage.
/// </summary>
internal static class NativeEventReader
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = FieldLimits.Depth, CommentHandling = JsonCommentHandling.Disallow };

    public static ReadEvent Read(ReadOnlyMemory<byte> json)
    {
        var read = new ReadEvent();
        var reader = new Utf8JsonReader(json.Span, Options);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return read with { Damaged = true };
            while (JsonFields.NextProperty(ref reader, out var name))
                read = ReadField(read, name, ref reader, json);
            return read;
        }
        catch (JsonException)
        {
            return read with { Damaged = true };
        }
    }

    private static ReadEvent ReadField(ReadEvent read, string name, ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        switch (name)
        {
            case "timestamp": return read with { Timestamp = JsonFields.Time(ref reader) ?? read.Timestamp };
            case "type": return read with { Fault = read.Fault with { Type = JsonFields.Text(ref reader, FieldLimits.Type) ?? read.Fault.Type } };
            case "message": return read with { Fault = read.Fault with { Message = JsonFields.Text(ref reader, FieldLimits.Message) ?? read.Fault.Message } };
            case "stack": return read with { Fault = read.Fault with { Stack = JsonFields.Text(ref reader, FieldLimits.Stack) ?? read.Fault.Stack } };
            case "source": return read with { Source = ReadSource(ref reader) ?? read.Source };
            case "causes": return read with { Causes = ReadCauses(ref reader) };
            case "debugIds": return read with { DebugIds = FileDebugIds.Read(ref reader) };
            case "mechanism": return read with { Mechanism = JsonFields.Text(ref reader, FieldLimits.Name) };
            case "handled": return read with { Handled = JsonFields.Bool(ref reader) };
            case "level": return read with { Level = ReadLevel(ref reader) };
            case "url": return read with { Url = JsonFields.Text(ref reader, FieldLimits.Url) };
            case "referrer": return read with { Referrer = JsonFields.Text(ref reader, FieldLimits.Url) };
            case "release": return read with { Release = JsonFields.Text(ref reader, FieldLimits.Name) };
            case "environment": return read with { Environment = JsonFields.Text(ref reader, FieldLimits.Name) };
            case "user": return read with { User = ReadUser(ref reader) };
            case "session": return read with { Session = JsonFields.Text(ref reader, FieldLimits.Name) };
            case "tags": return read with { Tags = ReadTags(ref reader) };
            case "meta": return read with { Meta = JsonFields.Slice(ref reader, json) };
            case "breadcrumbs": return read with { Breadcrumbs = BreadcrumbReader.Read(ref reader, json) };
            case "fingerprint": return read with { Fingerprint = ReadTexts(ref reader, FieldLimits.Fingerprint, FieldLimits.Name) };
            case "agent": return read with { AgentHints = JsonFields.Slice(ref reader, json) };
            case "scripts": return read with { HiddenScripts = ReadTexts(ref reader, FieldLimits.Scripts, FieldLimits.ScriptUrl) };
            case "sdk": return read with { Sdk = ReadSdk(ref reader) };
            default:
                reader.Skip();
                return read;
        }
    }

    private static string ReadLevel(ref Utf8JsonReader reader) =>
        JsonFields.Text(ref reader, 20) is ("fatal" or "error" or "warning" or "info" or "debug") and var level ? level : "error";

    private static StackFrame? ReadSource(ref Utf8JsonReader reader)
    {
        if (!Enter(ref reader, JsonTokenType.StartObject))
            return null;
        var place = new StackFrame();
        while (JsonFields.NextProperty(ref reader, out var name))
        {
            if (name == "file")
                place = place with { File = JsonFields.Text(ref reader, FieldLimits.Url) };
            else if (name == "line")
                place = place with { Line = JsonFields.PositiveInt(ref reader) };
            else if (name == "col")
                place = place with { Column = JsonFields.PositiveInt(ref reader) };
            else
                reader.Skip();
        }

        return place.File is null ? null : place;
    }

    private static List<ReadFault> ReadCauses(ref Utf8JsonReader reader)
    {
        var causes = new List<ReadFault>();
        if (!Enter(ref reader, JsonTokenType.StartArray))
            return causes;
        while (JsonFields.NextElement(ref reader))
        {
            if (causes.Count == FieldLimits.Causes || !Enter(ref reader, JsonTokenType.StartObject))
            {
                reader.Skip();
                continue;
            }

            var cause = ReadFault.None;
            while (JsonFields.NextProperty(ref reader, out var name))
            {
                if (name == "type")
                    cause = cause with { Type = JsonFields.Text(ref reader, FieldLimits.Type) };
                else if (name == "message")
                    cause = cause with { Message = JsonFields.Text(ref reader, FieldLimits.Message) };
                else if (name == "stack")
                    cause = cause with { Stack = JsonFields.Text(ref reader, FieldLimits.Stack) };
                else
                    reader.Skip();
            }

            if (cause != ReadFault.None)
                causes.Add(cause);
        }

        return causes;
    }

    private static EventUser? ReadUser(ref Utf8JsonReader reader)
    {
        if (!Enter(ref reader, JsonTokenType.StartObject))
            return null;
        var user = new EventUser(null, null, null);
        while (JsonFields.NextProperty(ref reader, out var name))
        {
            if (name == "id")
                user = user with { Id = JsonFields.TextOrNumber(ref reader, FieldLimits.Name) };
            else if (name == "email")
                user = user with { Email = JsonFields.Text(ref reader, FieldLimits.Name) };
            else if (name == "name")
                user = user with { Name = JsonFields.Text(ref reader, FieldLimits.Name) };
            else
                reader.Skip();
        }

        return user is { Id: null, Email: null, Name: null } ? null : user;
    }

    private static List<Tag> ReadTags(ref Utf8JsonReader reader)
    {
        var tags = new List<Tag>();
        if (!Enter(ref reader, JsonTokenType.StartObject))
            return tags;
        while (JsonFields.NextProperty(ref reader, out var name))
        {
            var value = JsonFields.Scalar(ref reader, FieldLimits.TagValue);
            name = CleanText.Clean(name, FieldLimits.TagKey);
            if (value is null || name.Length == 0)
                continue;
            tags.RemoveAll(tag => tag.K == name);
            if (tags.Count < FieldLimits.Tags)
                tags.Add(new(name, value));
        }

        return tags;
    }

    private static List<string> ReadTexts(ref Utf8JsonReader reader, int most, int longest)
    {
        var parts = new List<string>();
        if (!Enter(ref reader, JsonTokenType.StartArray))
            return parts;
        while (JsonFields.NextElement(ref reader))
        {
            if (JsonFields.Scalar(ref reader, longest) is { } part && parts.Count < most)
                parts.Add(part);
        }

        return parts;
    }

    private static string? ReadSdk(ref Utf8JsonReader reader)
    {
        if (!Enter(ref reader, JsonTokenType.StartObject))
            return null;
        string? sdk = null, version = null;
        while (JsonFields.NextProperty(ref reader, out var name))
        {
            if (name == "name")
                sdk = JsonFields.Text(ref reader, FieldLimits.TagKey);
            else if (name == "version")
                version = JsonFields.Text(ref reader, FieldLimits.TagKey);
            else
                reader.Skip();
        }

        return version is null ? sdk : $"{sdk} {version}".Trim();
    }

    /// <summary>False, with the value stepped over, where it is of another type.</summary>
    private static bool Enter(ref Utf8JsonReader reader, JsonTokenType start)
    {
        if (reader.TokenType == start)
            return true;
        reader.Skip();
        return false;
    }
}
