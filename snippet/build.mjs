// Builds dist/stub.js (a text with the placeholders __KEY__ and __URL__) and dist/agent.js, and tells their sizes.
import { build } from "esbuild";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
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

mkdirSync(at("dist"), { recursive: true });
// The last newline and semicolon are two bytes that every page would carry.
write("stub.js", stub.outputFiles[0].text.trim().replace(/;$/, ""));
write("agent.js", agent.outputFiles[0].text);

function write(name, text) {
  writeFileSync(at("dist/" + name), text);
  console.log(`${name}: ${text.length} bytes, gzip ${gzipSync(text, { level: 9 }).length}, brotli ${brotliCompressSync(text).length}`);
}
