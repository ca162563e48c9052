import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { waitFor } from "./wait-for.js";

/** A real sip-proxy with a database of its own, and neither an engine nor a media-server to talk to. */
export class ProxyProcess {
  #child: ChildProcess | null = null;
  /** What it has said since it started. */
  log = "";

  private constructor(
    private readonly dir: string,
    private readonly port: number,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  /** In a folder of its own, or in one that somebody else removes; `run` goes on in it where `kill` ended. */
  static async start(
    site: object,
    env: Readonly<Record<string, string>> = {},
    dir = fs.mkdtempSync(path.join(os.tmpdir(), "legwork-proxy-")),
  ): Promise<ProxyProcess> {
    fs.writeFileSync(path.join(dir, "site.json"), JSON.stringify(site));
    const proxy = new ProxyProcess(dir, await freePort(), env);
    try {
      await proxy.run();
    } catch (error) {
      await proxy.close();
      throw error;
    }
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async run(): Promise<void> {
    const main = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
    const nowhere = "127.0.0.1:9"; // discard: nobody listens
    const child = spawn(process.execPath, [main], {
      env: {
        PATH: process.env["PATH"],
        LEGWORK_HTTP_LISTEN: `127.0.0.1:${this.port}`,
        LEGWORK_ENGINE: nowhere,
        LEGWORK_ENGINE_SECRET: "test-secret",
        LEGWORK_MEDIA_URL: `ws://${nowhere}/control`,
        LEGWORK_MEDIA_TOKEN: "test-token",
        LEGWORK_SITE_FILE: path.join(this.dir, "site.json"),
        LEGWORK_DATA_DIR: this.dir,
        LEGWORK_LOG_LEVEL: "info",
        ...this.env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    this.log = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => void (this.log += String(text)));
    await waitFor(() => {
      if (child.exitCode !== null) throw new Error(`sip-proxy ended at once:\n${this.log}`);
      return this.log.includes("sip-proxy is listening") ? undefined : "sip-proxy is listening";
    }, 120_000); // the first start makes the database
  }

  /** kill -9: nothing is said to anybody. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  }

  /** And nothing of it is left. */
  async close(): Promise<void> {
    await this.kill();
    fs.rmSync(this.dir, { recursive: true, force: true });
  }
}

export interface Answer {
  readonly status: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests compare it whole
  readonly body: any;
}

/** Somebody who uses the API as a program would, with the cookie and the token of a sign-in. */
export class ApiClient {
  #cookie = "";
  #csrf = "";

  constructor(private readonly proxy: ProxyProcess) {}

  async signIn(agent: string, password: string, more: object = {}): Promise<number> {
    const answer = await this.#send("POST", "/api/session", { agent, password, ...more });
    if (answer.status !== 201) return answer.status;
    this.#csrf = answer.body.csrf;
    return 201;
  }

  get(path: string): Promise<Answer> {
    return this.#send("GET", path);
  }
  post(path: string, body: object): Promise<Answer> {
    return this.#send("POST", path, body);
  }
  patch(path: string, body: object): Promise<Answer> {
    return this.#send("PATCH", path, body);
  }
  delete(path: string): Promise<Answer> {
    return this.#send("DELETE", path);
  }

  /** An answer that goes on for as long as the server likes. */
  stream(path: string): Promise<Response> {
    return fetch(new URL(path, this.proxy.url), { headers: { Cookie: this.#cookie } });
  }

  /** As a page of another site would send it. */
  withoutToken(method: string, path: string, body?: object): Promise<Answer> {
    return this.#send(method, path, body, "");
  }

  async #send(method: string, path: string, body?: object, csrf = this.#csrf): Promise<Answer> {
    const answer = await fetch(new URL(path, this.proxy.url), {
      method,
      headers: { Cookie: this.#cookie, "X-CSRF-Token": csrf, "Content-Type": "application/json", Connection: "close" },
      ...(body && { body: JSON.stringify(body) }),
    });
    const cookie = answer.headers.getSetCookie()[0];
    if (cookie) this.#cookie = cookie.split(";")[0] ?? "";
    return { status: answer.status, body: await answer.json() };
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
