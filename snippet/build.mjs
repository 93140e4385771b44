// Builds dist/stub.js (a text with the placeholders __KEY__ and __URL__) and dist/agent.js, and tells their sizes; and the
// dashboard's own scripts (web/Scripts) into dist/web, where those are there.
import { build } from "esbuild";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const { version } = JSON.parse(readFileSync(at("package.json"), "utf8"));
const common = { target: "es2019", minify: true, write: false, legalComments: "none", charset: "ascii", tsconfigRaw: {} };

const [stub, agent] = await Promise.all([
  build({ ...common, entryPoints: [at("src/stub.ts")] }),
  build({
    ...common,
    entryPoints: [at("src/agent.ts")],
    bundle: true,
    format: "iife",
    define: { VERSION: JSON.stringify(version) },
  }),
]);

mkdirSync(at("dist/web"), { recursive: true });
// The last newline and semicolon are two bytes that every page would carry.
write("stub.js", stub.outputFiles[0].text.trim().replace(/;$/, ""));
write("agent.js", agent.outputFiles[0].text);

const scripts = existsSync(at("../web/Scripts")) ? readdirSync(at("../web/Scripts")).filter((name) => name.endsWith(".ts")) : [];
for (const script of scripts) {
  // The demo is to be read: its frames are what the dashboard shows.
  const made = await build({ ...common, target: "es2022", minify: script !== "demo.ts", format: script === "demo.ts" ? undefined : "iife", entryPoints: [at("../web/Scripts/" + script)] });
  write("web/" + script.replace(/ts$/, "js"), made.outputFiles[0].text);
}

function write(name, text) {
  writeFileSync(at("dist/" + name), text);
  console.log(`${name}: ${text.length} bytes, gzip ${gzipSync(text, { level: 9 }).length}, brotli ${brotliCompressSync(text).length}`);
}
