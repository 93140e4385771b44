import assert from "node:assert/strict";
import { test } from "node:test";
import { agentRuns, inBrowser, init, until, visit } from "./rig";

const here = inBrowser();
const { arrived } = here;

test("an error as the page is left arrives by beacon, and its copy is sent with the same id", async () => {
  const address = here.site.page("/leaving", here.collector, {
    body: `<script>addEventListener("beforeunload", () => setTimeout(() => 0)); addEventListener("pagehide", () => { throw new Error("on the way out") })</script>`,
  });
  const { page } = await visit(here.browser);
  await page.goto(address);
  await agentRuns(page);
  await page.goto("about:blank");
  const event = await arrived("on the way out");
  assert.equal(event.mechanism, "onerror");

  here.collector.received = [];
  await page.goto(here.site.page("/next", here.collector));
  assert.equal((await arrived("on the way out")).id, event.id);
});

test("an error captured as the page is left, by a listener younger than the agent, arrives", async () => {
  const { page } = await visit(here.browser);
  await page.goto(here.site.page("/late", here.collector));
  await agentRuns(page);
  await page.evaluate(() => addEventListener("pagehide", () => (window as any).ep("capture", new Error("at the very last"))));
  await page.goto("about:blank");
  await arrived("at the very last");
});

test("an error a moment before the page is left arrives", async () => {
  const address = here.site.page("/click", here.collector, { body: `<a id=go href="/click2">x</a><script>go.onclick = () => { throw new Error("clicked away") }</script>` });
  here.site.page("/click2", here.collector);
  const { page } = await visit(here.browser);
  await page.goto(address);
  await agentRuns(page);
  await page.click("#go");
  await arrived("clicked away");
});

test("here.collector down: the page works, and errors arrive after it is back", async () => {
  const address = here.site.page("/down", here.collector, { head: init });
  const { page, thrown } = await visit(here.browser);
  await page.goto(address);
  await agentRuns(page);
  await here.collector.stop();
  await page.evaluate(() => {
    setTimeout(() => { throw new Error("while down 1"); });
    setTimeout(() => { (window as any).ep("capture", new Error("while down 2")); });
  });
  await until("kept", () => page.evaluate(() => Object.keys(localStorage).filter((name) => /^ep:.*:e:/.test(name)).length === 2));
  assert.deepEqual(thrown, ["Error: while down 1"]);

  await here.collector.start();
  await page.goto(address);
  await arrived("while down 1");
  await arrived("while down 2");
  await until("storage emptied", () => page.evaluate(() => Object.keys(localStorage).every((name) => !/:e:/.test(name))));
});

test("here.collector down when the page loads: early errors wait for the agent", async () => {
  const address = here.site.page("/cold", here.collector, { head: `<script>throw new Error("nobody listens yet")</script>` });
  await here.collector.stop();
  const { page } = await visit(here.browser);
  await page.clock.install();
  await page.goto(address);
  await here.collector.start();
  await page.clock.fastForward(30_000);
  await until("agent asked for again", () => here.collector.agentRequests > 0);
  await page.clock.fastForward(1000);
  await arrived("nobody listens yet");
});

test("429 with Retry-After: nothing is sent before its time, on no page of the site", async () => {
  const address = here.site.page("/busy", here.collector);
  const { page } = await visit(here.browser);
  await page.goto(address);
  await agentRuns(page);
  here.collector.answer = { status: 429, headers: { "Retry-After": "2" } };
  await page.evaluate(() => (window as any).ep("capture", new Error("too many")));
  await until("paused", () => page.evaluate(() => Object.keys(localStorage).some((name) => /:pause$/.test(name))));
  const from = Date.now();
  here.collector.answer = { status: 202 };
  await page.goto(address);
  await arrived("too many");
  assert.ok(here.collector.received[0].at - from > 1500, "honours Retry-After");
});

test("two tabs: what is kept is sent by one of them", async () => {
  const address = here.site.page("/tabs", here.collector);
  const context = await here.browser.newContext();
  const { page } = await visit(context);
  await page.goto(address);
  await agentRuns(page);
  here.collector.answer = { status: 503, headers: { "Retry-After": "1" } };
  await page.evaluate(() => { for (let i = 0; i < 5; i++) (window as any).ep("capture", new Error("kept " + i)); });
  await until("kept", () => page.evaluate(() => Object.keys(localStorage).some((name) => /:pause$/.test(name))));
  here.collector.answer = { status: 202 };
  const second = await visit(context);
  await Promise.all([page.goto(address), second.page.goto(address)]);
  await arrived("kept 4");
  await until("storage emptied", () => page.evaluate(() => Object.keys(localStorage).every((name) => !/:e:/.test(name))));
  assert.equal(here.collector.received.flatMap((batch) => batch.events).length, 5);
});

test("a policy that forbids the here.collector costs the page nothing, and the back-off keeps it quiet", async () => {
  const address = here.site.page("/forbidden", here.collector, {
    csp: `default-src 'none'; script-src 'unsafe-inline' ${here.collector.url}; connect-src 'none'`,
  });
  const { page, thrown, logged } = await visit(here.browser);
  await page.goto(address);
  await agentRuns(page);
  for (let i = 1; i <= 5; i++) {
    await page.evaluate((n) => (window as any).ep("capture", new Error("blocked " + n)), i);
    await until(`${i} kept`, () => page.evaluate((n) => Object.keys(localStorage).filter((name) => /:e:/.test(name)).length === n, i));
  }
  assert.deepEqual(thrown, []);
  assert.ok(logged.filter((line) => /connect-src/.test(line)).length <= 2, logged.join("\n"));
  assert.equal(here.collector.received.length, 0);
});

test("offline: kept, and sent when the network is back, without waiting for the back-off", async () => {
  const { page } = await visit(here.browser);
  await page.goto(here.site.page("/offline", here.collector));
  await agentRuns(page);
  await page.context().setOffline(true);
  await page.evaluate(() => (window as any).ep("capture", new Error("in the tunnel")));
  await until("paused", () => page.evaluate(() => Object.keys(localStorage).some((name) => /:pause$/.test(name))));
  await page.context().setOffline(false);
  await arrived("in the tunnel");
  assert.equal(here.collector.received.flatMap((batch) => batch.events).length, 1);
});

test("here.collector down, agent still in the visitor's cache: a page that is left at once loses nothing", async () => {
  here.collector.agentCaching = "public, max-age=0, stale-while-revalidate=86400";
  const address = here.site.page("/again", here.collector);
  const broken = here.site.page("/broken", here.collector, { head: `<script>throw new Error("down and left")</script>` });
  const { page } = await visit(here.browser);
  await page.goto(address);
  await agentRuns(page);
  await here.collector.stop();
  await page.goto(broken);
  await agentRuns(page);
  await page.goto("about:blank");
  await here.collector.start();
  await page.goto(address);
  await arrived("down and left");
});

test("a page that comes back from the back-forward cache goes on reporting", async () => {
  const address = here.site.page("/back", here.collector);
  const next = here.site.page("/forth", here.collector);
  const { page } = await visit(here.browser);
  await page.goto(address);
  await agentRuns(page);
  await page.evaluate(() => ((window as any).same = true));
  await page.goto(next);
  await page.goBack({ waitUntil: "commit" }); // A cached page has no second load event.
  assert.ok(await page.evaluate(() => (window as any).same), "the page came from the cache");
  await page.evaluate(() => (window as any).ep("capture", new Error("back again")));
  await arrived("back again");
});

test("an error of 200 KB is sent although no beacon could carry it", async () => {
  const { page } = await visit(here.browser);
  await page.goto(here.site.page("/big", here.collector));
  await agentRuns(page);
  await page.evaluate(() => {
    const error = new Error("big");
    error.stack = "Error: big\n" + "€".repeat(100_000);
    (window as any).ep("capture", error);
  });
  const big = await arrived("big");
  assert.equal(big.stack.length, 65_536);
});
