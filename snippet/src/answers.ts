/** done: taken. later: keep and try again. split: something in it was refused, find out what. refused: drop it. */
export type Fate = "done" | "later" | "split" | "refused";

export interface Answer {
  readonly fate: Fate;
  /** Milliseconds the collector asked us to stay away. */
  readonly wait?: number;
}

const longestWait = 3_600_000;

/** `status` 0 stands for no answer at all. */
export function judge(status: number, retryAfter: string | null, now: number): Answer {
  if (status >= 200 && status < 300) return { fate: "done" };
  if (status === 0 || status === 408 || status === 429 || status >= 500) {
    return { fate: "later", wait: parseRetryAfter(retryAfter, now) };
  }
  return { fate: status === 400 || status === 413 ? "split" : "refused" };
}

function parseRetryAfter(value: string | null, now: number): number | undefined {
  if (!value) return undefined;
  const wait = /^\s*\d+\s*$/.test(value) ? +value * 1000 : Date.parse(value) - now;
  return wait >= 0 ? Math.min(wait, longestWait) : undefined;
}

/** 4 s, 8 s ... 5 min, each between half and all of it, so that a returning collector does not meet every page at once. */
export const backOff = (failures: number, random: number): number =>
  Math.min(300_000, 2000 * 2 ** Math.min(failures, 10)) * (0.5 + random / 2);
