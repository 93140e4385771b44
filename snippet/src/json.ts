import { cut, get, safe, text } from "./safe";

const maxDepth = 6;
const maxEntries = 100;
const maxText = 4096;

// Taken now: pages replace it later. Only ever given plain strings, so a toJSON that a library hung on
// Array.prototype or Object.prototype cannot change what is sent, nor run.
const quoteText = JSON.stringify;
export const quote = (value: string): string => quoteText(value);

/**
 * JSON of any value, about `budget` characters at most: cycles, depth, getters that throw and proxies included.
 * What does not fit is left out. No method of the value is called.
 */
export function toJson(value: unknown, budget: number): string {
  let left = budget;
  const above: unknown[] = [];

  const write = (part: string): string => {
    left -= part.length;
    return part;
  };

  const visit = (of: unknown): string => {
    const kind = typeof of;
    if (of === null || kind === "boolean") return write("" + of);
    if (kind === "number") return write(isFinite(of as number) ? "" + of : quote("" + of));
    if (kind === "string") return write(quote(cut(of as string, Math.max(0, Math.min(maxText, left)))));
    if (kind !== "object") return write(quote(cut(`[${kind === "function" ? kind : String(of)}]`, 200)));
    return safe(() => visitObject(of as object)) ?? write('"[unreadable]"');
  };

  const visitObject = (of: object): string => {
    const brief = summary(of);
    if (brief !== undefined) return write(quote(cut(brief, 1000)));
    if (above.indexOf(of) >= 0) return write('"[cycle]"');
    if (above.length >= maxDepth) return write(Array.isArray(of) ? '"[array]"' : '"[object]"');
    above.push(of);
    try {
      return Array.isArray(of) ? visitArray(of) : visitEntries(of);
    } finally {
      above.pop();
    }
  };

  const visitArray = (of: unknown[]): string => {
    const parts: string[] = [];
    for (let i = 0; i < of.length && i < maxEntries && left > 0; i++) parts.push(visit(safe(() => of[i])));
    return "[" + parts.join() + "]";
  };

  const visitEntries = (of: object): string => {
    const parts: string[] = [];
    for (const key of Object.keys(of).slice(0, maxEntries)) {
      if (left <= 0) break;
      let member: unknown = "[unreadable]";
      safe(() => (member = (of as Record<string, unknown>)[key]));
      if (member === undefined || typeof member === "function") continue;
      parts.push(write(quote(cut(key, 200)) + ":") + visit(member));
    }
    return "{" + parts.join() + "}";
  };

  return visit(value);
}

/** Objects that are better named than listed. */
function summary(of: object): string | undefined {
  if (of instanceof Error) return `${text(of, "name") ?? "Error"}: ${text(of, "message") ?? ""}`;
  if (of instanceof Date) return safe(() => of.toISOString()) ?? "Invalid Date";
  if (of instanceof RegExp) return String(of);
  if (typeof get(of, "nodeType") === "number" && text(of, "nodeName")) return element(of);
  return undefined;
}

/** `button#pay.primary`: names an element without telling anything that a visitor typed or read. */
export function element(of: unknown): string {
  const id = text(of, "id");
  const classes = text(of, "className");
  return cut(
    (text(of, "nodeName") ?? "?").toLowerCase() +
      (id ? "#" + id : "") +
      (classes ? "." + classes.trim().split(/\s+/).slice(0, 2).join(".") : ""),
    100,
  );
}
