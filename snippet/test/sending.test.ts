import assert from "node:assert/strict";
import { test } from "node:test";
import { Answer, backOff, judge } from "../src/answers";
import { byteLength, envelope, Item, maxBatchBytes, takeBatch } from "../src/batch";
import { floodGate } from "../src/flood";
import { itemName, keptIn, memoryStore, Store } from "../src/kept";
import { outboxTo } from "../src/outbox";

const start = Date.UTC(2026, 0, 1);
let made = 0;
const some = (text = "x", time = start): Item => ({ name: itemName(time, `${made++}`.padStart(32, "0")), json: JSON.stringify({ text }) });
const many = (count: number, text?: string): Item[] => Array.from({ length: count }, (_, i) => some(text, start + i));

/** An outbox in a world where time passes on command. */
function world(answers: (Answer | undefined)[] = [], store: Store = memoryStore(), me = "tab1") {
  const bodies: any[] = [];
  const beacons: any[] = [];
  let now = start;
  let timers: { at: number; run: () => void }[] = [];
  const clock = {
    now: () => now,
    random: () => 1,
    after(milliseconds: number, run: () => void) {
      const timer = { at: now + milliseconds, run };
      timers.push(timer);
      return () => void (timers = timers.filter((other) => other !== timer));
    },
  };
  const wire = {
    post: (body: string) => (bodies.push(JSON.parse(body)), Promise.resolve(answers.shift() ?? ({ fate: "done" } as Answer))),
    beacon: (body: string) => (beacons.push(JSON.parse(body)), true),
  };
  const kept = keptIn(store, "0123456789", me);
  const pass = async (milliseconds: number): Promise<void> => {
    const end = now + milliseconds;
    for (;;) {
      for (let i = 0; i < 100; i++) await Promise.resolve();
      const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      timers = timers.filter((timer) => timer !== next);
      now = Math.max(now, next.at);
      next.run();
    }
    now = end;
  };
  return { outbox: outboxTo(wire, kept, clock), kept, store, bodies, beacons, pass, clock };
}

test("events of a moment go in one request, told the time of sending", async () => {
  const { outbox, bodies, pass } = world();
  many(3).forEach(outbox.add);
  await pass(29);
  assert.equal(bodies.length, 0);
  await pass(1);
  assert.equal(bodies[0].events.length, 3);
  assert.equal(bodies[0].sentAt, start + 30);
});

test("what follows a request is gathered for longer, until the page has been quiet", async () => {
  const { outbox, bodies, pass, clock } = world();
  outbox.add(some("a"));
  await pass(30);
  many(2).forEach(outbox.add);
  await pass(299);
  many(2).forEach(outbox.add);
  assert.equal(bodies.length, 1);
  await pass(1);
  assert.equal(bodies[1].events.length, 4);
  await pass(1000);
  outbox.add(some("b", clock.now()));
  await pass(30);
  assert.equal(bodies.length, 3);
});

test("no answer: kept, and sent after the back-off", async () => {
  const { outbox, kept, bodies, pass } = world([{ fate: "later" }]);
  outbox.add(some("a"));
  await pass(30);
  assert.ok(kept.any());
  await pass(3999);
  assert.equal(bodies.length, 1);
  await pass(200);
  assert.deepEqual(bodies[1].events, [{ text: "a" }]);
  assert.ok(!kept.any());
});

test("Retry-After is kept to, new events wait with the old ones", async () => {
  const { outbox, bodies, pass } = world([{ fate: "later", wait: 60_000 }]);
  outbox.add(some("a"));
  await pass(10_000);
  outbox.add(some("b", start + 10_000));
  await pass(50_000);
  assert.equal(bodies.length, 1);
  await pass(1000);
  assert.deepEqual(bodies[1].events.map((event: any) => event.text), ["a", "b"]);
});

test("the network is back: no waiting for the back-off", async () => {
  const { outbox, bodies, pass } = world([{ fate: "later" }]);
  outbox.add(some("a"));
  await pass(400);
  outbox.resume(true);
  await pass(100);
  assert.equal(bodies.length, 2);
});

test("one bad event does not take the others along", async () => {
  const answers: Answer[] = [];
  const { outbox, bodies, pass } = world(answers);
  // The collector refuses whatever holds "bad".
  answers.shift = () => ({ fate: bodies[bodies.length - 1].events.some((event: any) => event.text === "bad") ? "split" : "done" });
  [...many(5), some("bad", start + 5), ...many(5)].forEach(outbox.add);
  await pass(1000);
  const taken = bodies.filter(({ events }) => events.every((event: any) => event.text !== "bad")).flatMap(({ events }) => events);
  assert.equal(taken.length, 10);
  assert.ok(bodies.length < 15, `${bodies.length} requests`);
});

test("a refusal drops the batch and makes the page quiet for a minute", async () => {
  const { outbox, kept, bodies, pass } = world([{ fate: "refused" }]);
  outbox.add(some("a"));
  await pass(400);
  assert.ok(!kept.any());
  outbox.add(some("b"));
  await pass(59_000);
  assert.equal(bodies.length, 1);
  await pass(2000);
  assert.deepEqual(bodies[1].events, [{ text: "b" }]);
});

test("suppressed errors are told with the next batch, alone after a minute, and again where no answer came", async () => {
  const { outbox, bodies, pass } = world([{ fate: "later" }]);
  outbox.suppress();
  outbox.add(some());
  await pass(300);
  assert.equal(bodies[0].suppressed, 1);
  await pass(10_000);
  assert.equal(bodies[1].suppressed, 1);
  outbox.suppress();
  await pass(60_000);
  assert.deepEqual([bodies[2].events, bodies[2].suppressed], [[], 1]);
});

test("the page is left: a beacon for what waits, a copy for what was not answered, nothing after", async () => {
  const { outbox, kept, beacons, bodies, pass, clock } = world();
  outbox.add(some("flying"));
  await pass(300);
  outbox.add(some("waiting"));
  outbox.leave();
  outbox.hide();
  await pass(60_000);
  assert.deepEqual(beacons.flatMap(({ events }) => events), [{ text: "waiting" }]);
  assert.equal(bodies.length, 1);
  assert.deepEqual(kept.oldest(9, clock.now()).map(({ json }) => JSON.parse(json).text), ["waiting"]);
});

test("told after the page was left: a beacon of its own, and a copy", async () => {
  const { outbox, kept, beacons, bodies, pass, clock } = world();
  outbox.add(some("before"));
  outbox.leave();
  outbox.add(some("after"));
  await pass(60_000);
  assert.deepEqual(beacons.map(({ events }) => events), [[{ text: "before" }], [{ text: "after" }]]);
  assert.equal(kept.oldest(9, clock.now()).length, 2);
  assert.equal(bodies.length, 0);
  outbox.resume(false);
  outbox.add(some("back"));
  await pass(1000);
  assert.deepEqual(bodies.flatMap(({ events }) => events).map(({ text }) => text).sort(), ["after", "back", "before"]);
});

test("the page is hidden: sent at once, and the copy goes with the answer", async () => {
  const { outbox, kept, bodies, pass } = world();
  outbox.add(some());
  outbox.hide();
  assert.ok(kept.any());
  await pass(0);
  assert.equal(bodies.length, 1);
  assert.ok(!kept.any());
});

test("two tabs: one sends what is kept, the other when the first is gone", async () => {
  const store = memoryStore();
  const first = world([{ fate: "later", wait: 30_000 }], store, "tab1");
  const second = world([], store, "tab2");
  first.kept.keep(many(3), start);
  first.outbox.resume(false);
  second.outbox.resume(false);
  await Promise.all([first.pass(100), second.pass(100)]);
  assert.equal(first.bodies.length + second.bodies.length, 1);
  await second.pass(61_000);
  assert.equal(second.bodies.length, 2 - first.bodies.length);
  assert.ok(!second.kept.any());
});

test("kept events are bounded in number, size and age; the oldest go", () => {
  const kept = keptIn(memoryStore(), "0123456789", "me");
  assert.equal(kept.keep(many(70), start), 20);
  assert.equal(kept.oldest(99, start)[0].name.slice(0, 9), itemName(start + 20, "").slice(0, 9));
  kept.keep([some("y".repeat(150_000), start + 1000), some("z".repeat(100_000), start + 2000)], start);
  assert.deepEqual(kept.oldest(99, start).map(({ json }) => json.length), [100_011]);
  assert.deepEqual(kept.oldest(99, start + 25 * 3_600_000), []);
});

test("a storage filled by the site costs our events, not theirs, and nothing is thrown", () => {
  const store = memoryStore();
  store.setItem("theirs", "1");
  const kept = keptIn(store, "0123456789", "me");
  kept.keep(many(2), start);
  const set = store.setItem;
  store.setItem = (name, value) => {
    if (store.length >= 3) throw new DOMException("full", "QuotaExceededError");
    set(name, value);
  };
  assert.equal(kept.keep([some("new", start + 9)], start), 1);
  assert.equal(kept.oldest(9, start).length, 2);
  assert.equal(store.getItem("theirs"), "1");
});

test("a pause far in the future, of a clock set back, is not kept to", () => {
  const kept = keptIn(memoryStore(), "0123456789", "me");
  kept.pauseUntil(start + 86_400_000);
  assert.equal(kept.pausedUntil(start), 0);
  kept.pauseUntil(start + 1000);
  assert.equal(kept.pausedUntil(start), start + 1000);
});

test("a batch stays below the browser's limit, in bytes, and holds at least one event", () => {
  const items = many(40, "€".repeat(2000));
  while (items.length) assert.ok(byteLength(envelope(takeBatch(items, 50), 1e6, start)) <= maxBatchBytes);
  assert.equal(takeBatch(many(2, "x".repeat(100_000)), 50).length, 1);
});

test("answers are judged", () => {
  const fates = [200, 202, 0, 408, 429, 500, 503, 400, 413, 401, 403, 404, 301].map((status) => judge(status, null, start).fate);
  assert.deepEqual(fates, ["done", "done", "later", "later", "later", "later", "later", "split", "split", "refused", "refused", "refused", "refused"]);
  assert.equal(judge(429, "7", start).wait, 7000);
  assert.equal(judge(503, new Date(start + 5000).toUTCString(), start).wait, 5000);
  assert.equal(judge(429, "999999999", start).wait, 3_600_000);
  for (const nonsense of ["soon", "-5", "", "1e9"]) assert.equal(judge(429, nonsense, start).wait, undefined);
});

test("the back-off doubles, ends at five minutes, and spreads by half", () => {
  assert.deepEqual([1, 2, 3, 9, 5000].map((n) => backOff(n, 1)), [4000, 8000, 16_000, 300_000, 300_000]);
  assert.equal(backOff(1, 0), 2000);
});

test("the flood gate lets ten of each and a hundred of all through a minute", () => {
  const admits = floodGate();
  const count = (error: (i: number) => string, now: number): number => Array.from({ length: 1000 }, (_, i) => admits(error(i), now)).filter(Boolean).length;
  assert.equal(count(() => "a", start), 10);
  assert.equal(count((i) => "b" + i, start + 1), 90);
  assert.equal(count(() => "a", start + 60_000), 10);
  assert.equal(count(() => "a", start - 5), 10, "a clock set back opens it");
});
