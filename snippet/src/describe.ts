import { toJson, element } from "./json";
import { cut, get, safe, text } from "./safe";

export interface Described {
  type?: string;
  message: string;
  stack?: string;
  causes: Described[];
  /** What was thrown, as JSON, where it was no error: goes into meta. */
  thrown?: string;
}

const maxMessage = 8192;
const maxStack = 65536;
const maxCauseStack = 16384;
const maxCauses = 10;

/** Whatever was thrown, as something that makes a title. `how` names a value that has no class of its own. */
export function describe(thrown: unknown, how: string): Described {
  return safe(() => (isError(thrown) ? describeError(thrown, maxStack) : describeValue(thrown, how))) ??
    { type: how, message: "a value that cannot be read", causes: [] };
}

// Errors of other frames are no instance of this frame's Error, hence the second question.
const isError = (value: unknown): value is object =>
  safe(() => value instanceof Error || /^\[object (\w*Error|DOMException)]$/.test(Object.prototype.toString.call(value))) ||
  (typeof value === "object" && typeof get(value, "stack") === "string" && typeof get(value, "message") === "string");

function describeError(error: object, stackLimit: number): Described {
  const stack = text(error, "stack");
  return {
    type: cut(text(error, "name") ?? "Error", 200),
    message: cut(messageOf(error), maxMessage),
    stack: stack && cut(stack, stackLimit),
    causes: stackLimit === maxStack ? causesOf(error) : [],
  };
}

function messageOf(error: object): string {
  const message = get(error, "message");
  return typeof message === "string" ? message : message == null ? "" : toJson(message, 1000);
}

/** The chain of causes, then the members of an AggregateError; each object once. */
function causesOf(error: object): Described[] {
  const causes: Described[] = [];
  const seen: unknown[] = [error];
  const add = (of: unknown): void => {
    if (of == null || causes.length >= maxCauses || seen.indexOf(of) >= 0) return;
    seen.push(of);
    causes.push(isError(of) ? describeError(of, maxCauseStack) : describeValue(of, "Cause"));
    add(get(of, "cause"));
  };
  add(get(error, "cause"));
  const members = get(error, "errors");
  safe(() => Array.isArray(members) && members.slice(0, maxCauses).forEach(add));
  return causes;
}

function describeValue(value: unknown, how: string): Described {
  const kind = typeof value;
  if (kind === "function") return plain(how, `function ${text(value, "name") ?? ""}`);
  if (kind !== "object" || value === null) return plain(how, cut(String(value), maxMessage));

  const className = text(get(value, "constructor"), "name") ?? "Object";
  const title = safe(() => titleOf(value as object, className));
  return {
    type: title ? cut(text(value, "name") ?? className, 200).replace(/^Object$/, how) : how,
    message: cut(title ?? keysOf(value as object, className), maxMessage),
    causes: [],
    thrown: toJson(value, 8192),
  };
}

const plain = (type: string, message: string): Described => ({ type, message, causes: [] });

function titleOf(value: object, className: string): string | undefined {
  if (typeof Response === "function" && value instanceof Response) {
    return `${value.status} ${value.statusText} ${bare(value.url)}`.replace(/ +/g, " ");
  }
  if (typeof Event === "function" && value instanceof Event) {
    const { type, target } = value;
    if (!text(target, "nodeName")) return `${type} on ${text(get(target, "constructor"), "name") ?? "nothing"}`;
    return `${type} on ${element(target)} ${bare(text(target, "src") ?? text(target, "href") ?? "")}`.trim();
  }
  return text(value, "message") ?? text(value, "error") ?? (className === "Object" ? undefined : keysOf(value, className));
}

const bare = (url: string): string => url.replace(/[?#].*/, "");

// Names, not values: they stay the same from visitor to visitor, so equal errors meet in one issue.
function keysOf(value: object, className: string): string {
  const keys = safe(() => Object.keys(value).sort().slice(0, 20)) ?? [];
  return `${className} with ${keys.length ? "keys " + keys.join(", ") : "no keys"}`;
}
