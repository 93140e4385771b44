// Bundles and minifies the shop as sites do: node build.mjs esbuild|vite|webpack FOLDER, from FOLDER/src to FOLDER/dist
// With UPLOAD_RELEASE set, the bundler's Sentry plugin uploads the maps; its other settings are in SENTRY_*.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const [bundler, folder] = process.argv.slice(2);
const entry = join(folder, "src", "main.ts"), out = join(folder, "dist");
const release = process.env.UPLOAD_RELEASE;

async function upload(name) {
  if (!release) return [];
  const plugin = (await import(`@sentry/${bundler}-plugin`))[name];
  return [plugin({
    url: process.env.SENTRY_URL, authToken: process.env.SENTRY_AUTH_TOKEN, org: process.env.SENTRY_ORG, project: process.env.SENTRY_PROJECT,
    release: { name: release, setCommits: false }, telemetry: false, errorHandler: (e) => { throw e; },
  })].flat();
}

if (bundler === "esbuild") {
  const { build } = await import("esbuild");
  await build({
    entryPoints: [entry], outdir: out, entryNames: "[name]-[hash]", bundle: true, minify: true, sourcemap: true, logLevel: "warning",
    plugins: await upload("sentryEsbuildPlugin"),
  });
} else if (bundler === "vite") {
  const { build } = await import("vite");
  await build({
    root: folder, configFile: false, logLevel: "warn", plugins: await upload("sentryVitePlugin"),
    build: { outDir: out, emptyOutDir: true, assetsDir: "", sourcemap: true, rollupOptions: { input: entry } },
  });
} else {
  const { default: webpack } = await import("webpack");
  const plugins = await upload("sentryWebpackPlugin");
  const failed = await new Promise((done) => webpack({
    mode: "production", context: folder, entry, devtool: "source-map", output: { path: out, filename: "[name].[contenthash].js" },
    resolve: { extensions: [".ts", ".js"] },
    module: { rules: [{ test: /\.ts$/, loader: createRequire(import.meta.url).resolve("ts-loader"),
      options: { transpileOnly: true, configFile: join(dirname(fileURLToPath(import.meta.url)), "tsconfig.json"), compilerOptions: { noEmit: false } } }] },
    plugins,
  }, (error, stats) => done(error ?? (stats.hasErrors() ? stats.toString("errors-only") : null))));
  if (failed) throw failed;
}
