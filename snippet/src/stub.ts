// The part that is pasted into every page, so every byte counts (test/stub.test.ts holds it to 410).
// One function takes everything: ep(...) calls, `error` and `unhandledrejection` events. The agent later replaces
// queue.push, so there is one pair of listeners for the page's whole life and nothing is reported twice.
// A block rather than a function keeps the names out of the page: eight bytes less.
{
  let page = document;
  let listen = addEventListener;
  let nonce = (page.currentScript || (page as unknown as HTMLScriptElement)).nonce;
  // The build leaves these two placeholders; whoever shows the snippet fills them in.
  let queue: unknown[] = ["__KEY__", "__URL__/agent.js"];
  let wait = 5e3;

  // Bounded: an error loop must not eat the page's memory while the collector is away.
  let take = (...args: unknown[]) => queue[999] || queue.push([args, new Date()]);
  let load = () => {
    let script = page.createElement("script");
    script.src = queue[1] as string;
    script.crossOrigin = "";
    script.nonce = nonce;
    // Collector down: try again, ever more rarely, for as long as the page is open.
    script.onerror = () => setTimeout(load, (wait *= 2));
    page.head.append(script);
  };

  (self as unknown as { ep: unknown }).ep = take;
  (take as unknown as { q: unknown }).q = queue;
  listen("error", take);
  listen("unhandledrejection", take);
  // Pasted by a tag manager after the load event: "complete" is the only state below "d".
  page.readyState < "d" ? load() : listen("load", load);
}
