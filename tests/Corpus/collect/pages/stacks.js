// Each case throws for real, or rejects; its name becomes a file's.
const cases = {
  "null-access": () => { function readName(user) { return user.profile.name; } readName({ profile: null }); },
  "undefined-access": () => { function readName(user) { return user.profile.name; } readName({}); },
  "undefined-write": () => { (function rename(user) { user.profile.name = "x"; })({}); },
  "not-a-function": () => { const cart = { total: 3 }; (function checkout() { cart.total(); })(); },
  "not-defined": () => { (function start() { missingThing.run(); })(); },
  "not-iterable": () => { (function list(rows) { for (const row of rows) row(); })(42); },
  "recursion": () => { (function again(n) { again(n + 1); })(0); },
  "mutual-recursion": () => { function ping(n) { pong(n + 1); } function pong(n) { ping(n + 1); } ping(0); },
  "json": () => { (function parseReply(text) { JSON.parse(text); })("<!DOCTYPE html>"); },
  "eval": () => { eval("(function inEval() { null.x; })()"); },
  "eval-nested": () => { (function outer() { eval("(function inner() { eval('(function innermost() { throw new Error(\"deep\"); })()'); })()"); })(); },
  "eval-source-url": () => { eval("(function named() { throw new Error('from a named script'); })()\n//# sourceURL=https://shop.test/collect/named.js"); },
  "new-function": () => { (function compile() { new Function("a", "a.b.c")({}); })(); },
  "callback": () => { [1].map(n => { [n].forEach(m => { throw new RangeError("order " + m + 4711 + " is out of range"); }); }); },
  "native-sort": () => { [3, 1, 2].sort(function byPrice(a, b) { throw new TypeError("no price"); }); },
  "native-replace": () => { "abc".replace(/b/, function upper(m) { throw new TypeError("no letter"); }); },
  "native-to-json": () => { JSON.stringify({ toJSON: function flat() { throw new TypeError("not flat"); } }); },
  "class": () => { class Shop { static open() { new Shop().fill(); } fill() { this.shelf.push(1); } } Shop.open(); },
  "class-constructor": () => { class Shelf { constructor() { this.books.push(1); } } (function build() { new Shelf(); })(); },
  "class-private": () => { class Till { #count() { return this.coins.length; } static #of(t) { return t.#count(); } open() { return Till.#of(this); } } new Till().open(); },
  "class-field": () => { class Page { title = missingTitle(); } new Page(); },
  "class-static-block": () => { (class Setup { static { setupMissing(); } }); },
  "class-super": () => { class Base { run() { throw new Error("base"); } } class Child extends Base { run() { super.run(); } } new Child().run(); },
  "getter": () => { ({ get price() { throw new TypeError("no price\nfor this"); } }).price; },
  "setter": () => { ({ set price(value) { throw new TypeError("price is fixed"); } }).price = 3; },
  "symbol-method": () => { const rows = { [Symbol.iterator]() { throw new Error("no rows"); } }; [...rows]; },
  "computed-method": () => { const name = "a b(c)"; ({ [name]() { throw new Error("odd name"); } })[name](); },
  "bound": () => { (function bind() { throw new Error("bound"); }).bind(null)(); },
  "proxy": () => { new Proxy({}, { get: function trap() { throw new Error("trapped"); } }).x; },
  "generator": () => { function* rows() { yield 1; throw new Error("second row"); } [...rows()]; },
  "constructor": () => { const ui = {}; new ui.Widget(); },
  "const": () => { const rate = 1; (function raise() { rate = 2; })(); },
  "frozen": () => { "use strict"; (function change(o) { o.a = 2; })(Object.freeze({ a: 1 })); },
  "async": async () => { async function load() { await null; throw new Error("late"); } await load(); },
  "async-chain": async () => {
    async function fetchRow() { await null; return undefined; }
    async function readRow() { const row = await fetchRow(); return row.id; }
    async function showPage() { await readRow(); }
    await showPage();
  },
  "promise-all": async () => { async function one() { await null; throw new Error("one of many"); } async function many() { await Promise.all([Promise.resolve(), one()]); } await many(); },
  "promise-any": async () => { await Promise.any([Promise.reject(new TypeError("first")), Promise.reject(new RangeError("second"))]); },
  "promise-then": () => Promise.resolve().then(function afterwards() { null.x; }),
  "cause": () => { try { null.x; } catch (cause) { throw new Error("outer", { cause }); } },
  "cause-chain": () => { try { try { null.x; } catch (cause) { throw new TypeError("middle", { cause }); } } catch (cause) { throw new Error("outer", { cause }); } },
  "aggregate": () => { throw new AggregateError([new TypeError("one"), new RangeError("two")], "both failed"); },
  "custom": () => { class PaymentError extends Error { constructor(m) { super(m); this.name = "PaymentError"; } } (function pay() { throw new PaymentError("card 4711 was declined"); })(); },
  "dom-selector": () => { (function find() { document.querySelector("#"); })(); },
  "dom-remove": () => { (function remove() { document.body.removeChild(document.createElement("p")); })(); },
  "wasm": () => { const bytes = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 8, 1, 4, 98, 111, 111, 109, 0, 0, 10, 5, 1, 3, 0, 0, 11];
    new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes))).exports.boom(); },
  "timer": () => new Promise((_, reject) => { addEventListener("error", e => { e.preventDefault(); reject(e.error); }, { once: true }); setTimeout(function tick() { throw new Error("tick"); }); }),
  "event-listener": () => new Promise((_, reject) => {
    addEventListener("error", e => { e.preventDefault(); reject(e.error); }, { once: true });
    button.addEventListener("click", function clicked() { throw new Error("clicked"); }, { once: true });
    button.click();
  }),
  "event-attribute": () => new Promise((_, reject) => {
    addEventListener("error", e => { e.preventDefault(); reject(e.error); }, { once: true });
    button.setAttribute("onclick", "missingHandler()");
    button.click();
    button.removeAttribute("onclick");
  }),
  "worker": () => new Promise((_, reject) => {
    const worker = new Worker("worker.js");
    worker.onmessage = ({ data }) => reject(Object.assign(new Error(data.message), data));
    worker.postMessage(1);
  }),
  "worker-blob": () => new Promise((_, reject) => {
    const worker = new Worker(URL.createObjectURL(new Blob(["onmessage = function work() { try { null.x; } catch (e) { postMessage({ name: e.name, message: e.message, stack: e.stack }); } }"])));
    worker.onmessage = ({ data }) => reject(Object.assign(new Error(data.message), data));
    worker.postMessage(1);
  }),
  "module": async () => { (await import("./module.js")).default(); },
  "module-data": async () => { (await import("data:text/javascript,export default function boom() { null.x; }")).default(); },
  "module-missing": async () => { await import("./missing.js"); },
  "fetch": async () => { (await fetch("http://127.0.0.1:9/")).json(); },
  "fetch-aborted": async () => { const c = new AbortController(); const f = fetch("page.html", { signal: c.signal }); c.abort(); await f; },
  "rejected-object": () => Promise.reject({ code: 7, reason: "out of stock" }),
  "rejected-text": () => Promise.reject("out of stock"),
};

async function collectEvents() {
  const events = [];
  // From the first await on all callers are asynchronous, in both browsers.
  await null;
  for (const [name, run] of Object.entries(cases)) {
    try { await run(); } catch (e) { events.push({ name, event: told(e) }); }
  }
  return events;
}
