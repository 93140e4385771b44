import { chromium, Browser, BrowserContext, Page } from "playwright-core";
import { existsSync, readFileSync } from "node:fs";
import { createServer, IncomingMessage, Server, ServerResponse } from "node:http";
import { AddressInfo } from "node:net";
import { after, afterEach, before, beforeEach } from "node:test";

const key = "0123456789abcdef0123456789abcdef";
const dist = (name: string): string => readFileSync(`${process.cwd()}/dist/${name}`, "utf8");

export interface Received {
  readonly events: any[];
  readonly suppressed: number;
  readonly body: string;
  readonly method: string;
  readonly contentType: string;
  readonly cookie: string | undefined;
  readonly at: number;
}

/** Plays the collector: serves the agent, records what comes, and can be stopped and started on the same port. */
export class RecordingCollector {
  received: Received[] = [];
  agentRequests = 0;
  agentCaching = "no-store";
  answer: { status: number; headers?: Record<string, string> } = { status: 202 };
  private server?: Server;
  private port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Every event by its id: a re-send is the same event. */
  get events(): any[] {
    const all = new Map<string, any>();
    for (const { events } of this.received) for (const event of events) all.set(event.id, event);
    return [...all.values()];
  }

  async start(): Promise<this> {
    this.server = createServer((request, response) => void this.serve(request, response));
    await new Promise<void>((done) => this.server!.listen(this.port, "127.0.0.1", done));
    this.port = (this.server.address() as AddressInfo).port;
    return this;
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === "/agent.js") {
      this.agentRequests++;
      response.writeHead(200, {
        "Content-Type": "text/javascript",
        "Access-Control-Allow-Origin": "*",
        "Cache-Control": this.agentCaching,
      });
      response.end(dist("agent.js"));
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString("utf8");
    if (this.answer.status < 300 || request.method !== "POST") this.record(request, body);
    response.writeHead(this.answer.status, {
      "Access-Control-Allow-Origin": "*",
      "Access-Control-Expose-Headers": "Retry-After",
      ...this.answer.headers,
    });
    response.end('{"status":"success","data":{}}');
  }

  private record(request: IncomingMessage, body: string): void {
    const parsed = request.method === "POST" && request.url === `/api/${key}/events` ? JSON.parse(body) : {};
    this.received.push({
      events: parsed.events ?? [],
      suppressed: parsed.suppressed ?? 0,
      body,
      method: request.method ?? "",
      contentType: request.headers["content-type"] ?? "",
      cookie: request.headers.cookie,
      at: Date.now(),
    });
  }
}

/** The site whose pages carry the snippet: another origin than the collector. */
export class Site {
  pages = new Map<string, { body: string; headers?: Record<string, string> }>();
  private server?: Server;

  get url(): string {
    return `http://localhost:${(this.server!.address() as AddressInfo).port}`;
  }

  async start(): Promise<this> {
    this.server = createServer((request, response) => {
      const page = this.pages.get((request.url ?? "").replace(/\?.*/, ""));
      response.writeHead(page ? 200 : 404, { "Content-Type": "text/html; charset=utf-8", ...page?.headers });
      response.end(page?.body ?? "<title>none</title>");
    });
    await new Promise<void>((done) => this.server!.listen(0, done));
    return this;
  }

  async stop(): Promise<void> {
    this.server!.closeAllConnections();
    await new Promise((done) => this.server!.close(done));
  }

  /** A page with the snippet first in its head; returns its address. */
  page(path: string, collector: RecordingCollector, { head = "", body = "", before = "", nonce = "", csp = "" } = {}): string {
    const attribute = nonce ? ` nonce="${nonce}"` : "";
    this.pages.set(path, {
      headers: csp ? { "Content-Security-Policy": csp } : {},
      body:
        `<!doctype html><html><head><title>t</title>${before}<script${attribute}>${stubFor(collector.url)}</script>` +
        `${head}</head><body>${body}</body></html>`,
    });
    return this.url + path;
  }
}

const stubFor = (url: string): string => dist("stub.js").replace("__KEY__", key).replace("__URL__", url);

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";

async function launch(): Promise<Browser> {
  if (!existsSync(executablePath)) {
    throw new Error(`No browser at ${executablePath}: install chromium, or name one by the variable CHROMIUM.`);
  }
  const quiet = ["--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
  return chromium.launch({
    executablePath,
    headless: true,
    args: ["--no-sandbox", "--disable-gpu", ...quiet],
    ignoreDefaultArgs: ["--disable-back-forward-cache"],
  });
}

/** A page of a fresh visitor, with what it wrote to its console and what it threw. */
export async function visit(browser: Browser | BrowserContext): Promise<{ page: Page; thrown: string[]; logged: string[] }> {
  const page = await browser.newPage();
  const thrown: string[] = [];
  const logged: string[] = [];
  page.on("pageerror", (error) => thrown.push(String(error)));
  page.on("console", (message) => logged.push(message.text()));
  return { page, thrown, logged };
}

export async function until<T>(what: string, read: () => T | Promise<T>, deadline = 10_000): Promise<NonNullable<T>> {
  const end = Date.now() + deadline;
  for (;;) {
    const value = await read();
    if (value) return value as NonNullable<T>;
    if (Date.now() > end) throw new Error(`Not within ${deadline} ms: ${what}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

/** Waits for the agent. Its listeners are added a turn later. */
export async function agentRuns(page: Page): Promise<void> {
  await page.waitForFunction(() => (window as any)[Symbol.for("errorpipeline")] && typeof (window as any).ep.q[0] !== "string");
  await page.evaluate(() => new Promise((done) => setTimeout(done)));
}

/** What most pages of the tests start with. */
export const init = `<script>ep("init",{release:"1.4.2",environment:"test"});ep("user",{id:"u1"});ep("tags",{plan:"pro"})</script>`;

/** A browser for a file of tests; a new collector and a new site for each of them. */
export function inBrowser() {
  const here = {
    browser: undefined as unknown as Browser,
    collector: undefined as unknown as RecordingCollector,
    site: undefined as unknown as Site,
    arrived: (message: string | RegExp): Promise<any> =>
      until(`event ${message}`, () =>
        here.collector.events.find((event) => (typeof message === "string" ? event.message === message : message.test(event.message))),
      ),
  };
  before(async () => void (here.browser = await launch()));
  after(async () => here.browser?.close());
  beforeEach(async () => {
    here.collector = await new RecordingCollector().start();
    here.site = await new Site().start();
  });
  afterEach(async () => {
    await here.collector.stop();
    await here.site.stop();
    for (const context of here.browser.contexts()) await context.close();
  });
  return here;
}
