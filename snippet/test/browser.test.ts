import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import type { Browser } from "playwright-core";
import { launch, RecordingCollector, Site, until, visit } from "./rig";

let browser: Browser;
let collector: RecordingCollector;
let site: Site;

before(async () => (browser = await launch()));
after(async () => browser?.close());
beforeEach(async () => {
  collector = await new RecordingCollector().start();
  site = await new Site().start();
});
afterEach(async () => {
  await collector.stop();
  await site.stop();
  for (const context of browser.contexts()) await context.close();
});

const arrived = (message: string | RegExp) =>
  until(`event ${message}`, () =>
    collector.events.find((event) => (typeof message === "string" ? event.message === message : message.test(event.message))),
  );

const init = `<script>ep("init",{release:"1.4.2",environment:"test"});ep("user",{id:"u1"});ep("tags",{plan:"pro"})</script>`;

test("early error, TypeError, rejections and captures arrive once each, with their facts", async () => {
  const address = site.page("/shop", collector, {
    head: `${init}<script>throw new RangeError("before the agent")</script>`,
    body: `<script>
      addEventListener("load", () => setTimeout(() => {
        setTimeout(() => { null.field });
        Promise.reject(new Error("rejected error"));
        Promise.reject("rejected text");
        Promise.reject({ code: 7, reason: "no stock" });
        Promise.reject();
        Promise.reject(new DOMException("no longer wanted", "AbortError"));
        fetch("/missing").then(r => Promise.reject(r));
        try { JSON.parse("{") } catch (cause) {
          ep("capture", new Error("checkout failed", { cause }), { tags: { step: 3 }, meta: { cart: [1, 2] }, level: "warning" });
        }
        Promise.any([Promise.reject(new Error("first")), Promise.reject(new TypeError("second"))]);
      }, 50));
    </script>`,
  });
  const { page, thrown } = await visit(browser);
  await page.goto(address + "?q=1");
  await until("all events", () => collector.events.length >= 10);

  const early = await arrived("before the agent");
  assert.equal(early.type, "RangeError");
  assert.equal(early.mechanism, "onerror");
  assert.equal(early.handled, false);
  assert.equal(early.release, "1.4.2");
  assert.equal(early.environment, "test");
  assert.deepEqual(early.user, { id: "u1" });
  assert.deepEqual(early.tags, { plan: "pro" });
  assert.equal(early.url, address + "?q=1");
  assert.match(early.id, /^[0-9a-f]{32}$/);
  assert.match(early.session, /^[0-9a-f]{32}$/);
  assert.match(early.stack, /RangeError: before the agent\n.*\/shop/);
  assert.ok(Math.abs(early.timestamp - Date.now()) < 20_000);
  assert.equal(early.source.line, 1);

  assert.equal((await arrived(/Cannot read properties of null/)).type, "TypeError");
  const rejected = await arrived("rejected error");
  assert.equal(rejected.mechanism, "unhandledrejection");
  assert.match(rejected.stack, /rejected error/);
  assert.equal((await arrived("rejected text")).type, "UnhandledRejection");
  const object = await arrived("Object with keys code, reason");
  assert.deepEqual(object.meta.thrown, { code: 7, reason: "no stock" });
  assert.equal((await arrived("undefined")).type, "UnhandledRejection");
  assert.equal((await arrived("no longer wanted")).type, "AbortError");
  assert.equal((await arrived(/^404 Not Found http.*\/missing$/)).type, "Response");
  const captured = await arrived("checkout failed");
  assert.equal(captured.handled, true);
  assert.equal(captured.level, "warning");
  assert.deepEqual(captured.tags, { plan: "pro", step: 3 });
  assert.deepEqual(captured.meta, { cart: [1, 2] });
  assert.equal(captured.causes[0].type, "SyntaxError");
  const aggregate = await arrived("All promises were rejected");
  assert.deepEqual(aggregate.causes.map((cause: any) => cause.type + " " + cause.message), ["Error first", "TypeError second"]);

  assert.equal(collector.received.flatMap((batch) => batch.events).length, 10, "nothing is sent twice");
  for (const batch of collector.received) {
    assert.equal(batch.method, "POST");
    assert.equal(batch.contentType, "text/plain;charset=UTF-8");
  }
  // The page's own errors only: none of ours.
  assert.ok(thrown.every((message) => !/agent\.js/.test(message)), thrown.join("\n"));
});

test("whatever is thrown or rejected makes a title", async () => {
  const { page } = await visit(browser);
  await page.goto(site.page("/throws", collector));
  await agentRuns(page);
  await page.evaluate(() => {
    const throws = (value: unknown) => setTimeout(() => { throw value; });
    throws(null); throws(undefined); throws("text"); throws(0); throws({ code: 1 });
    throws(new DOMException("full", "QuotaExceededError"));
    setTimeout("let x = ;");
    const frame = document.body.appendChild(document.createElement("iframe"));
    throws(new (frame.contentWindow as any).RangeError("of a frame"));
    const image = new Image();
    image.onerror = (event) => Promise.reject(event);
    image.src = "/none.png?secret";
    const request = new XMLHttpRequest();
    request.onload = (event) => Promise.reject(event);
    request.open("GET", "/none");
    request.send();
  });
  const expected = [
    "Uncaught: null", "Uncaught: undefined", "Uncaught: text", "Uncaught: 0", "Uncaught: Object with keys code",
    "QuotaExceededError: full", "SyntaxError: Unexpected token ';'", "RangeError: of a frame",
    `Event: error on img ${site.url}/none.png`, "ProgressEvent: load on XMLHttpRequest",
  ].sort();
  await until("all titles", () => collector.events.length >= expected.length);
  assert.deepEqual(collector.events.map((event) => `${event.type}: ${event.message}`).sort(), expected);
});

test("an error as the page is left arrives by beacon, and its copy is sent with the same id", async () => {
  const address = site.page("/leaving", collector, {
    body: `<script>addEventListener("beforeunload", () => setTimeout(() => 0)); addEventListener("pagehide", () => { throw new Error("on the way out") })</script>`,
  });
  const { page } = await visit(browser);
  await page.goto(address);
  await agentRuns(page);
  await page.goto("about:blank");
  const event = await arrived("on the way out");
  assert.equal(event.mechanism, "onerror");

  collector.received = [];
  await page.goto(site.page("/next", collector));
  assert.equal((await arrived("on the way out")).id, event.id);
});

test("an error a moment before the page is left arrives", async () => {
  const address = site.page("/click", collector, { body: `<a id=go href="/click2">x</a><script>go.onclick = () => { throw new Error("clicked away") }</script>` });
  site.page("/click2", collector);
  const { page } = await visit(browser);
  await page.goto(address);
  await agentRuns(page);
  await page.click("#go");
  await arrived("clicked away");
});

test("collector down: the page works, and errors arrive after it is back", async () => {
  const address = site.page("/down", collector, { head: init });
  const { page, thrown } = await visit(browser);
  await page.goto(address);
  await agentRuns(page);
  await collector.stop();
  await page.evaluate(() => {
    setTimeout(() => { throw new Error("while down 1"); });
    setTimeout(() => { (window as any).ep("capture", new Error("while down 2")); });
  });
  await until("kept", () => page.evaluate(() => Object.keys(localStorage).filter((name) => /^ep:.*:e:/.test(name)).length === 2));
  assert.deepEqual(thrown, ["Error: while down 1"]);

  await collector.start();
  await page.goto(address);
  await arrived("while down 1");
  await arrived("while down 2");
  await until("storage emptied", () => page.evaluate(() => Object.keys(localStorage).every((name) => !/:e:/.test(name))));
});

test("collector down when the page loads: early errors wait for the agent", async () => {
  const address = site.page("/cold", collector, { head: `<script>throw new Error("nobody listens yet")</script>` });
  await collector.stop();
  const { page } = await visit(browser);
  await page.clock.install();
  await page.goto(address);
  await collector.start();
  await page.clock.fastForward(30_000);
  await until("agent asked for again", () => collector.agentRequests > 0);
  await page.clock.fastForward(1000);
  await arrived("nobody listens yet");
});

test("429 with Retry-After: nothing is sent before its time, on no page of the site", async () => {
  const address = site.page("/busy", collector);
  const { page } = await visit(browser);
  await page.goto(address);
  await agentRuns(page);
  collector.answer = { status: 429, headers: { "Retry-After": "2" } };
  await page.evaluate(() => (window as any).ep("capture", new Error("too many")));
  await until("paused", () => page.evaluate(() => Object.keys(localStorage).some((name) => /:pause$/.test(name))));
  const from = Date.now();
  collector.answer = { status: 202 };
  await page.goto(address);
  await arrived("too many");
  assert.ok(collector.received[0].at - from > 1500, "honours Retry-After");
});

test("earlier handlers still run, and keep their results", async () => {
  const address = site.page("/handlers", collector, {
    before: `<script>window.calls=[];onerror=function(m){calls.push("error "+arguments.length);return true};onunhandledrejection=function(){calls.push("rejection")}</script>`,
  });
  const { page, logged } = await visit(browser);
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
  const address = site.page("/strict", collector, {
    nonce: "r4nd0m",
    csp: `default-src 'none'; script-src 'nonce-r4nd0m' 'strict-dynamic'; connect-src ${collector.url}`,
    body: `<script nonce="r4nd0m">throw new Error("under policy")</script>`,
  });
  const { page, logged } = await visit(browser);
  await page.goto(address);
  await arrived("under policy");
  assert.deepEqual(logged.filter((line) => /Content Security Policy/.test(line)), []);
});

test("the nonce alone is enough for the agent", async () => {
  const address = site.page("/nonce", collector, {
    nonce: "r4nd0m",
    csp: `default-src 'none'; script-src 'nonce-r4nd0m'; connect-src ${collector.url}`,
    body: `<script nonce="r4nd0m">throw new Error("by nonce")</script>`,
  });
  const { page } = await visit(browser);
  await page.goto(address);
  await arrived("by nonce");
});

test("a loop of 1000 equal errors sends ten and counts the rest", async () => {
  const { page } = await visit(browser);
  await page.goto(site.page("/loop", collector));
  await agentRuns(page);
  await page.evaluate(() => {
    for (let i = 0; i < 1000; i++) dispatchEvent(new ErrorEvent("error", { message: "Uncaught Error: again", error: again }));
    function again() {}
  });
  await until("suppressed", () => collector.received.reduce((sum, batch) => sum + batch.suppressed, 0) === 990);
  assert.equal(collector.events.length, 10);
});

test("hostile values and a broken page neither throw nor stop the agent", async () => {
  const address = site.page("/hostile", collector, {
    before: `<script>
      Array.prototype.toJSON = Object.prototype.toJSON = () => "broken";
      Object.defineProperty(window, "localStorage", { get() { throw new Error("no storage") } });
      Object.defineProperty(window, "sessionStorage", { value: null });
    </script>`,
  });
  const { page, thrown } = await visit(browser);
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

test("breadcrumbs tell clicks, requests, console errors and page changes, and never what was typed", async () => {
  const { page } = await visit(browser);
  await page.goto(site.page("/trail", collector, { body: `<form id=f><input id=card class="a b c"><button id=pay type=button>Secret label</button></form>` }));
  await agentRuns(page);
  await page.fill("#card", "4111111111111111");
  await page.click("#card");
  await page.click("#pay");
  await page.evaluate(async () => {
    await fetch("/nothing?token=secret").then((answer) => answer.text());
    history.pushState({}, "", "/trail/2?mail=secret");
    console.error("payment", { code: 1 });
    await new Promise((done) => setTimeout(done, 50));
    (window as any).ep("capture", new Error("with trail"));
  });
  const { breadcrumbs } = await arrived("with trail");
  const lines = breadcrumbs.map((crumb: any) => `${crumb.category}: ${crumb.message}`);
  for (const line of ["click: body > form#f > input#card.a.b", "click: body > form#f > button#pay", "http: /nothing 404", "navigation: /trail -> /trail/2", 'console: payment {"code":1}']) {
    assert.ok(lines.includes(line), `${line} in ${lines.join(" | ")}`);
  }
  assert.doesNotMatch(JSON.stringify(breadcrumbs), /4111|[Ss]ecret/);
});

test("breadcrumbs off: nothing is wrapped and nothing is sent", async () => {
  const { page } = await visit(browser);
  await page.goto(site.page("/quiet", collector, { head: `<script>window.before=console.error;ep("init",{breadcrumbs:false})</script>`, body: "<p id=p>x" }));
  await agentRuns(page);
  await page.click("#p");
  await page.evaluate(() => (window as any).ep("capture", new Error("no trail")));
  assert.equal((await arrived("no trail")).breadcrumbs, undefined);
  assert.ok(await page.evaluate(() => (window as any).before === console.error));
});

test("two tabs: what is kept is sent by one of them", async () => {
  const address = site.page("/tabs", collector);
  const context = await browser.newContext();
  const { page } = await visit(context);
  await page.goto(address);
  await agentRuns(page);
  collector.answer = { status: 503, headers: { "Retry-After": "1" } };
  await page.evaluate(() => { for (let i = 0; i < 5; i++) (window as any).ep("capture", new Error("kept " + i)); });
  await until("kept", () => page.evaluate(() => Object.keys(localStorage).some((name) => /:pause$/.test(name))));
  collector.answer = { status: 202 };
  const second = await visit(context);
  await Promise.all([page.goto(address), second.page.goto(address)]);
  await arrived("kept 4");
  await until("storage emptied", () => page.evaluate(() => Object.keys(localStorage).every((name) => !/:e:/.test(name))));
  assert.equal(collector.received.flatMap((batch) => batch.events).length, 5);
});

test("captured and thrown on: told once", async () => {
  const { page } = await visit(browser);
  await page.goto(site.page("/rethrow", collector));
  await agentRuns(page);
  await page.evaluate(() => {
    setTimeout(() => { const error = new Error("once"); (window as any).ep("capture", error); throw error; });
    setTimeout(() => (window as any).ep("capture", new Error("last")), 10);
  });
  await arrived("last");
  assert.equal(collector.events.filter((event) => event.message === "once").length, 1);
});

test("another origin's script error is still sent", async () => {
  const other = await new Site().start();
  other.pages.set("/x.js", { body: `throw new Error("hidden from us")`, headers: { "Content-Type": "text/javascript" } });
  const { page } = await visit(browser);
  await page.goto(site.page("/foreign", collector, { body: `<script src="${other.url}/x.js"></script>` }));
  assert.equal((await arrived("Script error.")).mechanism, "onerror");
  await other.stop();
});

test("the snippet twice in a page reports once", async () => {
  const address = site.page("/once", collector);
  site.page("/twice", collector, { head: /<script.*?<\/script>/.exec(site.pages.get("/once")!.body)![0] });
  const { page } = await visit(browser);
  await page.goto(address.replace("/once", "/twice"));
  await agentRuns(page);
  await page.evaluate(() => { setTimeout(() => { throw new Error("one of two"); }); setTimeout(() => (window as any).ep("capture", new Error("call passed on")), 10); });
  await arrived("call passed on");
  assert.equal(collector.received.flatMap((batch) => batch.events).filter((event) => event.message === "one of two").length, 1);
});

test("a policy that forbids the collector costs the page nothing, and the back-off keeps it quiet", async () => {
  const address = site.page("/forbidden", collector, {
    csp: `default-src 'none'; script-src 'unsafe-inline' ${collector.url}; connect-src 'none'`,
  });
  const { page, thrown, logged } = await visit(browser);
  await page.goto(address);
  await agentRuns(page);
  for (let i = 1; i <= 5; i++) {
    await page.evaluate((n) => (window as any).ep("capture", new Error("blocked " + n)), i);
    await until(`${i} kept`, () => page.evaluate((n) => Object.keys(localStorage).filter((name) => /:e:/.test(name)).length === n, i));
  }
  assert.deepEqual(thrown, []);
  assert.ok(logged.filter((line) => /connect-src/.test(line)).length <= 2, logged.join("\n"));
  assert.equal(collector.received.length, 0);
});

test("offline: kept, and sent when the network is back, without waiting for the back-off", async () => {
  const { page } = await visit(browser);
  await page.goto(site.page("/offline", collector));
  await agentRuns(page);
  await page.context().setOffline(true);
  await page.evaluate(() => (window as any).ep("capture", new Error("in the tunnel")));
  await until("paused", () => page.evaluate(() => Object.keys(localStorage).some((name) => /:pause$/.test(name))));
  await page.context().setOffline(false);
  await arrived("in the tunnel");
  assert.equal(collector.received.flatMap((batch) => batch.events).length, 1);
});

test("collector down, agent still in the visitor's cache: a page that is left at once loses nothing", async () => {
  collector.agentCaching = "public, max-age=0, stale-while-revalidate=86400";
  const address = site.page("/again", collector);
  const broken = site.page("/broken", collector, { head: `<script>throw new Error("down and left")</script>` });
  const { page } = await visit(browser);
  await page.goto(address);
  await agentRuns(page);
  await collector.stop();
  await page.goto(broken);
  await agentRuns(page);
  await page.goto("about:blank");
  await collector.start();
  await page.goto(address);
  await arrived("down and left");
});

test("a sandboxed frame without storage reports too", async () => {
  const inner = site.page("/inner", collector, { head: `<script>throw new Error("in the sandbox")</script>` });
  site.page("/outer", collector, { body: `<iframe sandbox="allow-scripts" src="${inner}"></iframe>` });
  const { page } = await visit(browser);
  await page.goto(inner.replace("/inner", "/outer"));
  assert.equal((await arrived("in the sandbox")).url, inner);
});

test("a page that comes back from the back-forward cache goes on reporting", async () => {
  const address = site.page("/back", collector);
  const next = site.page("/forth", collector);
  const { page } = await visit(browser);
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
  const { page } = await visit(browser);
  await page.goto(site.page("/big", collector));
  await agentRuns(page);
  await page.evaluate(() => {
    const error = new Error("big");
    error.stack = "Error: big\n" + "€".repeat(100_000);
    (window as any).ep("capture", error);
  });
  const big = await arrived("big");
  assert.equal(big.stack.length, 65_536);
});

test("no cookie is set and none is sent", async () => {
  const { page } = await visit(browser);
  await page.context().addCookies([{ name: "theirs", value: "1", url: collector.url }]);
  await page.goto(site.page("/cookies", collector));
  await agentRuns(page);
  await page.evaluate(() => (window as any).ep("capture", new Error("plain")));
  await arrived("plain");
  assert.deepEqual(collector.received.map((batch) => batch.cookie), [undefined]);
  assert.equal((await page.context().cookies()).length, 1);
});

async function agentRuns(page: import("playwright-core").Page): Promise<void> {
  await page.waitForFunction(() => (window as any)[Symbol.for("errorpipeline")] && typeof (window as any).ep.q[0] !== "string");
  // Its listeners are added a turn later.
  await page.evaluate(() => new Promise((done) => setTimeout(done)));
}
