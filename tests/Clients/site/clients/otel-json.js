import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { startWith } from "./otel.js";

export const start = startWith(OTLPLogExporter, OTLPTraceExporter);
