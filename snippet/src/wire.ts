import { Answer, judge } from "./answers";
import { byteLength, maxBatchBytes } from "./batch";
import { Wire } from "./outbox";
import { safe } from "./safe";

const timeout = 15_000;

/** Requests to the collector: no cookies, no preflight (a string body is text/plain), nothing that the page can notice. */
export function browserWire(url: string): Wire {
  // Taken when the agent starts: what pages put in their place later is theirs.
  const send = safe(() => fetch.bind(window));
  const beacon = (body: string): boolean => !!safe(() => navigator.sendBeacon(url, body));

  const post = async (body: string): Promise<Answer> => {
    if (!send) return { fate: beacon(body) ? "done" : "later" };
    const abort = safe(() => new AbortController());
    const timer = setTimeout(() => abort?.abort(), timeout);
    try {
      const response = await send(url, {
        method: "POST",
        body,
        credentials: "omit",
        cache: "no-store",
        keepalive: byteLength(body) < maxBatchBytes,
        signal: abort?.signal,
      });
      return judge(response.status, response.headers.get("Retry-After"), Date.now());
    } catch {
      return judge(0, null, 0);
    } finally {
      clearTimeout(timer);
    }
  };
  return { post, beacon };
}
