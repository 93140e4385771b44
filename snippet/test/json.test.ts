import assert from "node:assert/strict";
import { test } from "node:test";
import { element, toJson } from "../src/json";

const json = (value: unknown, budget = 10_000): any => JSON.parse(toJson(value, budget));

test("ordinary values come out as JSON.stringify has them", () => {
  const value = { a: [1, "two", true, null, { deep: -0.5e-7 }], "ke\"y": "\u0000\u2028\ud83d", e: [], f: {} };
  assert.equal(toJson(value, 10_000), JSON.stringify(value));
});

test("values that JSON lacks become texts; functions and undefined members go", () => {
  assert.deepEqual(json({ n: NaN, i: -Infinity, b: 1n, s: Symbol("x"), u: undefined, f() {} }), { n: "NaN", i: "-Infinity", b: "[1]", s: "[Symbol(x)]" });
  assert.deepEqual(json([undefined, () => 0]), ["[undefined]", "[function]"]);
  assert.deepEqual(json({ e: new TypeError("t"), d: new Date(0), r: /x/g, bad: new Date(NaN) }), {
    e: "TypeError: t", d: "1970-01-01T00:00:00.000Z", r: "/x/g", bad: "Invalid Date",
  });
});

test("the same object twice is written twice, a cycle once", () => {
  const shared = { x: 1 };
  const circle: any = { shared, again: shared };
  circle.me = circle;
  assert.deepEqual(json(circle), { shared: { x: 1 }, again: { x: 1 }, me: "[cycle]" });
});

test("depth, entries and size are bounded", () => {
  let deep: any = 0;
  for (let i = 0; i < 10_000; i++) deep = { deep };
  assert.match(toJson(deep, 10_000), /^(\{"deep":){6}"\[object]"\}{6}$/);
  assert.equal(json(Array(5000).fill(0)).length, 100);
  const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => ["k" + i, "v".repeat(5000)]));
  const written = toJson(wide, 16_384);
  assert.ok(written.length < 17_000, "" + written.length);
  assert.ok(JSON.parse(written).k3);
});

test("an endless getter ends", () => {
  const endless = (): object => Object.defineProperty({}, "next", { enumerable: true, get: endless });
  assert.ok(toJson([endless(), endless()], 1000).length < 2000);
});

test("getters that throw cost only themselves", () => {
  const value = Object.defineProperty({ ok: 1 }, "bad", { enumerable: true, get() { throw new Error("no"); } });
  assert.deepEqual(json(value), { ok: 1, bad: "[unreadable]" });
});

test("toJSON is never called, __proto__ is a key", () => {
  assert.equal(toJson({ toJSON() { throw new Error("called"); }, a: 1 }, 100), '{"a":1}');
  assert.equal(toJson(JSON.parse('{"__proto__":{"x":1}}'), 100), '{"__proto__":{"x":1}}');
});

test("whatever it is given, it writes valid JSON", () => {
  // A small generator with a fixed seed.
  let state = 42;
  const next = (below: number): number => (state = (state * 1103515245 + 12345) & 0x7fffffff) % below;
  const make = (depth: number): unknown => {
    const kind = next(depth > 8 ? 6 : 10);
    if (kind < 2) return String.fromCharCode(next(0x10000), next(0x10000), next(128)).repeat(next(40));
    if (kind === 2) return next(1e6) / 7;
    if (kind === 3) return [null, undefined, true, NaN, 5n, Symbol("q")][next(6)];
    if (kind < 6) return new Date(next(1e9));
    if (kind < 8) return Array.from({ length: next(6) }, () => make(depth + 1));
    return Object.fromEntries(Array.from({ length: next(6) }, () => [String.fromCharCode(next(0x10000)) + next(9), make(depth + 1)]));
  };
  for (let i = 0; i < 500; i++) JSON.parse(toJson(make(0), 1 + next(3000)));
});

test("an element is named by tag, id and classes only", () => {
  assert.equal(element({ nodeName: "INPUT", id: "mail", className: " a b c ", value: "secret", textContent: "secret" }), "input#mail.a.b");
  assert.equal(element({ nodeName: "svg", className: { baseVal: "x" } }), "svg");
});
