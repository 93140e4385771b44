// The same work as StackBenchmarks.cs: every stack of a file, parsed from its string: node stacks.mjs FILE. Microseconds a stack, by parser.
import { readFileSync } from "node:fs";
import { defaultStackParser } from "@sentry/browser";
import ErrorStackParser from "error-stack-parser";
import { parse } from "stacktrace-parser";

const rounds = 101;
const stacks = JSON.parse(readFileSync(process.argv[2]));
const parsers = {
  sentry: ({ stack }) => defaultStackParser(stack),
  errorStackParser: (thrown) => {
    // Throws where it knows no line.
    try { return (ErrorStackParser.default ?? ErrorStackParser).parse(thrown); } catch { return []; }
  },
  stacktraceParser: ({ stack }) => parse(stack),
};

const result = {};
for (const [name, parser] of Object.entries(parsers)) {
  let frames = 0;
  const pass = () => {
    frames = 0;
    for (const thrown of stacks) frames += parser(thrown).length;
  };
  for (const begun = performance.now(); performance.now() - begun < 1000; ) pass();
  const times = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    pass();
    times.push(performance.now() - start);
  }
  if (!frames) throw new Error(`${name} read no frame`);
  result[name] = (times.sort((a, b) => a - b)[rounds >> 1] * 1000) / stacks.length;
}
console.log(JSON.stringify(result));
