import { element, quote, toJson } from "./json";
import { cut, get, safe, text } from "./safe";

const most = 30;

/** A trail of what happened before: element names, addresses without their queries, statuses; never what was typed. */
export class Crumbs {
  private trail: string[] = [];
  private on = true;
  private page = "";
  private requests?: PerformanceObserver;

  constructor(private readonly own: string) {}

  add(category: string, message: string, time = Date.now(), level?: unknown, data?: unknown): void {
    if (!this.on) return;
    this.trail.push(
      `{"timestamp":${Math.round(time)},"category":${quote(cut(category, 50))},"message":${quote(cut(message, 300))}` +
        (typeof level === "string" ? `,"level":${quote(cut(level, 10))}` : "") +
        (data === undefined ? "" : `,"data":${toJson(data, 500)}`) +
        "}",
    );
    if (this.trail.length > most) this.trail.shift();
  }

  list(): string[] {
    this.noticePage();
    safe(() => this.requests && this.requests.takeRecords().forEach((entry) => this.noticeRequest(entry)));
    return this.trail;
  }

  stop(): void {
    this.on = false;
    this.trail = [];
    safe(() => this.requests?.disconnect());
  }

  /**
   * Listens only. Requests come from the browser's own resource timing and page changes from comparing the address, so
   * that fetch, XMLHttpRequest and history stay what they are; console.error alone has to be wrapped.
   */
  listen(): void {
    if (!this.on) return;
    this.page = here();
    const notice = () => safe(() => this.noticePage());
    addEventListener("popstate", notice);
    addEventListener("hashchange", notice);
    addEventListener("click", (event) => safe(() => this.noticeClick(event)), { capture: true, passive: true });
    safe(() => this.watchRequests());
    safe(() => this.watchConsole());
  }

  private noticePage(): void {
    const page = here();
    if (page === this.page) return;
    this.add("navigation", `${this.page} -> ${page}`);
    this.page = page;
  }

  private noticeClick(event: Event): void {
    this.noticePage();
    const path: string[] = [];
    for (let at: unknown = event.target; text(at, "nodeName") && path.length < 3; at = get(at, "parentNode")) {
      path.unshift(element(at));
    }
    this.add("click", path.join(" > "));
  }

  private watchRequests(): void {
    this.requests = new PerformanceObserver((list) =>
      safe(() => list.getEntries().forEach((entry) => this.noticeRequest(entry))),
    );
    this.requests.observe({ type: "resource", buffered: true });
  }

  private noticeRequest(entry: PerformanceEntry): void {
    const { initiatorType, responseStatus, name, startTime, duration } = entry as PerformanceResourceTiming;
    if (!/^(fetch|xmlhttprequest)$/.test(initiatorType) || name.startsWith(this.own)) return;
    const status = responseStatus || "no status";
    const time = performance.timeOrigin + startTime + duration;
    this.add("http", `${shortened(name)} ${status}`, time, +status < 400 ? undefined : "warning");
  }

  private watchConsole(): void {
    const original = console.error;
    const crumbs = this;
    console.error = function (this: unknown, ...args: unknown[]) {
      safe(() => crumbs.add("console", args.slice(0, 5).map(brief).join(" "), Date.now(), "error"));
      return original.apply(this, args);
    };
  }
}

const brief = (value: unknown): string => (typeof value === "string" ? cut(value, 200) : toJson(value, 200));

const here = (): string => safe(() => location.pathname + location.hash.replace(/[?=].*/, "")) ?? "";

/** Without the query, which may hold anything, and without our own origin. */
const shortened = (url: string): string => {
  const bare = url.replace(/[?#].*/, "");
  return bare.startsWith(location.origin + "/") ? bare.slice(location.origin.length) : bare;
};
