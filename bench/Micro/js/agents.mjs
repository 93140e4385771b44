// The same work as AgentBenchmarks.cs: every user agent of a file, read anew: node agents.mjs FILE. Microseconds each.
import { readFileSync } from "node:fs";
import { UAParser } from "ua-parser-js";

const rounds = 31;
const agents = readFileSync(process.argv[2], "utf8").split("\n").filter(Boolean);
let named = 0;
const pass = () => {
  named = 0;
  for (const agent of agents) {
    const { browser, os, device } = new UAParser(agent).getResult();
    named += (browser.name ? 1 : 0) + (os.name ? 1 : 0) + (device.type ? 1 : 0);
  }
};
for (const begun = performance.now(); performance.now() - begun < 1000; ) pass();
const times = [];
for (let round = 0; round < rounds; round++) {
  const start = performance.now();
  pass();
  times.push(performance.now() - start);
}
if (!named) throw new Error("no user agent was read");
console.log(JSON.stringify((times.sort((a, b) => a - b)[rounds >> 1] * 1000) / agents.length));
