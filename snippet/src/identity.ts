import { safe } from "./safe";

/** 32 hex digits; names an event for good, so that a re-send is counted once. */
export function randomId(): string {
  const bytes = new Uint8Array(16);
  if (!safe(() => crypto.getRandomValues(bytes))) {
    for (let i = 0; i < 16; i++) bytes[i] = Math.random() * 256;
  }
  return Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join("");
}

/** Random per visit of this tab; kept in sessionStorage, never in a cookie, and gone when the tab is. */
export function sessionId(): string {
  const name = "ep:session";
  const known = safe(() => sessionStorage.getItem(name));
  if (known && /^[0-9a-f]{32}$/.test(known)) return known;
  const made = randomId();
  safe(() => sessionStorage.setItem(name, made));
  return made;
}
