import assert from "node:assert/strict";
import { test } from "node:test";
import { agentRuns, inBrowser, init, Site, until, visit } from "./rig";

const here = inBrowser();
const { arrived } = here;

test("early error, TypeError, rejections and captures arrive once each, with their facts", async () => {
  const address = here.site.page("/shop", here.collector, {
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
  const { page, thrown } = await visit(here.browser);
  await page.goto(address + "?q=1");
  await until("all events", () => here.collector.events.length >= 10);

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

  assert.equal(here.collector.received.flatMap((batch) => batch.events).length, 10, "nothing is sent twice");
  for (const batch of here.collector.received) {
    assert.equal(batch.method, "POST");
    assert.equal(batch.contentType, "text/plain;charset=UTF-8");
  }
  // The page's own errors only: none of ours.
  assert.ok(thrown.every((message) => !/agent\.js/.test(message)), thrown.join("\n"));
});

test("whatever is thrown or rejected makes a title", async () => {
  const { page } = await visit(here.browser);
  await page.goto(here.site.page("/throws", here.collector));
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
    `Event: error on img ${here.site.url}/none.png`, "ProgressEvent: load on XMLHttpRequest",
  ].sort();
  await until("all titles", () => here.collector.events.length >= expected.length);
  assert.deepEqual(here.collector.events.map((event) => `${event.type}: ${event.message}`).sort(), expected);
});

test("a loop of 1000 equal errors sends ten and counts the rest", async () => {
  const { page } = await visit(here.browser);
  await page.goto(here.site.page("/loop", here.collector));
  await agentRuns(page);
  await page.evaluate(() => {
    for (let i = 0; i < 1000; i++) dispatchEvent(new ErrorEvent("error", { message: "Uncaught Error: again", error: again }));
    function again() {}
  });
  await until("suppressed", () => here.collector.received.reduce((sum, batch) => sum + batch.suppressed, 0) === 990);
  assert.equal(here.collector.events.length, 10);
});

test("breadcrumbs tell clicks, requests, console errors and page changes, and never what was typed", async () => {
  const { page } = await visit(here.browser);
  await page.goto(here.site.page("/trail", here.collector, { body: `<form id=f><input id=card class="a b c"><button id=pay type=button>Secret label</button></form>` }));
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
  const { page } = await visit(here.browser);
  await page.goto(here.site.page("/quiet", here.collector, { head: `<script>window.before=console.error;ep("init",{breadcrumbs:false})</script>`, body: "<p id=p>x" }));
  await agentRuns(page);
  await page.click("#p");
  await page.evaluate(() => (window as any).ep("capture", new Error("no trail")));
  assert.equal((await arrived("no trail")).breadcrumbs, undefined);
  assert.ok(await page.evaluate(() => (window as any).before === console.error));
});

test("captured and thrown on: told once", async () => {
  const { page } = await visit(here.browser);
  await page.goto(here.site.page("/rethrow", here.collector));
  await agentRuns(page);
  await page.evaluate(() => {
    setTimeout(() => { const error = new Error("once"); (window as any).ep("capture", error); throw error; });
    setTimeout(() => (window as any).ep("capture", new Error("last")), 10);
  });
  await arrived("last");
  assert.equal(here.collector.events.filter((event) => event.message === "once").length, 1);
});

test("another origin's script error is still sent", async () => {
  const other = await new Site().start();
  other.pages.set("/x.js", { body: `throw new Error("hidden from us")`, headers: { "Content-Type": "text/javascript" } });
  const { page } = await visit(here.browser);
  await page.goto(here.site.page("/foreign", here.collector, { body: `<script src="${other.url}/x.js?v=1"></script><script src="${other.url}/x.js" crossorigin></script>` }));
  const told = await arrived("Script error.");
  assert.equal(told.mechanism, "onerror");
  assert.deepEqual(told.scripts, [`${other.url}/x.js`]);
  assert.ok(told.agent.brands.length > 0, JSON.stringify(told.agent));
  await other.stop();
});
