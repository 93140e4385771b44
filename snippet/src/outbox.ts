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
  after(milliseconds: number, run: () => void): () => void;
}

const debounce = 300;
const maxPending = 100;
const maxBatchItems = 50;
const claimSettles = 80;
const refusedPause = 60_000;

/** Sends events in batches, one request at a time; what gets no answer is kept until it does. */
export class Outbox {
  private pending: Item[] = [];
  private flying: Item[] = [];
  private busy = false;
  private suppressed = 0;
  private failures = 0;
  private batchItems = maxBatchItems;
  private gone = false;
  private due = Infinity;
  private cancel: () => void = () => {};

  constructor(private readonly wire: Wire, private readonly kept: Kept, private readonly clock: Clock) {}

  add(item: Item): void {
    if (this.pending.length >= maxPending) {
      this.pending.shift();
      this.suppressed++;
    }
    this.pending.push(item);
    this.wake(debounce);
  }

  /** Counts an error that is not sent. Told with the next batch, or alone after a minute. */
  suppress(): void {
    this.suppressed++;
    this.wake(60_000);
  }

  /** Looks for events kept by earlier pages; `afresh` where the network came back. */
  resume(afresh: boolean): void {
    this.gone = false;
    if (afresh && this.failures) {
      this.failures = 0;
      this.kept.pauseUntil(0);
    }
    this.wake(0);
  }

  /** The page is hidden and may never run again: copies stay until their answer comes. */
  hide(): void {
    this.keep(this.flying.concat(this.pending));
    this.flush();
  }

  /** The page is gone after this. A beacon has no answer, so the copy stays; the next page sends it, with the same id. */
  leave(): void {
    this.keep(this.flying.concat(this.pending));
    this.gone = true;
    this.kept.release();
    const { pending } = this;
    this.pending = [];
    if (this.kept.pausedUntil(this.clock.now())) return;
    while (pending.length || this.suppressed) {
      const told = this.suppressed;
      this.suppressed = 0;
      if (!this.wire.beacon(envelope(takeBatch(pending, maxBatchItems), told, this.clock.now()))) return;
    }
  }

  private flush(): void {
    // A page that was left may run on for a moment; it must not take the kept events from the page that follows.
    if (this.busy || this.gone) return;
    const now = this.clock.now();
    const paused = this.kept.pausedUntil(now);
    if (paused) {
      this.keep(this.pending.splice(0));
      this.wake(paused - now);
    } else if (this.pending.length || this.suppressed) {
      this.send(takeBatch(this.pending, this.batchItems), false);
    } else if (this.kept.any()) {
      this.replay(now);
    } else {
      this.kept.release();
    }
  }

  /** Only one tab sends what is kept; should two ever do, the ids make it harmless. */
  private replay(now: number): void {
    const held = this.kept.holds();
    if (!this.kept.claim(now)) {
      this.wake(30_000);
      return;
    }
    this.busy = true;
    const go = (): void => {
      this.busy = false;
      const now = this.clock.now();
      const items = this.kept.holds() ? this.kept.oldest(this.batchItems, now) : [];
      if (items.length) this.send(takeBatch(items, this.batchItems), true);
      else this.wake(30_000);
    };
    if (held) go();
    else this.clock.after(claimSettles, go);
  }

  private send(items: Item[], replayed: boolean): void {
    const told = this.suppressed;
    this.suppressed = 0;
    this.busy = true;
    this.flying = items;
    void this.wire.post(envelope(items, told, this.clock.now())).then((answer) => {
      this.busy = false;
      this.flying = [];
      this.settle(answer, items, told, replayed);
      this.flush();
    });
  }

  private settle({ fate, wait }: Answer, items: Item[], told: number, replayed: boolean): void {
    const now = this.clock.now();
    if (fate === "later") {
      this.suppressed += told;
      this.keep(items);
      this.kept.pauseUntil(now + (wait ?? backOff(++this.failures, this.clock.random())));
      this.kept.release();
    } else if (fate === "split" && items.length > 1) {
      // One bad event must not take the others with it.
      this.suppressed += told;
      this.batchItems = items.length >> 1;
      if (!replayed) this.pending.unshift(...items);
    } else {
      this.kept.remove(items);
      this.failures = 0;
      if (fate === "done") this.batchItems = Math.min(maxBatchItems, this.batchItems * 2);
      if (fate === "refused") this.kept.pauseUntil(now + refusedPause);
    }
  }

  private keep(items: Item[]): void {
    if (items.length) this.suppressed += this.kept.keep(items, this.clock.now());
  }

  private wake(milliseconds: number): void {
    const at = this.clock.now() + milliseconds;
    if (at >= this.due) return;
    this.cancel();
    this.due = at;
    this.cancel = this.clock.after(milliseconds, () => {
      this.due = Infinity;
      this.flush();
    });
  }
}
