import { toJson } from "./json";
import { get, safe } from "./safe";

/**
 * Brands, platform and its version as the browser tells them beside its frozen User-Agent, as JSON: without them Windows 11 is
 * Windows 10 and every macOS is 10.15. The version is asked for once; nothing that tells devices of one kind apart is.
 */
export let hints: string | undefined;

interface AgentData {
  toJSON(): unknown;
  getHighEntropyValues(names: string[]): Promise<unknown>;
}

safe(() => {
  const data = get(navigator, "userAgentData") as AgentData | undefined;
  if (!data) return;
  const keep = (values: unknown): unknown => safe(() => (hints = toJson(values, 500)));
  keep(data.toJSON());
  data.getHighEntropyValues(["platformVersion"]).then(keep, () => 0);
});
