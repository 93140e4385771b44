import { crumbsOf } from "./crumbs";
import { randomId } from "./identity";
import { keptIn, siteStore } from "./kept";
import { outboxTo } from "./outbox";
import { reporterTo } from "./reporter";
import { get, safe } from "./safe";
import { browserWire } from "./wire";

/** What the stub left: its key, the agent's address, then [arguments, Date] for each call and browser event. */
type Entry = [args: unknown[], time: Date];

const marker = Symbol.for("errorpipeline");
const page = window as unknown as Record<symbol, ((entry: Entry) => void) | undefined>;

function start(): void {
  const queue = get(get(window, "ep"), "q") as unknown[];
  if (!Array.isArray(queue) || typeof queue[0] !== "string") return;
  const [key, address] = queue.splice(0, 2) as string[];
  const running = page[marker];
  // The snippet stands in the page twice: the first agent sees the errors already, so only calls are passed on.
  const take = running ? (entry: Entry) => typeof entry[0][0] === "string" && running(entry) : run(key, address);
  page[marker] = page[marker] ?? (take as (entry: Entry) => void);

  const early = queue.splice(0) as Entry[];
  queue.push = (...entries) => (safe(() => (entries as Entry[]).forEach(take)), 0);
  // Release and environment belong to every error, also to those from before ep('init') was called.
  const isInit = (entry: Entry): boolean => entry[0][0] === "init";
  for (const entry of early.filter(isInit).concat(early.filter((entry) => !isInit(entry)))) safe(() => take(entry));
}

function run(key: string, address: string): (entry: Entry) => void {
  const collector = address.replace(/\/+agent\.js$/, "");
  const outbox = outboxTo(browserWire(`${collector}/api/${key}/events`), keptIn(siteStore(), key, randomId()), {
    now: Date.now,
    random: Math.random,
    after(milliseconds, work) {
      const timer = setTimeout(() => safe(work), milliseconds);
      return () => clearTimeout(timer);
    },
  });
  const crumbs = crumbsOf(collector);
  const report = reporterTo(outbox, crumbs);
  // A turn later, so that a queued ep('init', {breadcrumbs: false}) comes first and nothing is ever wrapped.
  setTimeout(() => safe(crumbs.listen));

  addEventListener("pagehide", () => safe(outbox.leave));
  document.addEventListener("visibilitychange", () => safe(() => document.visibilityState === "hidden" && outbox.hide()));
  addEventListener("pageshow", (event) => event.persisted && safe(() => outbox.resume(false)));
  addEventListener("online", () => safe(() => outbox.resume(true)));
  outbox.resume(false);
  return (entry) => void safe(() => report(entry[0], +entry[1]));
}

safe(start);
