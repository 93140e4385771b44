import { Item } from "./batch";
import { safe } from "./safe";

const maxItems = 50;
const maxChars = 200_000;
const maxAge = 24 * 3_600_000;
const longestPause = 3_600_000;
const leaseTime = 30_000;

export type Store = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

/**
 * Events without an answer yet, shared by the tabs of a site through localStorage: one entry per event, so that tabs
 * never overwrite each other's. Bounded in number, size and age; the oldest go first.
 */
export function keptIn(store: Store, key: string, me: string) {
  const prefix = `ep:${key.slice(0, 8)}:`;
  const events = prefix + "e:";
  const pause = prefix + "pause";
  const lease = prefix + "lease";

  const read = (name: string): string => safe(() => store.getItem(name)) || "";
  const erase = (name: string) => safe(() => store.removeItem(name));
  const write = (name: string, value: string): boolean => !!safe(() => (store.setItem(name, value), true));

  const names = (): string[] => {
    const found: string[] = [];
    safe(() => {
      for (let i = 0; i < store.length; i++) found.push(store.key(i) || "");
    });
    return found.filter((name) => name.startsWith(events)).sort();
  };

  const trim = (now: number): number => {
    let chars = 0;
    const over = names()
      .reverse()
      .filter((name, index) => {
        chars += read(name).length;
        return index >= maxItems || chars > maxChars || parseInt(name.slice(events.length), 36) <= now - maxAge;
      });
    over.forEach(erase);
    return over.length;
  };

  const holds = (): boolean => read(lease).split("|")[0] === me;

  return {
    /** Returns how many events had to be given up for it. */
    keep(items: Item[], now: number): number {
      let lost = 0;
      for (const { name, json } of items) {
        if (write(events + name, json)) continue;
        // The site's own data fills the storage: make room from ours, never from theirs.
        const oldest = names()[0];
        if (oldest) erase(oldest);
        lost += (oldest ? 1 : 0) + (write(events + name, json) ? 0 : 1);
      }
      return lost + trim(now);
    },

    remove(items: Item[]): void {
      for (const { name } of items) erase(events + name);
    },

    /** The oldest first, up to `count`. */
    oldest(count: number, now: number): Item[] {
      trim(now);
      return names()
        .slice(0, count)
        .map((name) => ({ name: name.slice(events.length), json: read(name) }))
        .filter(({ json }) => json);
    },

    any: (): boolean => names().length > 0,

    /** When the collector may be asked again, by any page of this site: 0 for now. */
    pausedUntil(now: number): number {
      const until = +read(pause);
      // A clock that was set back must not silence the site for years.
      return until > now && until <= now + longestPause ? until : 0;
    },

    pauseUntil(until: number): void {
      if (until) write(pause, "" + until);
      else erase(pause);
    },

    /** Asks for the right to send what is kept. Confirm it a moment later with `holds`: the last of two tabs wins. */
    claim(now: number): boolean {
      const [holder, until] = read(lease).split("|");
      if (holder !== me && +until > now && +until <= now + leaseTime) return false;
      return write(lease, `${me}|${now + leaseTime}`);
    },

    holds,

    release(): void {
      if (holds()) erase(lease);
    },
  };
}

export type Kept = ReturnType<typeof keptIn>;

/** Names sort by time: nine digits of base 36 hold milliseconds for 3,000 years. */
export const itemName = (time: number, id: string): string => time.toString(36).padStart(9, "0") + "-" + id;

/** For pages without localStorage (sandboxed frames, blocked storage): the same for the page's life. */
export function memoryStore(): Store {
  const entries = new Map<string, string>();
  return {
    get length() {
      return entries.size;
    },
    key: (index) => Array.from(entries.keys())[index] ?? null,
    getItem: (name) => entries.get(name) ?? null,
    setItem: (name, value) => void entries.set(name, value),
    removeItem: (name) => void entries.delete(name),
  };
}

export function siteStore(): Store {
  return (
    safe(() => {
      localStorage.setItem("ep:probe", "1");
      localStorage.removeItem("ep:probe");
      return localStorage;
    }) ?? memoryStore()
  );
}
