using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize.Reading;

namespace ErrorPipeline.Workers.Normalize.Protocols.Sentry;

/// <summary>Exceptions of an event: root cause first, the one that was caught last, and in each the newest frame last.</summary>
internal static class SentryFaults
{
    /// <summary>Name of the client's wrapper around callbacks, where it was not minified. It takes off only the outermost.</summary>
    private const string Wrapper = "sentryWrapped";

    private const string CapturedKeys = " with keys: ";
    private const string CapturedEvent = "` (type=";

    public static (ReadFault Fault, IReadOnlyList<ReadFault> Causes, SentryMechanisms Mechanisms) Read(JsonValue body)
    {
        var values = Values(body["exception"]);
        var mechanisms = SentryMechanisms.Of([.. values.Select(value => value["mechanism"])]);
        var said = Message(body);
        if (values.Count == 0)
            return (new(said is null ? null : Wording.Said, said, null) { Frames = Frames(body["stacktrace"]) }, [], mechanisms);
        var faults = values.AsEnumerable().Reverse().Select(value => Fault(value, mechanisms)).ToList();
        var fault = faults[0];
        if (EventOf(fault.Message) is { } dispatched)
            fault = fault with { Message = $"{dispatched} on {body["extra"]["__serialized__"]["target"].Text(FieldLimits.Message) ?? "an unknown target"}" };
        // Version 11 gives a message an exception without a type, only for its stack.
        if (fault.Type is null && said is not null)
            fault = fault with { Type = Wording.Said, Message = said };
        return (fault, Told.Causes(faults.Skip(1)), mechanisms);
    }

    /// <summary>"error" out of "Event `Event` (type=error) captured as promise rejection": the browser's event that was thrown or rejected; null for other messages.</summary>
    private static string? EventOf(string? message)
    {
        if (message?.StartsWith("Event `", StringComparison.Ordinal) != true || message.IndexOf(CapturedEvent, StringComparison.Ordinal) is not (> 0 and var at))
            return null;
        var type = message[(at + CapturedEvent.Length)..];
        return type.IndexOf(") captured as ", StringComparison.Ordinal) is > 0 and var end ? type[..end] : null;
    }

    private static IReadOnlyList<JsonValue> Values(JsonValue exception)
    {
        var values = exception["values"].Items.Concat(exception.Items).Where(value => value.IsObject).ToList();
        if (values.Count == 0 && !(exception["type"].IsNothing && exception["value"].IsNothing))
            values.Add(exception);
        // The outermost ones are those that matter.
        return [.. values.TakeLast(FieldLimits.Causes + 1)];
    }

    private static string? Message(JsonValue body) =>
        Told.Message(body["message"]) ?? Told.Message(body["message"]["formatted"]) ?? Told.Message(body["message"]["message"])
        ?? Told.Message(body["logentry"]["formatted"]) ?? Told.Message(body["logentry"]["message"]);

    private static ReadFault Fault(JsonValue value, SentryMechanisms mechanisms)
    {
        var type = Told.Type(value["type"]);
        var message = Told.Message(value["value"]);
        if (message is not null && type is not null && (message.StartsWith("Object captured as ", StringComparison.Ordinal) || message.StartsWith("Non-Error ", StringComparison.Ordinal)))
        {
            type = mechanisms.Word == "unhandledrejection" ? Wording.Rejection : type;
            if (message.IndexOf(CapturedKeys, StringComparison.Ordinal) is >= 0 and var keys)
                message = Wording.Keys(message[(keys + CapturedKeys.Length)..].Split(", "));
        }

        var frames = Frames(value["stacktrace"]);
        return new(type, Wording.Bare(message), null)
        {
            Frames = frames,
            // Where its name was not minified the client has taken its wrapper off itself.
            Wrapped = mechanisms.Wrapped && frames is [.., { Function.Length: <= 2 }],
        };
    }

    private static IReadOnlyList<StackFrame> Frames(JsonValue stack) => FrameParts.ToFrames(stack["frames"].Items.Reverse().Select(frame => new FrameParts(
        FrameParts.NameOf(frame["function"]),
        FrameParts.FileOf(frame["filename"]) ?? FrameParts.FileOf(frame["abs_path"]) ?? FrameParts.FileOf(frame["module"]),
        frame["lineno"].Place(),
        frame["colno"].Place(),
        Foreign: frame["in_app"].Bool() == false || frame["function"].Text(200)?.EndsWith(Wrapper, StringComparison.Ordinal) == true)));
}
