// ./dev sourcemaps upload: sends minified files and their maps, one request each, to a running web. Needs nothing but Node.
import { readFile, readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";

const help = `./dev sourcemaps upload [options] FOLDER...

  Uploads every .js, .mjs, .cjs and .map file below the folders, so that stacks of the build show your own code.

  --release R       what the pages tell: ep("init", { release: "R" }); not needed where the files hold debug ids
  --url-prefix P    what stands before a file's path below FOLDER when browsers load it: ~/static, or https://cdn.example.com/static
                    (~ is any host; default ~)
  --dist D          tells builds of one release apart
  --url U           address of the dashboard            (ERRORPIPELINE_URL)
  --project N       number of the project               (ERRORPIPELINE_PROJECT)
  --token T         upload token of the project         (ERRORPIPELINE_TOKEN; better there: others see arguments)
  --quiet           errors only

  Ends with 0 where every file was taken, 1 where one was refused or could not be sent, 2 where the command was not understood.`;

const attempts = 5;
const sideBySide = 4;

function misused(message) {
  console.error(`dev: ${message}; see ./dev sourcemaps --help`);
  process.exit(2);
}

function read(args) {
  const env = process.env;
  const told = { url: env.ERRORPIPELINE_URL, project: env.ERRORPIPELINE_PROJECT, token: env.ERRORPIPELINE_TOKEN, "url-prefix": "~", folders: [] };
  if (args.some((arg) => arg === "--help" || arg === "-h")) {
    console.log(help);
    process.exit(0);
  }
  if (args.shift() !== "upload") misused("say ./dev sourcemaps upload");
  while (args.length) {
    const arg = args.shift();
    const [, name, value] = /^--(release|url-prefix|dist|url|project|token)(?:=(.*))?$/s.exec(arg) ?? [];
    if (arg === "--quiet") told.quiet = true;
    else if (name) told[name] = value ?? args.shift() ?? misused(`--${name} needs a value`);
    else if (arg.startsWith("-")) misused(`unknown option '${arg}'`);
    else told.folders.push(arg);
  }
  if (!told.folders.length) misused("name the folder of the build");
  if (!/^https?:\/\//.test(told.url ?? "")) misused("name the dashboard by --url or ERRORPIPELINE_URL, such as https://errors.example.com");
  if (!/^\d+$/.test(told.project ?? "")) misused("name the project's number by --project or ERRORPIPELINE_PROJECT; it is in the address of its pages");
  if (!told.token) misused("give an upload token by ERRORPIPELINE_TOKEN or --token; the page 'Source maps' of the project makes one");
  return told;
}

async function filesIn(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.(?:[cm]?js|map)$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((path) => !relative(folder, path).split(sep).includes("node_modules"))
    .map((path) => ({ path, below: relative(folder, path).split(sep).join("/") }));
}

/** Undefined where it was taken, otherwise why not. Tries again what may pass. */
async function send(file, told) {
  const address = new URL(`${told.url.replace(/\/+$/, "")}/api/v1/projects/${told.project}/artifacts`);
  address.searchParams.set("url", `${told["url-prefix"].replace(/\/+$/, "")}/${file.below}`);
  for (const name of ["release", "dist"]) if (told[name]) address.searchParams.set(name, told[name]);
  const body = await readFile(file.path);
  for (let attempt = 1; ; attempt++) {
    let problem;
    let wait = 2 ** attempt * 250;
    try {
      const answer = await fetch(address, { method: "PUT", body, headers: { authorization: `Bearer ${told.token}` }, signal: AbortSignal.timeout(120_000) });
      if (answer.ok) return undefined;
      const text = await answer.text();
      problem = sentence(text) ?? `the server answered ${answer.status}`;
      if (answer.status < 500 && answer.status !== 429) return problem;
      wait = Math.min(30_000, 1000 * (Number(answer.headers.get("retry-after")) || 0)) || wait;
    } catch (error) {
      problem = `${told.url} cannot be reached (${error.cause?.code ?? error.name})`;
    }
    if (attempt === attempts) return problem;
    await new Promise((done) => setTimeout(done, wait));
  }
}

function sentence(text) {
  try {
    const answer = JSON.parse(text);
    return answer.data?.message ?? answer.message;
  } catch {
    return undefined;
  }
}

const told = read(process.argv.slice(2));
const files = [];
for (const folder of told.folders) {
  files.push(
    ...(await filesIn(folder).catch((error) => {
      console.error(`dev: ${folder} cannot be read (${error.code})`);
      process.exit(1);
    })),
  );
}
if (!files.length) {
  console.error(`dev: there are no .js or .map files in ${told.folders.join(", ")}`);
  process.exit(1);
}

const waiting = [...files];
let refused = 0;
let done = 0;
await Promise.all(
  Array.from({ length: sideBySide }, async () => {
    for (let file; (file = waiting.shift()); ) {
      const problem = await send(file, told);
      done++;
      if (problem) {
        refused++;
        console.error(`${file.below}: ${problem}`);
      } else if (!told.quiet) {
        console.error(`[${done}/${files.length}] ${file.below}`);
      }
    }
  }),
);
if (!told.quiet || refused) console.log(`${files.length - refused} files uploaded${refused ? `, ${refused} not` : ""}`);
process.exit(refused ? 1 : 0);
