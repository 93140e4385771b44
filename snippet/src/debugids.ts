import { quote } from "./json";
import { get, safe } from "./safe";

/**
 * The debug ids of the files that a text (stacks) speaks of, as JSON. Bundlers leave them in the page: by the stack of an error that was made
 * in the file, whose first address is the file's own.
 */
export function debugIds(about: string): string | undefined {
  const found: string[] = [];
  for (const name of ["_debugIds", "_sentryDebugIds"]) {
    safe(() => {
      const told = get(window, name) as Record<string, string>;
      for (const stack in told) {
        const url = /\w+:\/\/\S+?(?=:\d+:\d+)/.exec(stack)?.[0];
        if (url && about.includes(url)) found.push(quote(url) + ":" + quote("" + told[stack]));
      }
    });
  }
  return found[0] && `{${found}}`;
}
