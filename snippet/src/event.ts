import { hints } from "./agenthints";
import { debugIds } from "./debugids";
import { Described } from "./describe";
import { quote, toJson } from "./json";
import { cut, get, safe, text } from "./safe";

/** What the site told by ep('init' | 'user' | 'tags' | 'meta', ...). */
export interface Context {
  release?: string;
  environment?: string;
  user?: unknown;
  tags: Record<string, unknown>;
  meta: Record<string, unknown>;
}

export interface Occurrence {
  id: string;
  time: number;
  session: string;
  mechanism: string;
  described: Described;
  /** {file, line, col} of an ErrorEvent. */
  source?: unknown;
  /** The third argument of ep('capture', ...). */
  extra?: unknown;
  /** Of a "Script error.": addresses of the scripts that may be behind it. */
  scripts?: string[];
  /** Each already JSON. */
  breadcrumbs: string[];
}

const levels = ["fatal", "error", "warning", "info", "debug"];

/** One event of the native protocol, as JSON. */
export function toEvent(of: Occurrence, context: Context): string {
  const { described, extra } = of;
  const level = text(extra, "level");
  const meta = merged(context.meta, get(extra, "meta"));
  return members({
    id: quote(of.id),
    timestamp: "" + of.time,
    type: string(described.type),
    message: quote(described.message),
    stack: string(described.stack),
    scripts: of.scripts && of.scripts.length ? toJson(of.scripts, 4000) : undefined,
    source: of.source ? toJson(of.source, 3000) : undefined,
    causes: described.causes.length ? `[${described.causes.map(cause).join()}]` : undefined,
    debugIds: debugIds("" + [described, ...described.causes].map((error) => error.stack) + text(of.source, "file")),
    mechanism: quote(of.mechanism),
    handled: "" + (of.mechanism === "capture"),
    level: level && levels.indexOf(level) >= 0 ? quote(level) : undefined,
    url: string(safe(() => cut(location.href, 4096))),
    referrer: string(safe(() => cut(document.referrer, 4096))),
    release: string(context.release),
    environment: string(context.environment),
    user: context.user ? toJson(context.user, 2048) : undefined,
    session: quote(of.session),
    tags: tags(merged(context.tags, get(extra, "tags"))),
    meta: metaJson(meta, described.thrown),
    fingerprint: Array.isArray(get(extra, "fingerprint")) ? toJson(get(extra, "fingerprint"), 2000) : undefined,
    breadcrumbs: of.breadcrumbs.length ? `[${of.breadcrumbs.join()}]` : undefined,
    agent: hints,
    sdk: `{"name":"errorpipeline-js","version":"${VERSION}"}`,
  });
}

declare const VERSION: string;

const string = (value: string | undefined): string | undefined => (value ? quote(value) : undefined);

const cause = (of: Described): string =>
  members({ type: string(of.type), message: quote(of.message), stack: string(of.stack) });

const members = (of: Record<string, string | undefined>): string =>
  "{" +
  Object.keys(of)
    .filter((name) => of[name] !== undefined)
    .map((name) => `"${name}":${of[name]}`)
    .join() +
  "}";

/** Copies into an object without a prototype: a key named __proto__ is a key like any other. */
export function merged(...parts: unknown[]): Record<string, unknown> {
  const all: Record<string, unknown> = Object.create(null);
  for (const part of parts) {
    if (typeof part !== "object" || !part) continue;
    safe(() => Object.keys(part).forEach((key) => (all[key] = get(part, key))));
  }
  return all;
}

function tags(of: Record<string, unknown>): string | undefined {
  const kept = Object.keys(of)
    .filter((key) => /^(string|number|boolean)$/.test(typeof of[key]))
    .slice(0, 50)
    .map((key) => `${quote(cut(key, 200))}:${toJson(typeof of[key] === "string" ? cut(of[key] as string, 200) : of[key], 300)}`);
  return kept.length ? `{${kept.join()}}` : undefined;
}

function metaJson(meta: Record<string, unknown>, thrown: string | undefined): string | undefined {
  const site = Object.keys(meta).length ? toJson(meta, 16384) : "";
  if (!thrown) return site || undefined;
  return site.length > 2 ? `${site.slice(0, -1)},"thrown":${thrown}}` : `{"thrown":${thrown}}`;
}
