// One bundle for each client, as a site would have it: the client and the shop in one file. And one in which all clients watch the same shop.
import { build } from "esbuild";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const shared = ["sentry.js", "otel.js"];
const names = readdirSync(at("clients")).filter((name) => !shared.includes(name)).map((name) => name.replace(/\.js$/, ""));
const bundle = (outfile, contents) =>
  build({ stdin: { contents, resolveDir: at(".") }, outfile: at(`../dist/${outfile}.js`), bundle: true, format: "iife", target: "es2022", legalComments: "none", logLevel: "error" });

// Ways of a client that need more than options; no clients of their own.
for (const name of readdirSync(at("ways"))) await bundle(name.replace(/\.js$/, ""), `import { open } from "./shop.js"; import { start } from "./ways/${name}"; open(start);`);
for (const name of names) await bundle(name, `import { open } from "./shop.js"; import { start } from "./clients/${name}.js"; open(start);`);
await bundle("all", `
import { open } from "./shop.js";
${names.map((name, i) => `import { start as start${i} } from "./clients/${name}.js";`).join("\n")}
const starts = { ${names.map((name, i) => `"${name}": start${i}`).join(", ")} };
open((setup) => {
  const clients = setup.clients.map((name) => starts[name](setup));
  return { handled: (...told) => clients.forEach((client) => client.handled(...told)), message: (text) => clients.forEach((client) => client.message(text)) };
});`);
