// The same work as SourceMapBenchmarks.cs, step by step, by whatever reads the map.
import { readFileSync } from "node:fs";

const lookups = 200_000, coldRounds = 31, warmRounds = 11;

/** Its text and the bytes of its map. */
export const bundle = file => [readFileSync(file, "utf8"), readFileSync(`${file}.map`)];

export function measure(read, find, code) {
  const coldMs = median(coldRounds, () => find(read(), { line: 1, column: 0 }));
  const map = read();

  const lines = new Int32Array(lookups), columns = new Int32Array(lookups);
  let state = 426;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0);
  const starts = [0];
  for (let i = 0; (i = code.indexOf("\n", i) + 1) > 0; ) starts.push(i);
  for (let i = 0; i < lookups; i++) {
    const at = next() % code.length;
    lines[i] = starts.findLastIndex(start => start <= at);
    columns[i] = at - starts[lines[i]];
  }

  let checksum = 0;
  const warmMs = median(warmRounds, () => {
    checksum = 0;
    for (let i = 0; i < lookups; i++) {
      const at = find(map, { line: lines[i] + 1, column: columns[i] });
      checksum += at.line === null ? 1 : (at.line - 1) * 31 + at.column + (at.name?.length ?? 0);
    }
  });

  console.log(JSON.stringify({
    coldMs,
    warmNs: (warmMs * 1e6) / lookups,
    checksum,
  }));
}

function median(rounds, work) {
  for (const begun = performance.now(); performance.now() - begun < 1000; ) work();
  const times = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    work();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[rounds >> 1];
}
