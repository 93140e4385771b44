import assert from "node:assert/strict";
import { test } from "node:test";
import { describe } from "../src/describe";
import { Context, merged, Occurrence, toEvent } from "../src/event";
import { randomId } from "../src/identity";

const event = (occurrence: Partial<Occurrence> = {}, context: Partial<Context> = {}): any =>
  JSON.parse(
    toEvent(
      { id: randomId(), time: 1000, session: "s", mechanism: "onerror", described: describe(new Error("e"), "x"), breadcrumbs: [], ...occurrence },
      { tags: {}, meta: {}, ...context },
    ),
  );

test("fields that are not known are left out", () => {
  assert.deepEqual(Object.keys(event()), ["id", "timestamp", "type", "message", "stack", "mechanism", "handled", "session", "sdk"]);
});

test("tags: only texts, numbers and truth values, at most fifty", () => {
  const tags = merged({ a: "x".repeat(999), b: 1, c: false, d: {}, e: null, f: undefined }, Object.fromEntries(Array.from({ length: 80 }, (_, i) => ["t" + i, i])));
  const sent = event({}, { tags }).tags;
  assert.equal(Object.keys(sent).length, 50);
  assert.equal(sent.a.length, 200);
  assert.deepEqual([sent.b, sent.c, sent.d, sent.e], [1, false, undefined, undefined]);
});

test("tags and meta of a capture add to those of the page, and win", () => {
  const sent = event({ mechanism: "capture", extra: { tags: { b: 2 }, meta: { y: 2 } } }, { tags: { a: 1, b: 1 }, meta: { x: 1, y: 1 } });
  assert.deepEqual([sent.tags, sent.meta, sent.handled], [{ a: 1, b: 2 }, { x: 1, y: 2 }, true]);
});

test("what was thrown stands in meta, beside the site's", () => {
  const described = describe({ code: 1 }, "x");
  assert.deepEqual(event({ described }, { meta: { a: 1 } }).meta, { a: 1, thrown: { code: 1 } });
  assert.deepEqual(event({ described }).meta, { thrown: { code: 1 } });
});

test("a level outside the protocol and a fingerprint that is no array are not sent", () => {
  const sent = event({ extra: { level: "loud", fingerprint: "x" } });
  assert.deepEqual([sent.level, sent.fingerprint], [undefined, undefined]);
  assert.deepEqual(event({ extra: { fingerprint: ["a"] } }).fingerprint, ["a"]);
});

test("keys named like the prototype stay keys", () => {
  const meta = merged(JSON.parse('{"__proto__":{"polluted":true},"constructor":1}'));
  assert.match(toEvent({ id: "", time: 0, session: "s", mechanism: "capture", described: describe("m", "x"), breadcrumbs: [] }, { tags: {}, meta }), /"__proto__":\{"polluted":true\}/);
  assert.equal(({} as any).polluted, undefined);
});

test("ids are 32 hex digits and differ", () => {
  const ids = new Set(Array.from({ length: 1000 }, randomId));
  assert.equal(ids.size, 1000);
  for (const id of ids) assert.match(id, /^[0-9a-f]{32}$/);
});
