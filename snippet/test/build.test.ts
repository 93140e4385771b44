import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { brotliCompressSync } from "node:zlib";

const read = (name: string): string => readFileSync(`dist/${name}`, "utf8");
const key = "0123456789abcdef0123456789abcdef";
const filled = read("stub.js").replace("__KEY__", key).replace("__URL__", "https://errors.example.com");

test("the stub with a real key and address is at most 410 bytes", () => {
  assert.ok(Buffer.byteLength(filled) <= 410, `${Buffer.byteLength(filled)} bytes`);
});

test("the stub is a text for an inline script: each placeholder once, plain ASCII, nothing that ends the element", () => {
  const stub = read("stub.js");
  assert.equal(stub.split("__KEY__").length, 2);
  assert.equal(stub.split("__URL__").length, 2);
  assert.match(stub, /^[\x20-\x7e]+$/);
  assert.doesNotMatch(stub, /<[/!]/);
});

test("the agent stays small", () => {
  const agent = read("agent.js");
  assert.ok(agent.length <= 14_100, `${agent.length} bytes`);
  assert.ok(brotliCompressSync(agent).length <= 5_950, `${brotliCompressSync(agent).length} bytes as brotli`);
});

interface Script {
  [name: string]: unknown;
}

/** Runs the stub in a page of two dozen lines. */
function run(readyState: string, currentScript: object | null = { nonce: "n0" }) {
  const listeners: Record<string, (event?: unknown) => void> = {};
  const scripts: Script[] = [];
  const timers: { work: () => void; wait: number }[] = [];
  const page: any = {
    document: { readyState, currentScript, createElement: () => ({}), head: { append: (script: Script) => scripts.push(script) } },
    addEventListener: (type: string, listener: () => void) => (listeners[type] = listener),
    setTimeout: (work: () => void, wait: number) => timers.push({ work, wait }),
  };
  page.self = page;
  runInNewContext(filled, page);
  return { page, listeners, scripts, timers };
}

test("the stub loads the agent after load, with the nonce and without credentials", () => {
  const { listeners, scripts } = run("loading");
  assert.equal(scripts.length, 0);
  listeners.load();
  assert.equal(scripts[0].src, "https://errors.example.com/agent.js");
  assert.equal(scripts[0].crossOrigin, "");
  assert.equal(scripts[0].nonce, "n0");
});

test("the stub, pasted after load or without a current script, loads the agent at once", () => {
  assert.equal(run("complete").scripts.length, 1);
  assert.equal(run("complete", null).scripts.length, 1);
  assert.equal(run("interactive").scripts.length, 0);
});

test("the stub asks for the agent again, ever more rarely", () => {
  const { scripts, timers } = run("complete");
  const waits = [0, 1, 2].map((n) => {
    (scripts[n].onerror as () => void)();
    timers[n].work();
    return timers[n].wait;
  });
  assert.deepEqual(waits, [10_000, 20_000, 40_000]);
});

test("the stub queues calls and events with their time, and at most a thousand entries", () => {
  const { page, listeners } = run("loading");
  page.ep("init", { release: "1" });
  listeners.error({ type: "error" });
  listeners.unhandledrejection({ type: "unhandledrejection" });
  const { q } = page.ep;
  assert.equal(q[0], key);
  assert.deepEqual(Array.from(q[2][0] as unknown[]).length, 2);
  assert.ok(Math.abs(+q[3][1] - Date.now()) < 5000);
  for (let i = 0; i < 5000; i++) listeners.error({ type: "error" });
  assert.equal(q.length, 1000);
});
