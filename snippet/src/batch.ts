/** An event as it will be sent. `name` sorts by time and ends in the event's id. */
export interface Item {
  readonly name: string;
  readonly json: string;
}

/** Browsers allow 64 KB of keepalive and beacon bodies in flight; a rest is left to the page. */
export const maxBatchBytes = 58_000;
const envelopeBytes = 80;

export const byteLength = (value: string): number => new TextEncoder().encode(value).length;

/** Takes what fits in one request off the front; always at least one item, even one that is too big for a beacon. */
export function takeBatch(from: Item[], maxItems: number): Item[] {
  let bytes = envelopeBytes;
  let count = 0;
  while (count < from.length && count < maxItems) {
    bytes += byteLength(from[count].json) + 1;
    if (count > 0 && bytes > maxBatchBytes) break;
    count++;
  }
  return from.splice(0, count);
}

export const envelope = (items: Item[], suppressed: number, now: number): string =>
  `{"sentAt":${now},"events":[${items.map((item) => item.json).join()}]${suppressed ? `,"suppressed":${suppressed}` : ""}}`;
