using System.Globalization;
using ErrorPipeline.Shared.Protocols;
using ErrorPipeline.Shared.Protocols.Bugsnag;
using ErrorPipeline.Shared.Protocols.Native;
using ErrorPipeline.Shared.Protocols.Otlp;
using ErrorPipeline.Shared.Protocols.Reports;
using ErrorPipeline.Shared.Protocols.Sentry;

namespace ErrorPipeline.Collector.Clients;

/// <summary>Every client whose events the collector takes.</summary>
internal static class ClientProtocols
{
    /// <summary>Envelopes carry replays and attachments, which are dropped here.</summary>
    private const int MostEnvelopeBytes = 20 << 20;

    public static readonly ClientProtocol Native = new("native", "the key in the address", NativeSkim.Read, Replies.AcceptNative, Replies.RefuseNative);

    public static readonly ClientProtocol Sentry = new("sentry", "the public key of the DSN", SentrySkim.Read, Replies.AcceptSentry, Replies.RefuseSentry)
    {
        MostBytes = MostEnvelopeBytes,
        HasKeyInBody = true,
    };

    public static readonly ClientProtocol SentryStore = Sentry with { Skim = DocumentSkim.SentryStore, MostBytes = null, HasKeyInBody = false };

    public static readonly ClientProtocol Bugsnag = new("bugsnag", "apiKey", BugsnagSkim.Read, Replies.AcceptNative, Replies.RefuseBugsnag)
    {
        HasKeyInBody = true,
        SentAt = request => DateTimeOffset.TryParse(request.Headers["Bugsnag-Sent-At"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? Sensible(time.ToUnixTimeMilliseconds())
            : null,
    };

    public static readonly ClientProtocol Rollbar = new("rollbar", "accessToken", DocumentSkim.Rollbar, Replies.AcceptRollbar, Replies.RefuseRollbar)
    {
        HasKeyInBody = true,
    };

    public static readonly ClientProtocol Airbrake = new("airbrake", "projectKey", DocumentSkim.Airbrake, Replies.AcceptAirbrake, Replies.RefuseAirbrake);

    public static readonly ClientProtocol Honeybadger = new("honeybadger", "apiKey", DocumentSkim.Honeybadger, Replies.AcceptHoneybadger, Replies.RefuseHoneybadger);

    public static readonly ClientProtocol Raygun = new("raygun", "apiKey", DocumentSkim.Raygun, Replies.AcceptEmpty, Replies.RefuseRaygun);

    public static readonly ClientProtocol TrackJs = new("trackjs", "token", DocumentSkim.TrackJs, Replies.AcceptTrackJs, Replies.RefuseTrackJs);

    public static readonly ClientProtocol DatadogRum = new("datadog-rum", "clientToken, or the key in the proxy's address", LineSkims.DatadogRum, Replies.AcceptDatadog, Replies.RefuseDatadog)
    {
        Coding = request => DatadogForward.Of(request)["dd-evp-encoding"],
        SentAt = request => long.TryParse(DatadogForward.Of(request)["batch_time"], CultureInfo.InvariantCulture, out var ms) ? Sensible(ms) : null,
    };

    public static readonly ClientProtocol DatadogLogs = DatadogRum with { Name = "datadog-logs", Skim = LineSkims.DatadogLogs };

    public static readonly ClientProtocol Elastic = new("elastic", "the key in serverUrl", LineSkims.Elastic, Replies.AcceptEmpty, Replies.RefuseElastic)
    {
        SendsCredentials = true,
    };

    public static readonly ClientProtocol OtlpLogs = new("otlp-logs", "the key in the address or in an x-api-key header", OtlpSkim.Logs, Replies.AcceptOtlp, Replies.RefuseOtlp);

    public static readonly ClientProtocol OtlpTraces = OtlpLogs with { Name = "otlp-traces", Skim = OtlpSkim.Traces };

    public static readonly ClientProtocol OtlpLogsProtobuf = OtlpLogs with
    {
        Convert = OtlpProtobuf.LogsToJson,
        Accept = Replies.AcceptOtlpProtobuf,
        Refuse = Replies.RefuseOtlpProtobuf,
    };

    public static readonly ClientProtocol OtlpTracesProtobuf = OtlpLogsProtobuf with { Name = "otlp-traces", Skim = OtlpSkim.Traces, Convert = OtlpProtobuf.TracesToJson };

    public static readonly ClientProtocol Reports = new("csp-report", "the key in the report's address", DocumentSkim.CspReport, Replies.AcceptReport, Replies.RefuseNative)
    {
        WhenArray = new("browser-report", "the key in the report's address", ReportSkim.Read, Replies.AcceptReport, Replies.RefuseNative),
    };

    private static long? Sensible(long ms) => ms is > 0 and < 1_000_000_000_000_000 ? ms : null;
}
