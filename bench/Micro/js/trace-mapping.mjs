// The same work as SourceMapBenchmarks.cs with @jridgewell/trace-mapping: node trace-mapping.mjs MAP
import { readFileSync } from "node:fs";
import { TraceMap, originalPositionFor } from "@jridgewell/trace-mapping";
import { measure } from "./measure.mjs";

const bytes = readFileSync(process.argv[2]);
measure(() => new TraceMap(bytes.toString()), originalPositionFor, bytes);
