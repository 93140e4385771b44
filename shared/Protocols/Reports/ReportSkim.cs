using System.Text.Json;

namespace ErrorPipeline.Shared.Protocols.Reports;

/// <summary>What browsers send by the Reporting API: an array of <c>{"age","type","url","user_agent","body"}</c>; every element becomes one event.</summary>
public static class ReportSkim
{
    public static SkimFailure? Read(ReadOnlySpan<byte> body, SkimLimits limits, SkimmedRequest into) => JsonPass.Whole(body, limits, into, Reports);

    private static SkimFailure? Reports(ref Utf8JsonReader json, int offset, SkimLimits limits, SkimmedRequest into)
    {
        if (json.TokenType != JsonTokenType.StartArray)
            return JsonPass.Malformed("the body must be an array of reports, or one csp-report object");
        if (JsonPass.Elements(ref json, "report", offset, limits, into) is { } failure)
            return failure;
        return into.Events.Count == 0 ? JsonPass.Malformed("the array holds no reports") : null;
    }
}
