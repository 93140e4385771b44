import { logs, SeverityNumber } from "@opentelemetry/api-logs";
import { registerInstrumentations } from "@opentelemetry/instrumentation";
import { ExceptionInstrumentation } from "@opentelemetry/instrumentation-web-exception";
import { defaultResource, resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import { BatchSpanProcessor, WebTracerProvider } from "@opentelemetry/sdk-trace-web";

export const startWith = (LogExporter, TraceExporter) => ({ url, key, release, environment, user }) => {
  const resource = defaultResource().merge(resourceFromAttributes({ "service.name": "shop", "service.version": release, "deployment.environment.name": environment, "user.id": user.id, "user.email": user.email }));
  const loggerProvider = new LoggerProvider({ resource, processors: [new BatchLogRecordProcessor({ exporter: new LogExporter({ url: `${url}/api/${key}/otlp/v1/logs` }) })] });
  const tracerProvider = new WebTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(new TraceExporter({ url: `${url}/api/${key}/otlp/v1/traces` }))] });
  logs.setGlobalLoggerProvider(loggerProvider);
  registerInstrumentations({ instrumentations: [new ExceptionInstrumentation({ applyCustomAttributes: () => ({ "url.full": location.href, plan: "spring" }) })] });
  return {
    handled: (error, extra) => {
      const span = tracerProvider.getTracer("shop").startSpan("checkout", { attributes: { plan: "spring", "url.full": location.href, ...extra } });
      span.recordException(error);
      span.end();
    },
    message: (text) => loggerProvider.getLogger("shop").emit({ body: text, severityNumber: SeverityNumber.ERROR, attributes: { plan: "spring", "url.full": location.href } }),
  };
};
