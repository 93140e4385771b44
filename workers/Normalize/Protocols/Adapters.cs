using System.Collections.Frozen;
using ErrorPipeline.Workers.Normalize.Protocols.Airbrake;
using ErrorPipeline.Workers.Normalize.Protocols.Browser;
using ErrorPipeline.Workers.Normalize.Protocols.Bugsnag;
using ErrorPipeline.Workers.Normalize.Protocols.Datadog;
using ErrorPipeline.Workers.Normalize.Protocols.Elastic;
using ErrorPipeline.Workers.Normalize.Protocols.Honeybadger;
using ErrorPipeline.Workers.Normalize.Protocols.Otlp;
using ErrorPipeline.Workers.Normalize.Protocols.Raygun;
using ErrorPipeline.Workers.Normalize.Protocols.Rollbar;
using ErrorPipeline.Workers.Normalize.Protocols.Sentry;
using ErrorPipeline.Workers.Normalize.Protocols.TrackJs;
using ErrorPipeline.Workers.Normalize.Reading;

namespace ErrorPipeline.Workers.Normalize.Protocols;

/// <summary>The bytes of one event, as the collector cut it out of the request, to what its client told. Pure; never throws, whatever the bytes.</summary>
internal delegate ReadEvent Adapter(ReadOnlyMemory<byte> body);

/// <summary>Every protocol that this build reads, by the name the collector gives it.</summary>
internal static class Adapters
{
    private static readonly FrozenDictionary<string, Adapter> Known = new Dictionary<string, Adapter>
    {
        ["native"] = NativeEventReader.Read,
        ["sentry"] = OfTree(SentryAdapter.Read),
        ["sentry-feedback"] = OfTree(FeedbackAdapter.Read),
        ["bugsnag"] = OfTree(BugsnagAdapter.Read),
        ["rollbar"] = OfTree(RollbarAdapter.Read),
        ["airbrake"] = OfTree(AirbrakeAdapter.Read),
        ["honeybadger"] = OfTree(HoneybadgerAdapter.Read),
        ["raygun"] = OfTree(RaygunAdapter.Read),
        ["trackjs"] = OfTree(TrackJsAdapter.Read),
        ["datadog-rum"] = OfTree(DatadogAdapter.ReadRum),
        ["datadog-logs"] = OfTree(DatadogAdapter.ReadLogs),
        ["elastic"] = OfTree(ElasticAdapter.Read),
        ["otlp-logs"] = OfTree(OtlpAdapter.ReadLog),
        ["otlp-traces"] = OfTree(OtlpAdapter.ReadSpan),
        ["csp-report"] = OfTree(CspReport.ReadUri),
        ["browser-report"] = OfTree(BrowserReport.Read),
    }.ToFrozenDictionary();

    public static IReadOnlyList<string> Names => [.. Known.Keys.Order(StringComparer.Ordinal)];

    /// <exception cref="NotSupportedException">The protocol is one of a newer collector: the event becomes a dead letter, which can be replayed.</exception>
    public static Adapter Of(string protocol) =>
        Known.GetValueOrDefault(protocol) ?? throw new NotSupportedException($"events of protocol '{protocol}' cannot be read by this build");

    private static Adapter OfTree(Func<JsonValue, ReadEvent> read) => body => read(JsonTree.Parse(body, out var damaged)) with { Damaged = damaged };
}
