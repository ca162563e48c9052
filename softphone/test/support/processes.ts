import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
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
    return { ws: Number(sip?.split(":").at(-1)), admin: Number(adminPort), stop: () => stop(child) };
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
export const servePage = () => buildAndServe("test/page/vite.config.ts", "dist/test-page");

/** The gallery of screens, built and served. */
export const serveGallery = () => buildAndServe("vite.gallery.config.ts", "dist/gallery");

async function buildAndServe(config: string, folder: string): Promise<{ server: Server; url: string }> {
  const vite = path.join(ROOT, "node_modules/vite/bin/vite.js");
  const cwd = path.join(ROOT, "softphone");
  const built = spawnSync(process.execPath, [vite, "build", "--config", config], { cwd, encoding: "utf8" });
  if (built.status !== 0) throw new Error(`vite build: ${built.stderr}${built.stdout}`);
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const file = path.join(cwd, folder, path.normalize(pathname === "/" ? "/index.html" : pathname));
    if (!existsSync(file)) return void response.writeHead(404).end();
    response.setHeader("Content-Type", TYPES[path.extname(file)] ?? "text/plain");
    response.end(readFileSync(file));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}
