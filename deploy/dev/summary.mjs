// Sums what the test runs left in a folder: NAME.status (exit status), NAME.trx (.NET) or NAME.log (TAP of node:test).
// The last line is "N passed, N failed", with ", N skipped" where there are; the exit status tells the same.
//   node summary.mjs FOLDER
//   node summary.mjs --line FILE NAME SECONDS      one line about one run
import { existsSync, readdirSync, readFileSync } from "node:fs";

const entities = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
const decode = (text) =>
  text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (_, hex, decimal, name) =>
    hex ? String.fromCodePoint(parseInt(hex, 16)) : decimal ? String.fromCodePoint(+decimal) : (entities[name] ?? ""));

function readTrx(file) {
  if (!existsSync(file)) return { passed: 0, failed: 0, skipped: 0, failures: [] };
  const text = readFileSync(file, "utf8");
  const results = [...text.matchAll(/<UnitTestResult\b([^>]*?)(?:\/>|>([\s\S]*?)<\/UnitTestResult>)/g)].map(([, attributes, body]) => ({
    name: decode(/testName="([^"]*)"/.exec(attributes)?.[1] ?? "?"),
    outcome: /outcome="([^"]*)"/.exec(attributes)?.[1] ?? "None",
    message: decode(/<Message>([\s\S]*?)<\/Message>/.exec(body ?? "")?.[1] ?? ""),
    stack: decode(/<StackTrace>([\s\S]*?)<\/StackTrace>/.exec(body ?? "")?.[1] ?? ""),
  }));
  const of = (...outcomes) => results.filter((result) => outcomes.includes(result.outcome));
  const passed = of("Passed");
  const skipped = of("NotExecuted", "Inconclusive");
  const failed = results.filter((result) => !passed.includes(result) && !skipped.includes(result));
  return {
    passed: passed.length,
    failed: failed.length,
    skipped: skipped.length,
    skips: skipped.map((result) => `${result.name}: ${result.message.split("\n")[0]}`),
    failures: failed.map((result) => `${result.name} (${result.outcome})\n${indent(result.message)}\n${indent(result.stack.split("\n").slice(0, 12).join("\n"))}`),
  };
}

function readTap(file) {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const number = (name) => Number(new RegExp(`^# ${name} (\\d+)$`, "m").exec(text)?.[1] ?? 0);
  const failures = [...text.matchAll(/^ *not ok \d+ - (.*)\n((?: +.*\n)*)/gm)].map(([, name, detail]) => `${name}\n${indent(detail.split("\n").slice(0, 25).join("\n"))}`);
  return { passed: number("pass"), failed: number("fail") + number("cancelled"), skipped: number("skipped") + number("todo"), skips: [], failures };
}

const indent = (text) => text.trimEnd().replace(/^/gm, "    ");
const read = (file) => (file.endsWith(".trx") ? readTrx(file) : readTap(file));
const counts = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}`;

const [folder, ...line] = process.argv.slice(2);
if (folder === "--line") {
  const [file, name, seconds] = line;
  console.log(`${name}: ${counts(read(file))} (${seconds} s)`);
  process.exit(0);
}

const sum = { passed: 0, failed: 0, skipped: 0 };
const failures = [];
for (const statusFile of readdirSync(folder).filter((file) => file.endsWith(".status")).sort()) {
  const name = statusFile.slice(0, -".status".length);
  const status = Number(readFileSync(`${folder}/${statusFile}`, "utf8"));
  const result = read(`${folder}/${name}.${name === "snippet" ? "log" : "trx"}`);
  // A run that ended badly without a failed test (a crashed host, a time limit, a build error) is itself a failure.
  if (status !== 0 && result.failed === 0) {
    result.failed = 1;
    const why = status === 124 || status === 137 ? "did not end in time and was killed" : `ended with status ${status}`;
    result.failures.push(`${name} ${why}\n${indent(readFileSync(`${folder}/${name}.log`, "utf8").split("\n").slice(-40).join("\n"))}`);
  }
  for (const key of Object.keys(sum)) sum[key] += result[key];
  for (const skip of result.skips ?? []) console.log(`SKIPPED ${skip}`);
  failures.push(...result.failures);
}
for (const failure of failures) console.log(`\nFAILED ${failure}`);
if (sum.passed + sum.failed + sum.skipped === 0) {
  console.log("no test was run");
  sum.failed = 1;
}
console.log(`\n${counts(sum)}`);
process.exit(sum.failed ? 1 : 0);
