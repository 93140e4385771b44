// build.mjs esbuild|vite|webpack OUT [RELEASE]: builds the app, with the bundler's Sentry plugin where a release is named. The plugin is told
// everything by the environment that sentry-cli reads too.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const [bundler, out, release] = process.argv.slice(2);
const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const { SENTRY_URL: url, SENTRY_ORG: org, SENTRY_PROJECT: project, SENTRY_AUTH_TOKEN: authToken } = process.env;
const told = {
  url,
  org,
  project,
  authToken,
  telemetry: false,
  release: { name: release },
  errorHandler(error) {
    throw error;
  },
};
const plugins = async (name) => (release ? [(await import(`@sentry/${bundler}-plugin`))[name](told)] : []);

if (bundler === "esbuild") {
  const { build } = await import("esbuild");
  await build({ entryPoints: [at("app/main.mjs")], bundle: true, minify: true, sourcemap: true, outfile: `${out}/app.js`, logLevel: "error", plugins: await plugins("sentryEsbuildPlugin") });
} else if (bundler === "vite") {
  const { build } = await import("vite");
  await build({
    configFile: false,
    root: at("app"),
    logLevel: "error",
    build: { outDir: out, emptyOutDir: true, sourcemap: "hidden", rollupOptions: { input: at("app/main.mjs"), output: { entryFileNames: "app.js" } } },
    plugins: await plugins("sentryVitePlugin"),
  });
} else {
  const webpack = createRequire(import.meta.url)("webpack");
  const compiler = webpack({
    mode: "production",
    context: at("."),
    devtool: "hidden-source-map",
    entry: "./app/main.mjs",
    output: { path: out, filename: "app.js" },
    plugins: await plugins("sentryWebpackPlugin"),
  });
  const stats = await new Promise((done, failed) => compiler.run((error, result) => (error ? failed(error) : done(result))));
  await new Promise((done) => compiler.close(done));
  if (stats.hasErrors()) throw new Error(stats.toString({ all: false, errors: true }));
}
