import { element, quote, toJson } from "./json";
import { cut, get, safe, text } from "./safe";

const most = 30;

/** A trail of what happened before: element names, addresses without their queries, statuses; never what was typed. */
export function crumbsOf(own: string) {
  let trail: string[] = [];
  let on = true;
  let page = "";
  let requests: PerformanceObserver | undefined;

  const add = (category: string, message: string, time = Date.now(), level?: unknown, data?: unknown): void => {
    if (!on) return;
    trail.push(
      `{"timestamp":${Math.round(time)},"category":${quote(cut(category, 50))},"message":${quote(cut(message, 300))}` +
        (typeof level === "string" ? `,"level":${quote(cut(level, 10))}` : "") +
        (data === undefined ? "" : `,"data":${toJson(data, 500)}`) +
        "}",
    );
    if (trail.length > most) trail.shift();
  };

  const noticePage = (): void => {
    const now = here();
    if (now !== page) add("navigation", `${page} -> ${now}`);
    page = now;
  };

  const noticeClick = ({ target }: Event): void => {
    noticePage();
    const path: string[] = [];
    for (let at: unknown = target; text(at, "nodeName") && path.length < 3; at = get(at, "parentNode")) {
      path.unshift(element(at));
    }
    add("click", path.join(" > "));
  };

  const noticeRequest = (entry: PerformanceEntry): void => {
    const { initiatorType, responseStatus, name, startTime, duration } = entry as PerformanceResourceTiming;
    if (!/^(fetch|xmlhttprequest)$/.test(initiatorType) || name.startsWith(own)) return;
    const time = performance.timeOrigin + startTime + duration;
    add("http", `${shortened(name)} ${responseStatus || "no status"}`, time, responseStatus < 400 ? undefined : "warning");
  };

  const watchConsole = (): void => {
    const original = console.error;
    console.error = function (this: unknown, ...args: unknown[]) {
      safe(() => add("console", args.slice(0, 5).map(brief).join(" "), Date.now(), "error"));
      return original.apply(this, args);
    };
  };

  return {
    add,

    list(): string[] {
      noticePage();
      safe(() => requests && requests.takeRecords().forEach(noticeRequest));
      return trail;
    },

    stop(): void {
      on = false;
      trail = [];
      safe(() => requests && requests.disconnect());
    },

    /**
     * Listens only. Requests come from the browser's own resource timing and page changes from comparing the address, so
     * that fetch, XMLHttpRequest and history stay what they are; console.error alone has to be wrapped.
     */
    listen(): void {
      if (!on) return;
      page = here();
      for (const type of ["popstate", "hashchange"]) addEventListener(type, () => safe(noticePage));
      addEventListener("click", (event) => safe(() => noticeClick(event)), { capture: true, passive: true });
      safe(watchConsole);
      safe(() => {
        requests = new PerformanceObserver((list) => safe(() => list.getEntries().forEach(noticeRequest)));
        requests.observe({ type: "resource", buffered: true });
      });
    },
  };
}

export type Crumbs = ReturnType<typeof crumbsOf>;

const brief = (value: unknown): string => (typeof value === "string" ? cut(value, 200) : toJson(value, 200));

const here = (): string => safe(() => location.pathname + location.hash.replace(/[?=].*/, "")) || "";

/** Without the query, which may hold anything, and without our own origin. */
const shortened = (url: string): string => {
  const bare = url.replace(/[?#].*/, "");
  return bare.startsWith(location.origin + "/") ? bare.slice(location.origin.length) : bare;
};
