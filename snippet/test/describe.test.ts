import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { describe } from "../src/describe";

const title = (value: unknown, how = "UnhandledRejection"): string => {
  const { type, message } = describe(value, how);
  return `${type}: ${message}`;
};

class NotFound extends Error {
  override name = "NotFound";
}

const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};

class Point {
  x = 1;
}

const titles: [string, unknown, string][] = [
  ["Error", new TypeError("no"), "TypeError: no"],
  ["own class", new NotFound("gone"), "NotFound: gone"],
  ["error of another realm", runInNewContext("new RangeError('far')"), "RangeError: far"],
  ["error without message", new Error(), "Error: "],
  ["message that is an object", Object.assign(new Error(), { message: { a: 1 } }), 'Error: {"a":1}'],
  ["DOMException", new DOMException("stopped", "AbortError"), "AbortError: stopped"],
  ["string", "text", "UnhandledRejection: text"],
  ["empty string", "", "UnhandledRejection: "],
  ["undefined", undefined, "UnhandledRejection: undefined"],
  ["null", null, "UnhandledRejection: null"],
  ["number", 404, "UnhandledRejection: 404"],
  ["bigint", 10n, "UnhandledRejection: 10"],
  ["symbol", Symbol("s"), "UnhandledRejection: Symbol(s)"],
  ["function", function doIt() {}, "UnhandledRejection: function doIt"],
  ["plain object", { b: 1, a: 2 }, "UnhandledRejection: Object with keys a, b"],
  ["empty object", {}, "UnhandledRejection: Object with no keys"],
  ["no prototype", Object.assign(Object.create(null), { a: 1 }), "UnhandledRejection: Object with keys a"],
  ["object with message", { message: "said", code: 3 }, "UnhandledRejection: said"],
  ["object with error text", { error: "invalid_grant" }, "UnhandledRejection: invalid_grant"],
  ["object with name and message", { name: "ApiError", message: "said" }, "ApiError: said"],
  ["instance of a class", new Point(), "Point: Point with keys x"],
  ["array", [1, 2], "Array: Array with keys 0, 1"],
  ["Response", new Response(null, { status: 503, statusText: "Service Unavailable" }), "Response: 503 Service Unavailable "],
  ["Event", new Event("abort"), "Event: abort on nothing"],
  ["proxy that traps everything", new Proxy({}, { get() { throw 1; }, ownKeys() { throw 1; }, getPrototypeOf() { throw 1; } }), "UnhandledRejection: Object with no keys"],
  ["revoked proxy", revoked(), "UnhandledRejection: Object with no keys"],
];

for (const [name, value, expected] of titles) {
  test(`title of ${name}`, () => assert.equal(title(value), expected));
}

test("causes: the chain outermost first, then members, each once", () => {
  const root = new TypeError("root");
  const error: any = new AggregateError([new Error("one"), root, "two"], "all", { cause: new Error("middle", { cause: root }) } as any);
  assert.deepEqual(describe(error, "x").causes.map(({ type, message }) => `${type}: ${message}`), ["Error: middle", "TypeError: root", "Error: one", "Cause: two"]);
});

test("causes: a circle and a long chain end", () => {
  const circle: any = new Error("circle");
  circle.cause = circle;
  assert.equal(describe(circle, "x").causes.length, 0);
  let chain: Error = new Error("0");
  for (let i = 1; i < 50; i++) chain = new Error("" + i, { cause: chain } as any);
  assert.deepEqual(describe(chain, "x").causes.map(({ message }) => message), ["48", "47", "46", "45", "44", "43", "42", "41", "40", "39"]);
});

test("message and stack are cut, never in half of a character", () => {
  const error = Object.assign(new Error("x".repeat(8191) + "😀"), { stack: "s".repeat(100_000) });
  const { message, stack } = describe(error, "x");
  assert.equal(message, "x".repeat(8191));
  assert.equal(stack?.length, 65_536);
});

test("an object that was thrown is kept beside its title", () => {
  assert.equal(describe({ code: 7 }, "x").thrown, '{"code":7}');
  assert.equal(describe("text", "x").thrown, undefined);
});
