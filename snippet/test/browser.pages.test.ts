import assert from "node:assert/strict";
import { test } from "node:test";
import { agentRuns, inBrowser, visit } from "./rig";

const here = inBrowser();
const { arrived } = here;

test("earlier handlers still run, and keep their results", async () => {
  const address = here.site.page("/handlers", here.collector, {
    before: `<script>window.calls=[];onerror=function(m){calls.push("error "+arguments.length);return true};onunhandledrejection=function(){calls.push("rejection")}</script>`,
  });
  const { page, logged } = await visit(here.browser);
  await page.goto(address);
  await agentRuns(page);
  await page.evaluate(() => {
    setTimeout(() => { throw new Error("seen by both"); });
    Promise.reject(new Error("rejection seen by both"));
  });
  await arrived("seen by both");
  await arrived("rejection seen by both");
  assert.deepEqual((await page.evaluate(() => (window as any).calls)).sort(), ["error 5", "rejection"]);
  assert.ok(!logged.some((line) => /seen by both/.test(line) && !/promise/.test(line)), "onerror's true still silences the console");
});

test("a strict policy with a nonce lets stub and agent run", async () => {
  const address = here.site.page("/strict", here.collector, {
    nonce: "r4nd0m",
    csp: `default-src 'none'; script-src 'nonce-r4nd0m' 'strict-dynamic'; connect-src ${here.collector.url}`,
    body: `<script nonce="r4nd0m">throw new Error("under policy")</script>`,
  });
  const { page, logged } = await visit(here.browser);
  await page.goto(address);
  await arrived("under policy");
  assert.deepEqual(logged.filter((line) => /Content Security Policy/.test(line)), []);
});

test("the nonce alone is enough for the agent", async () => {
  const address = here.site.page("/nonce", here.collector, {
    nonce: "r4nd0m",
    csp: `default-src 'none'; script-src 'nonce-r4nd0m'; connect-src ${here.collector.url}`,
    body: `<script nonce="r4nd0m">throw new Error("by nonce")</script>`,
  });
  const { page } = await visit(here.browser);
  await page.goto(address);
  await arrived("by nonce");
});

test("hostile values and a broken page neither throw nor stop the agent", async () => {
  const address = here.site.page("/hostile", here.collector, {
    before: `<script>
      Array.prototype.toJSON = Object.prototype.toJSON = () => "broken";
      Object.defineProperty(window, "localStorage", { get() { throw new Error("no storage") } });
      Object.defineProperty(window, "sessionStorage", { value: null });
    </script>`,
  });
  const { page, thrown } = await visit(here.browser);
  await page.goto(address);
  await agentRuns(page);
  await page.evaluate(() => {
    const ep = (window as any).ep;
    console.error = null as any;
    const bomb = new Proxy({}, { get() { throw new Error("trap"); }, ownKeys() { throw new Error("trap"); }, getPrototypeOf() { throw new Error("trap"); } });
    const circle: any = { name: "circle" };
    circle.self = circle;
    circle.list = [circle, bomb];
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    ep("capture", bomb);
    ep("capture", proxy);
    ep("capture", circle);
    ep("capture", Object.defineProperty(new Error(), "message", { get() { throw 1; } }));
    ep("capture", new Error("still alive"), { meta: { circle, bomb, proxy, big: "x".repeat(1e6), n: NaN, u: undefined, s: Symbol("s"), b: 10n, __proto__: null } });
    ep("meta", proxy); ep("tags", bomb); ep("user", bomb); ep("init", proxy); ep(); ep(bomb); ep("nonsense", 1);
    ep("capture", new Error("and after"));
  });
  const event = await arrived("still alive");
  assert.deepEqual(event.meta.circle, { name: "circle", self: "[cycle]", list: ["[cycle]", "[unreadable]"] });
  assert.ok(JSON.stringify(event).length < 25_000);
  await arrived("and after");
  assert.deepEqual(thrown, []);
});

test("the snippet twice in a page reports once", async () => {
  const address = here.site.page("/once", here.collector);
  here.site.page("/twice", here.collector, { head: /<script.*?<\/script>/.exec(here.site.pages.get("/once")!.body)![0] });
  const { page } = await visit(here.browser);
  await page.goto(address.replace("/once", "/twice"));
  await agentRuns(page);
  await page.evaluate(() => { setTimeout(() => { throw new Error("one of two"); }); setTimeout(() => (window as any).ep("capture", new Error("call passed on")), 10); });
  await arrived("call passed on");
  assert.equal(here.collector.received.flatMap((batch) => batch.events).filter((event) => event.message === "one of two").length, 1);
});

test("a sandboxed frame without storage reports too", async () => {
  const inner = here.site.page("/inner", here.collector, { head: `<script>throw new Error("in the sandbox")</script>` });
  here.site.page("/outer", here.collector, { body: `<iframe sandbox="allow-scripts" src="${inner}"></iframe>` });
  const { page } = await visit(here.browser);
  await page.goto(inner.replace("/inner", "/outer"));
  assert.equal((await arrived("in the sandbox")).url, inner);
});

test("no cookie is set and none is sent", async () => {
  const { page } = await visit(here.browser);
  await page.context().addCookies([{ name: "theirs", value: "1", url: here.collector.url }]);
  await page.goto(here.site.page("/cookies", here.collector));
  await agentRuns(page);
  await page.evaluate(() => (window as any).ep("capture", new Error("plain")));
  await arrived("plain");
  assert.deepEqual(here.collector.received.map((batch) => batch.cookie), [undefined]);
  assert.equal((await page.context().cookies()).length, 1);
});
