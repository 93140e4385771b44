import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { startWith } from "./otel.js";

export const start = startWith(OTLPLogExporter, OTLPTraceExporter);
