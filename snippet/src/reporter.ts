import { Crumbs } from "./crumbs";
import { Described, describe } from "./describe";
import { Context, merged, toEvent } from "./event";
import { floodGate } from "./flood";
import { randomId, sessionId } from "./identity";
import { itemName } from "./kept";
import { Outbox } from "./outbox";
import { cut, get, safe, text } from "./safe";

/** Turns what the stub hands over, the arguments that ep() got and when, into events. */
export function reporterTo(outbox: Outbox, crumbs: Crumbs): (args: ArrayLike<unknown>, time: number) => void {
  const context: Context = { tags: merged(), meta: merged() };
  const admits = floodGate();
  const told = new WeakMap<object, string>();
  const session = sessionId();

  const call = (verb: string, value: unknown, extra: unknown, time: number): void => {
    if (verb === "capture") {
      report("capture", value, describe(value, "Message"), time, undefined, extra);
    } else if (verb === "init") {
      context.release = text(value, "release") || context.release;
      context.environment = text(value, "environment") || context.environment;
      if (get(value, "breadcrumbs") === false) crumbs.stop();
      for (const name of ["user", "tags", "meta"]) {
        if (get(value, name) !== undefined) call(name, get(value, name), undefined, time);
      }
    } else if (verb === "user") {
      context.user = value;
    } else if (verb === "tags" || verb === "meta") {
      context[verb] = merged(context[verb], value);
    } else if (verb === "breadcrumb") {
      crumbs.add(text(value, "category") || "site", text(value, "message") || "", time, get(value, "level"), get(value, "data"));
    }
  };

  const thrown = (event: unknown, time: number): void => {
    const error = get(event, "error");
    const message = text(event, "message");
    const file = text(event, "filename");
    const source = file && { file, line: get(event, "lineno") || undefined, col: get(event, "colno") || undefined };
    // No error object: another origin's script ("Script error."), or an old engine. Still sent.
    const known = error == null && message ? fromMessage(message) : describe(error ?? event, "Uncaught");
    const isHidden = error == null && !!message && /^script error\.?$/i.test(message);
    report("onerror", error, known, time, source, undefined, isHidden ? hiddenScripts() : undefined);
  };

  const report = (mechanism: string, value: unknown, described: Described, time: number, source?: unknown, extra?: unknown, scripts?: string[]): void => {
    if (reportedOtherwise(value, mechanism)) return;
    const { type, message, stack } = described;
    if (!admits([type, message.slice(0, 200), (stack || "").slice(0, 1000)].join("|"), Date.now())) return outbox.suppress();
    const id = randomId();
    const occurrence = { id, time, session, mechanism, described, source, extra, scripts, breadcrumbs: crumbs.list() };
    outbox.add({ name: itemName(time, id), json: toEvent(occurrence, context) });
    crumbs.add("error", (type ? type + ": " : "") + message, time, "error");
  };

  /** Captured and then thrown on, or thrown and then captured: the same occurrence, told once. */
  const reportedOtherwise = (value: unknown, mechanism: string): boolean => {
    if (typeof value !== "object" || !value) return false;
    const before = told.get(value);
    if (!before) told.set(value, mechanism);
    return !!before && before !== mechanism;
  };

  return (args, time) => {
    const first = args[0];
    if (typeof first === "string") {
      call(first, args[1], args[2], time);
    } else if (get(first, "type") === "unhandledrejection") {
      const reason = get(first, "reason");
      report("unhandledrejection", reason, describe(reason, "UnhandledRejection"), time);
    } else {
      thrown(first, time);
    }
  };
}

/** Engines put "Uncaught " before what was thrown; `throw null` leaves nothing but this text. */
function fromMessage(message: string): Described {
  const [, uncaught, type, rest] =
    /^(uncaught (?:exception: )?)?(?:([A-Z]\w*(?:Error|Exception)): )?([^]*)$/i.exec(message.slice(0, 8192)) || [];
  return { type: type || (uncaught && "Uncaught"), message: rest || message, causes: [] };
}

/** Scripts of other origins whose tags lack crossorigin: the browser says no more of their errors than "Script error.". */
const hiddenScripts = (): string[] | undefined =>
  safe(() => {
    const tags = document.querySelectorAll<HTMLScriptElement>("script[src]:not([crossorigin])");
    const all = Array.from(tags, ({ src }) => cut(src.replace(/[?#].*/, ""), 300));
    return all.filter((src, i) => /^https?:/.test(src) && new URL(src).origin !== location.origin && all.indexOf(src) === i).slice(0, 10);
  });
