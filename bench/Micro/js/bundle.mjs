// Bundles and minifies real packages into FOLDER/app.js with its map: node bundle.mjs FOLDER
import { build } from "esbuild";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

await build({
  stdin: {
    contents: `
      import * as react from "react";
      import { createRoot } from "react-dom/client";
      import * as lodash from "lodash-es";
      globalThis.app = { react, createRoot, lodash };`,
    resolveDir: dirname(fileURLToPath(import.meta.url)),
  },
  bundle: true,
  minify: true,
  sourcemap: true,
  define: { "process.env.NODE_ENV": '"production"' },
  outfile: join(process.argv[2], "app.js"),
  logLevel: "error",
});
