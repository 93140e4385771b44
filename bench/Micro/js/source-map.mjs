// The same work as SourceMapBenchmarks.cs with source-map 0.6.1: node source-map.mjs BUNDLE
import sourceMap from "source-map";
import { bundle, measure } from "./measure.mjs";

const { SourceMapConsumer } = sourceMap;
const [code, bytes] = bundle(process.argv[2]);
measure(
  () => new SourceMapConsumer(JSON.parse(bytes.toString())),
  (map, place) => map.originalPositionFor(place),
  code,
);
