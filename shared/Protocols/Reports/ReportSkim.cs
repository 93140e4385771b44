using System.Text.Json;

namespace ErrorPipeline.Shared.Protocols.Reports;

/// <summary>What browsers send by the Reporting API: an array of <c>{"age","type","url","user_agent","body"}</c>; every element becomes one event.</summary>
public static class ReportSkim
{
    public static SkimFailure? Read(ReadOnlySpan<byte> body, SkimLimits limits, SkimmedRequest into)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(into);
        into.Clear();
        var offset = JsonPass.MarkLength(body);
        try
        {
            var json = JsonPass.Begin(body[offset..]);
            if (json.TokenType != JsonTokenType.StartArray)
                return JsonPass.Malformed("the body must be an array of reports, or one csp-report object");
            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                if (json.TokenType != JsonTokenType.StartObject)
                    return JsonPass.Malformed("every report must be an object");
                if (into.Events.Count == limits.Events)
                    return JsonPass.TooManyEvents(limits);
                var place = JsonPass.Whole(ref json, offset);
                if (place.Length > limits.EventBytes)
                    return JsonPass.TooLong(limits);
                into.Events.Add(new(place.Start, place.Length, null));
            }

            // Asserts that nothing follows.
            json.Read();
            return into.Events.Count == 0 ? JsonPass.Malformed("the array holds no reports") : null;
        }
        catch (JsonException e)
        {
            return JsonPass.NotJson(e, "the body");
        }
    }
}
