// A shop that breaks in every way there is. What it does in each case is what the tests expect on the dashboard.
const facts = { release: "shop@7.7.7", environment: "staging", user: { id: "u-17", email: "ann@shop.example", name: "Ann" } };

function priceOf(item) {
  return item.price.amount.toFixed(2);
}
function basket(items) {
  return items.map((item) => priceOf(item));
}
function checkout() {
  return basket([{}]);
}
function refuse(text) {
  throw new RangeError(text);
}
function caught(fails) {
  try {
    fails();
  } catch (error) {
    return error;
  }
}
function chain() {
  try {
    try {
      JSON.parse("{shop");
    } catch (error) {
      throw new TypeError("the settings are damaged", { cause: error });
    }
  } catch (error) {
    throw new Error("the shop cannot open", { cause: error });
  }
}
function both() {
  const errors = [caught(() => refuse("the east store is closed")), new TypeError("the west store is gone")];
  throw new AggregateError(errors, "no store answers");
}
function duplicate() {
  throw new Error("the same again");
}

const cases = {
  uncaught: () => setTimeout(() => checkout()),
  shallow: () => setTimeout(() => { throw new Error("nothing is below"); }),
  listener: () => {
    const button = document.querySelector("#buy");
    button.addEventListener("click", () => refuse("the button is sold out"));
    button.click();
  },
  "rejected-error": () => void (async () => refuse("page 99 of 3 was asked for"))(),
  "rejected-string": () => void Promise.reject("the basket is out of date"),
  "rejected-object": () => void Promise.reject({ code: 409, reason: "conflict" }),
  "rejected-undefined": () => void Promise.reject(),
  handled: (client) => client.handled(caught(() => refuse("the voucher was refused")), { voucher: "SPRING-9Z" }),
  fingerprint: (client) => client.handled(caught(() => refuse("order 4711 failed")), {}, "payment-by-card"),
  message: (client) => client.message("the stock is running low"),
  breadcrumbs: async (client) => {
    console.error("the kettle is hot");
    document.querySelector("#buy").click();
    history.pushState({}, "", location.pathname + location.search + "#basket");
    await fetch("/stock.json?token=secret123");
    await new Promise((go) => setTimeout(go, 300));
    client.crumb?.("the basket was emptied");
    client.handled(caught(() => refuse("the trail ends here")), {});
  },
  cause: (client) => client.handled(caught(chain), {}),
  aggregate: (client) => client.handled(caught(both), {}),
  "script-error": () => {
    const script = document.createElement("script");
    script.src = globalThis.setup.foreign;
    return new Promise((go) => {
      script.onload = script.onerror = go;
      document.body.append(script);
    });
  },
  hidden: (client) => addEventListener("pagehide", () => client.handled(caught(() => refuse("the draft cannot be saved")), {})),
  long: (client) => client.handled(caught(() => refuse("long " + "0123456789 ".repeat(900) + "end")), {}),
  unicode: (client) => client.handled(caught(() => refuse("日本語 für 🧨 half \ud83d and \u0000 nul")), {}),
  limit: (client) => {
    globalThis.order = (n) => client.handled(caught(() => refuse(`order ${"abcdefghijklmnopqrstuvwxyz"[n % 26]} failed`)), {});
  },
  loop: (client) => {
    for (let i = 0; i < 30; i++) client.handled(caught(duplicate), {});
  },
};

/** Runs the case that the page is named after. */
export async function open(start) {
  const client = await start({ ...facts, ...globalThis.setup });
  addEventListener("load", async () => {
    // Some clients begin at the same event. By a channel, because clients wrap timers.
    await new Promise((go) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = go;
      channel.port2.postMessage(0);
    });
    // A page's own listeners may be older than its clients'.
    if (location.pathname !== "/hidden") await client.ready?.();
    await cases[location.pathname.slice(1)](client);
    globalThis.isDone = true;
  });
}
