import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";

const ROOT = process.cwd();
const TYPES: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

export interface Engine {
  readonly ws: number;
  readonly admin: number;
  stop(): Promise<void>;
  /** Its connections stay open, and nobody answers on them. */
  freeze(): void;
  thaw(): void;
}

/** The real SIP engine as a process of its own; a port of 0 is any free one. */
export async function startEngine(ws = 0, admin = 0): Promise<Engine> {
  const main = path.join(ROOT, "sip-engine/dist/main.js");
  const child = spawn(process.execPath, [main, "--sip", `ws:127.0.0.1:${ws}`, "--admin", `127.0.0.1:${admin}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { msg, sip, admin: adminPort } = JSON.parse(line) as { msg: string; sip?: string; admin?: number };
    if (msg !== "listening") continue;
    return {
      ws: Number(sip?.split(":").at(-1)),
      admin: Number(adminPort),
      stop: () => stop(child),
      freeze: () => void child.kill("SIGSTOP"),
      thaw: () => void child.kill("SIGCONT"),
    };
  }
  throw new Error("the engine did not start");
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}

/** The page with the user agent alone, built and served. */
export const servePage = () => buildAndServe("test/page/vite.config.ts");

/** The gallery of screens, built and served. */
export const serveGallery = () => buildAndServe("vite.gallery.config.ts");

/** Builds into a folder of its own: suites run at the same time, and a build empties its folder first. */
async function buildAndServe(config: string): Promise<{ server: Server; url: string }> {
  const vite = path.join(ROOT, "node_modules/vite/bin/vite.js");
  const cwd = path.join(ROOT, "softphone");
  const folder = mkdtempSync(path.join(tmpdir(), "legwork-page-"));
  const options = ["--config", config, "--outDir", folder, "--emptyOutDir"];
  const built = spawnSync(process.execPath, [vite, "build", ...options], { cwd, encoding: "utf8" });
  if (built.status !== 0) {
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`vite build: ${built.stderr}${built.stdout}`);
  }
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const file = path.join(folder, path.normalize(pathname === "/" ? "/index.html" : pathname));
    if (!existsSync(file)) return void response.writeHead(404).end();
    response.setHeader("Content-Type", TYPES[path.extname(file)] ?? "text/plain");
    response.end(readFileSync(file));
  });
  server.once("close", () => rmSync(folder, { recursive: true, force: true }));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}
