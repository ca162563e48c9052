import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
export const TOKEN = "integration";

/** A real media-server process on free ports. */
export class MediaServerProcess {
  readonly port: number;
  readonly log: string[];
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number, log: string[]) {
    this.#child = child;
    this.port = port;
    this.log = log;
  }

  static async start(env: Record<string, string> = {}): Promise<MediaServerProcess> {
    const child = spawn(process.execPath, [MAIN], {
      env: {
        PATH: process.env["PATH"],
        LEGWORK_MEDIA_TOKEN: TOKEN,
        LEGWORK_MEDIA_CONTROL: "127.0.0.1:0",
        LEGWORK_MEDIA_PORTS: "41000-41499",
        ...env,
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const log: string[] = [];
    const lines = createInterface({ input: child.stdout! });
    const port = await new Promise<number>((resolve, reject) => {
      lines.on("line", (line) => {
        log.push(line);
        const entry = JSON.parse(line) as { msg: string; port: number };
        if (entry.msg === "listening") resolve(entry.port);
      });
      child.once("exit", (code) => reject(new Error(`media-server ended with ${code}:\n${log.join("\n")}`)));
    });
    return new MediaServerProcess(child, port, log);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Ends it as an operator would; gives the exit code. */
  async stop(): Promise<number | null> {
    if (this.#child.exitCode !== null) return this.#child.exitCode;
    const exit = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    const [code] = (await exit) as [number | null];
    return code;
  }
}
