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
export class Kept {
  private readonly events: string;
  private readonly pause: string;
  private readonly lease: string;

  constructor(private readonly store: Store, key: string, private readonly me: string) {
    const prefix = `ep:${key.slice(0, 8)}:`;
    this.events = prefix + "e:";
    this.pause = prefix + "pause";
    this.lease = prefix + "lease";
  }

  /** Returns how many events had to be given up for it. */
  keep(items: Item[], now: number): number {
    let lost = 0;
    for (const item of items) {
      const put = () => safe(() => (this.store.setItem(this.events + item.name, item.json), true));
      if (!put()) {
        // The site's own data fills the storage: make room from ours, never from theirs.
        const oldest = this.names()[0];
        if (oldest) this.store.removeItem(oldest);
        lost += (oldest ? 1 : 0) + (put() ? 0 : 1);
      }
    }
    return lost + this.trim(now);
  }

  remove(items: Item[]): void {
    for (const item of items) safe(() => this.store.removeItem(this.events + item.name));
  }

  /** The oldest first, up to `count`. */
  oldest(count: number, now: number): Item[] {
    this.trim(now);
    return this.names()
      .slice(0, count)
      .map((name) => ({ name: name.slice(this.events.length), json: safe(() => this.store.getItem(name)) ?? "" }))
      .filter((item) => item.json);
  }

  any(): boolean {
    return this.names().length > 0;
  }

  /** When the collector may be asked again, for every page of this site: 0 for now. */
  pausedUntil(now: number): number {
    const until = +(safe(() => this.store.getItem(this.pause)) ?? 0);
    // A clock that was set back must not silence the site for years.
    return until > now && until <= now + longestPause ? until : 0;
  }

  pauseUntil(until: number): void {
    safe(() => (until ? this.store.setItem(this.pause, "" + until) : this.store.removeItem(this.pause)));
  }

  /** Asks for the right to send what is kept. Confirm it a moment later with `holds`: the last of two tabs wins. */
  claim(now: number): boolean {
    const [holder, until] = (safe(() => this.store.getItem(this.lease)) ?? "").split("|");
    if (holder !== this.me && +until > now && +until <= now + leaseTime) return false;
    return !!safe(() => (this.store.setItem(this.lease, `${this.me}|${now + leaseTime}`), true));
  }

  holds(): boolean {
    return (safe(() => this.store.getItem(this.lease)) ?? "").split("|")[0] === this.me;
  }

  release(): void {
    if (this.holds()) safe(() => this.store.removeItem(this.lease));
  }

  private names(): string[] {
    const names: string[] = [];
    safe(() => {
      for (let i = 0; i < this.store.length; i++) {
        const name = this.store.key(i);
        if (name && name.startsWith(this.events)) names.push(name);
      }
    });
    return names.sort();
  }

  private trim(now: number): number {
    let lost = 0;
    let chars = 0;
    this.names()
      .reverse()
      .forEach((name, index) => {
        chars += (safe(() => this.store.getItem(name)) ?? "").length;
        const time = parseInt(name.slice(this.events.length), 36);
        if (index < maxItems && chars <= maxChars && time > now - maxAge) return;
        safe(() => this.store.removeItem(name));
        lost++;
      });
    return lost;
  }
}

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
