namespace ErrorPipeline.Web.Setup;

/// <summary>Clients that measure a site and tell errors among other things, and the browser itself.</summary>
internal static class MonitorGuides
{
    public static readonly IReadOnlyList<ClientGuide> All =
    [
        new("elastic", "Elastic APM", "@elastic/apm-rum", "elastic")
        {
            Change = [new("Put this in the place of your server's address, which is its only way to carry a key:", "serverUrl: 'https://errors.example/api/KEY/elastic',")],
            New =
            [
                new("Install it:", "npm install @elastic/apm-rum"),
                new(
                    "Start it before the rest of your code:",
                    """
                    import { init } from '@elastic/apm-rum'

                    const apm = init({
                      serviceName: 'shop',
                      serverUrl: 'https://errors.example/api/KEY/elastic',
                      serviceVersion: '1.4.2',
                      environment: 'production',
                    })
                    """),
            ],
            Notes = ["Errors are kept, transactions dropped. `sendCredentials` and `apiVersion: 3` work."],
        },
        new("datadog", "Datadog", "@datadog/browser-rum, @datadog/browser-logs", "datadog-rum", "datadog-logs")
        {
            Change = [new("Add this to the options of both; any text will do as `clientToken`:", "proxy: 'https://errors.example/api/KEY/datadog',")],
            New =
            [
                new("Install either or both:", "npm install @datadog/browser-rum @datadog/browser-logs"),
                new(
                    "Start it before the rest of your code:",
                    """
                    import { datadogRum } from '@datadog/browser-rum'

                    datadogRum.init({
                      applicationId: '00000000-0000-0000-0000-000000000000',
                      clientToken: 'shop',
                      proxy: 'https://errors.example/api/KEY/datadog',
                      service: 'shop',
                      env: 'production',
                      version: '1.4.2',
                    })
                    """),
                new(
                    "And the logs, if you use them:",
                    """
                    import { datadogLogs } from '@datadog/browser-logs'

                    datadogLogs.init({ clientToken: 'shop', proxy: 'https://errors.example/api/KEY/datadog', forwardErrorsToLogs: true })
                    """),
            ],
            Notes =
            [
                "`clientToken: 'KEY'` works as well, with any path as proxy, or with `proxy: (o) => 'https://errors.example' + o.path + '?' + o.parameters`.",
                "Of RUM only errors are kept, of logs the lines of status error and above and those that carry an error. `compressIntakeRequests` is understood.",
            ],
        },
        new("opentelemetry", "OpenTelemetry", "OTLP over HTTP, JSON or protobuf", "otlp-logs", "otlp-traces")
        {
            Change =
            [
                new(
                    "Set the exporters' addresses:",
                    """
                    new OTLPLogExporter({ url: 'https://errors.example/api/KEY/otlp/v1/logs' })
                    new OTLPTraceExporter({ url: 'https://errors.example/api/KEY/otlp/v1/traces' })
                    """),
            ],
            New =
            [
                new(
                    "Install what catches errors, and the exporter of logs:",
                    """
                    npm install @opentelemetry/instrumentation @opentelemetry/instrumentation-web-exception \
                      @opentelemetry/resources @opentelemetry/sdk-logs @opentelemetry/exporter-logs-otlp-http
                    """),
                new(
                    "Start it before the rest of your code:",
                    """
                    import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http'
                    import { registerInstrumentations } from '@opentelemetry/instrumentation'
                    import { ExceptionInstrumentation } from '@opentelemetry/instrumentation-web-exception'
                    import { resourceFromAttributes } from '@opentelemetry/resources'
                    import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs'

                    const exporter = new OTLPLogExporter({ url: 'https://errors.example/api/KEY/otlp/v1/logs' })
                    const loggerProvider = new LoggerProvider({
                      resource: resourceFromAttributes({ 'service.name': 'shop', 'service.version': '1.4.2', 'deployment.environment.name': 'production' }),
                      processors: [new BatchLogRecordProcessor({ exporter })],
                    })
                    registerInstrumentations({ instrumentations: [new ExceptionInstrumentation()], loggerProvider })
                    """),
            ],
            Notes =
            [
                "`/v1/logs` and `/v1/traces` with the header `x-api-key: KEY` or `Authorization: Bearer KEY` work too.",
                "Kept are log records and span events of exceptions, and log records of severity error and above.",
            ],
        },
        new("browser", "Browser reports", "CSP, deprecations, interventions, crashes and network errors, as browsers tell them", "csp-report", "browser-report")
        {
            New =
            [
                new(
                    "Send these headers with your pages; https on both sides. `report-uri` is for browsers without the Reporting API.",
                    """
                    Reporting-Endpoints: default="https://errors.example/api/KEY/reports", csp="https://errors.example/api/KEY/reports"
                    Content-Security-Policy: default-src 'self'; report-to csp; report-uri https://errors.example/api/KEY/reports
                    """),
                new(
                    "To see what a policy would block before it does, tell it as one that only reports:",
                    """
                    Content-Security-Policy-Report-Only: default-src 'self'; report-to csp; report-uri https://errors.example/api/KEY/reports
                    """),
            ],
            Notes =
            [
                "`https://errors.example/reports?key=KEY` is the same address.",
                "Violations are grouped by directive and blocked origin; those that extensions of visitors cause are told apart.",
            ],
        },
    ];
}
