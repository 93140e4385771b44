// The same work as SourceMapBenchmarks.cs with @jridgewell/trace-mapping: node trace-mapping.mjs BUNDLE
import { TraceMap, originalPositionFor } from "@jridgewell/trace-mapping";
import { bundle, measure } from "./measure.mjs";

const [code, bytes] = bundle(process.argv[2]);
measure(() => new TraceMap(bytes.toString()), originalPositionFor, code);
