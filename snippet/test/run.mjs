// Bundles the tests by esbuild and gives them to node's own test runner; ends with its exit status.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const names = readdirSync(at(".")).filter((name) => name.endsWith(".test.ts"));
rmSync(at("out"), { recursive: true, force: true });
await build({
  entryPoints: names.map((name) => at(name)),
  outdir: at("out"),
  bundle: true,
  platform: "node",
  format: "esm",
  packages: "external",
  define: { VERSION: '"test"' },
  outExtension: { ".js": ".mjs" },
  sourcemap: "inline",
});
const files = names.map((name) => at("out/" + name.replace(/\.ts$/, ".mjs")));
const { status } = spawnSync(process.execPath, ["--enable-source-maps", "--test", "--test-reporter=tap", ...files], { stdio: "inherit" });
process.exit(status ?? 1);
