import { Crumbs } from "./crumbs";
import { Described, describe } from "./describe";
import { Context, merged, toEvent } from "./event";
import { Flood } from "./flood";
import { randomId, sessionId } from "./identity";
import { itemName } from "./kept";
import { Outbox } from "./outbox";
import { get, text } from "./safe";

/** Turns what the stub hands over into events. */
export class Reporter {
  private readonly context: Context = { tags: merged(), meta: merged() };
  private readonly flood = new Flood();
  private readonly told = new WeakMap<object, string>();
  private readonly session = sessionId();

  constructor(private readonly outbox: Outbox, private readonly crumbs: Crumbs) {}

  /** One call or browser event: the arguments that ep() got, and when. */
  take(args: ArrayLike<unknown>, time: number): void {
    const [first, value, extra] = [args[0], args[1], args[2]];
    if (typeof first === "string") this.call(first, value, extra, time);
    else if (get(first, "type") === "unhandledrejection") this.rejected(first, time);
    else this.thrown(first, time);
  }

  private call(verb: string, value: unknown, extra: unknown, time: number): void {
    const { context } = this;
    if (verb === "capture") {
      this.report("capture", value, describe(value, "Message"), time, undefined, extra);
    } else if (verb === "init") {
      context.release = text(value, "release") ?? context.release;
      context.environment = text(value, "environment") ?? context.environment;
      if (get(value, "breadcrumbs") === false) this.crumbs.stop();
      for (const name of ["user", "tags", "meta"]) {
        if (get(value, name) !== undefined) this.call(name, get(value, name), undefined, time);
      }
    } else if (verb === "user") {
      context.user = value;
    } else if (verb === "tags" || verb === "meta") {
      context[verb] = merged(context[verb], value);
    } else if (verb === "breadcrumb") {
      this.crumbs.add(text(value, "category") ?? "site", text(value, "message") ?? "", time, get(value, "level"), get(value, "data"));
    }
  }

  private rejected(event: unknown, time: number): void {
    const reason = get(event, "reason");
    this.report("unhandledrejection", reason, describe(reason, "UnhandledRejection"), time);
  }

  private thrown(event: unknown, time: number): void {
    const error = get(event, "error");
    const message = text(event, "message");
    const file = text(event, "filename");
    const source = file && { file, line: get(event, "lineno") || undefined, col: get(event, "colno") || undefined };
    // No error object: another origin's script ("Script error."), or an old engine. Still sent.
    const known = error == null && message ? fromMessage(message) : describe(error ?? event, "Uncaught");
    this.report("onerror", error, known, time, source);
  }

  private report(mechanism: string, thrown: unknown, described: Described, time: number, source?: unknown, extra?: unknown): void {
    if (this.reportedOtherwise(thrown, mechanism)) return;
    const key = `${described.type}|${described.message.slice(0, 200)}|${(described.stack ?? "").slice(0, 1000)}`;
    if (!this.flood.admits(key, Date.now())) return this.outbox.suppress();
    const id = randomId();
    const occurrence = { id, time, session: this.session, mechanism, described, source, extra, breadcrumbs: this.crumbs.list() };
    this.outbox.add({ name: itemName(time, id), json: toEvent(occurrence, this.context) });
    this.crumbs.add("error", `${described.type ?? ""}: ${described.message}`, time, "error");
  }

  /** Captured and then thrown on, or thrown and then captured: the same occurrence, told once. */
  private reportedOtherwise(thrown: unknown, mechanism: string): boolean {
    if (typeof thrown !== "object" || !thrown) return false;
    const before = this.told.get(thrown);
    if (!before) this.told.set(thrown, mechanism);
    return before !== undefined && before !== mechanism;
  }
}

function fromMessage(message: string): Described {
  const [, type, rest] = /^(?:Uncaught )?(?:([A-Z]\w*(?:Error|Exception)): )?([^]*)$/.exec(message.slice(0, 8192)) ?? [];
  return { type, message: rest ?? message, causes: [] };
}
