// The page's objects may be proxies, throw from getters or be half torn down: every touch of them goes through here.
export function safe<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** A property of anything, or undefined where it cannot be read. */
export const get = (of: unknown, name: string): unknown =>
  safe(() => (of as Record<string, unknown> | null | undefined)?.[name]);

/** A property if it is a non-empty string. */
export const text = (of: unknown, name: string): string | undefined => {
  const value = get(of, name);
  return typeof value === "string" && value ? value : undefined;
};

/** At most `max` characters; never ends in half of a surrogate pair. */
export const cut = (value: string, max: number): string =>
  value.length > max ? value.slice(0, max).replace(/[\ud800-\udbff]$/, "") : value;
