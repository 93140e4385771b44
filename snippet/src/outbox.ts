import { Answer, backOff } from "./answers";
import { envelope, Item, takeBatch } from "./batch";
import { Kept } from "./kept";

export interface Wire {
  /** Never rejects: no answer is an answer too. */
  post(body: string): Promise<Answer>;
  /** For a page that is being left: no answer. False where the browser will not take it. */
  beacon(body: string): boolean;
}

export interface Clock {
  now(): number;
  random(): number;
  /** Returns what cancels it. */
  after(milliseconds: number, run: () => void): () => void;
}

/** What comes after a quiet while is told soon, together with what the same turn of the page throws; what follows is gathered. */
const soon = 30;
const debounce = 300;
const quiet = 1_000;
const maxPending = 100;
const maxBatchItems = 50;
const claimSettles = 80;
const leaseRecheck = 30_000;
const refusedPause = 60_000;
const suppressedDelay = 60_000;

/** Sends events in batches, one request at a time; what gets no answer is kept until it does. */
export function outboxTo({ post, beacon }: Wire, kept: Kept, { now, random, after }: Clock) {
  let pending: Item[] = [];
  let flying: Item[] = [];
  let busy = false;
  let gone = false;
  let suppressed = 0;
  let failures = 0;
  let sent = 0;
  let batchItems = maxBatchItems;
  let due = Infinity;
  let cancel = (): void => {};

  const keep = (items: Item[]): void => {
    if (items.length) suppressed += kept.keep(items, now());
  };

  const wake = (milliseconds: number): void => {
    const at = now() + milliseconds;
    if (at >= due) return;
    cancel();
    due = at;
    cancel = after(milliseconds, () => {
      due = Infinity;
      flush();
    });
  };

  const seal = (items: Item[], told: number): string => {
    suppressed -= told;
    return envelope(items, told, now());
  };

  const flush = (): void => {
    // A page that was left may run on for a moment; it must not take the kept events from the page that follows.
    if (busy || gone) return;
    const paused = kept.pausedUntil(now());
    if (paused) {
      keep(pending.splice(0));
      wake(paused - now());
    } else if (pending.length) {
      send(takeBatch(pending, batchItems), false);
    } else if (kept.any()) {
      replay();
    } else if (suppressed) {
      send([], false);
    } else {
      kept.release();
    }
  };

  /** Only one tab sends what is kept; should two ever do, the ids make it harmless. */
  const replay = (): void => {
    const held = kept.holds();
    if (!kept.claim(now())) return wake(leaseRecheck);
    busy = true;
    const go = (): void => {
      busy = false;
      const items = kept.holds() && !gone ? takeBatch(kept.oldest(batchItems, now()), batchItems) : [];
      if (items.length) send(items, true);
      else wake(leaseRecheck);
    };
    if (held) go();
    else after(claimSettles, go);
  };

  const send = (items: Item[], replayed: boolean): void => {
    const told = suppressed;
    busy = true;
    flying = items;
    sent = now();
    void post(seal(items, told)).then((answer) => {
      busy = false;
      flying = [];
      settle(answer, items, told, replayed);
      flush();
    });
  };

  const settle = ({ fate, wait }: Answer, items: Item[], told: number, replayed: boolean): void => {
    if (fate === "later") {
      suppressed += told;
      keep(items);
      kept.pauseUntil(now() + (wait ?? backOff(++failures, random())));
      kept.release();
    } else if (fate === "split" && items.length > 1) {
      // One bad event must not take the others with it.
      suppressed += told;
      batchItems = items.length >> 1;
      if (!replayed) pending = items.concat(pending);
    } else {
      kept.remove(items);
      failures = 0;
      if (fate === "done") batchItems = Math.min(maxBatchItems, batchItems * 2);
      if (fate === "refused") kept.pauseUntil(now() + refusedPause);
    }
  };

  /** The page is hidden and may never run again: copies stay until their answer comes. */
  const hide = (): void => {
    keep(flying.concat(pending));
    flush();
  };

  /** The page is gone after this. A beacon has no answer, so the copy stays; the next page sends it, with the same id. */
  const leave = (): void => {
    gone = true;
    hide();
    kept.release();
    if (kept.pausedUntil(now())) return;
    while ((pending.length || suppressed) && beacon(seal(takeBatch(pending, maxBatchItems), suppressed)));
  };

  return {
    add(item: Item): void {
      if (pending.length >= maxPending) {
        pending.shift();
        suppressed++;
      }
      pending.push(item);
      // Listeners that came after ours tell of errors too, and no timer runs any more.
      if (gone) leave();
      else wake(now() < sent + quiet ? debounce : soon);
    },

    /** Counts an error that is not sent. Told with the next batch, or alone after a minute. */
    suppress(): void {
      suppressed++;
      wake(suppressedDelay);
    },

    /** Looks for events kept by earlier pages; `afresh` where the network came back. */
    resume(afresh: boolean): void {
      gone = false;
      if (afresh && failures) {
        failures = 0;
        kept.pauseUntil(0);
      }
      wake(0);
    },

    hide,
    leave,
  };
}

export type Outbox = ReturnType<typeof outboxTo>;
