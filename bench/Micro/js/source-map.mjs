// The same work as SourceMapBenchmarks.cs with source-map 0.6.1: node source-map.mjs MAP
import { readFileSync } from "node:fs";
import sourceMap from "source-map";
import { measure } from "./measure.mjs";

const { SourceMapConsumer } = sourceMap;
const bytes = readFileSync(process.argv[2]);
measure(
  () => new SourceMapConsumer(JSON.parse(bytes.toString())),
  (map, place) => map.originalPositionFor(place),
  bytes,
);
