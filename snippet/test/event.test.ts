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

test("debug ids that bundlers left in the page are told of the files that the error speaks of", () => {
  const page = globalThis as any;
  page.window = page;
  page._sentryDebugIds = {
    "Error\n    at https://cdn.test:8080/a.js?v=1:1:200\n    at https://cdn.test/loader.js:3:1": "aaaaaaaa-0000-4000-8000-000000000001",
    "@https://cdn.test/b.js:1:300\n@https://cdn.test/b.js:9:9\n": "bbbbbbbb-0000-4000-8000-000000000002",
    "@https://cdn.test/elsewhere.js:1:1": "cccccccc-0000-4000-8000-000000000003",
    "no address": "dddddddd-0000-4000-8000-000000000004",
  };
  page._debugIds = { "@https://cdn.test/cause.js:1:1": "eeeeeeee-0000-4000-8000-000000000005" };
  try {
    const cause = Object.assign(new Error("c"), { stack: "Error: c\n    at x (https://cdn.test/cause.js:2:2)" });
    const error = Object.assign(new Error("e", { cause }), { stack: "Error: e\n    at f (https://cdn.test:8080/a.js?v=1:1:55)" });
    assert.deepEqual(event({ described: describe(error, "x"), source: { file: "https://cdn.test/b.js" } }).debugIds, {
      "https://cdn.test/cause.js": "eeeeeeee-0000-4000-8000-000000000005",
      "https://cdn.test:8080/a.js?v=1": "aaaaaaaa-0000-4000-8000-000000000001",
      "https://cdn.test/b.js": "bbbbbbbb-0000-4000-8000-000000000002",
    });
    page._sentryDebugIds = "hostile";
    delete page._debugIds;
    assert.equal(event({ described: describe(error, "x") }).debugIds, undefined);
  } finally {
    delete page.window;
    delete page._sentryDebugIds;
    delete page._debugIds;
  }
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

test("scripts that may be behind a hidden error are sent, none are not", () => {
  assert.deepEqual(event({ scripts: ["https://cdn.test/x.js"] }).scripts, ["https://cdn.test/x.js"]);
  assert.equal("scripts" in event({ scripts: [] }), false);
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
