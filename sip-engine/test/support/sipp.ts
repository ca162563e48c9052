import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createSocket } from "node:dgram";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SCENARIOS = fileURLToPath(new URL("../integration/scenarios", import.meta.url));

/** A SIPp process playing one scenario once. */
export class Sipp {
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #dir: string;
  /** Settles with the verdict: rejects with SIPp's own error trace. */
  readonly done: Promise<void>;

  private constructor(port: number, scenario: string, args: readonly string[]) {
    this.port = port;
    this.#dir = mkdtempSync(join(tmpdir(), "sipp-"));
    const common = [
      "-i",
      "127.0.0.1",
      "-p",
      String(port),
      "-m",
      "1",
      "-nostdin",
      "-timeout",
      "20s",
      "-timeout_error",
      "-trace_err",
    ];
    this.#child = spawn("sipp", ["-sf", join(SCENARIOS, scenario), ...common, ...args], {
      cwd: this.#dir,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let stderr = "";
    this.#child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    this.done = new Promise((resolve, reject) => {
      this.#child.on("error", reject);
      this.#child.on("exit", (code) => {
        const trace = readdirSync(this.#dir)
          .map((file) => readFileSync(join(this.#dir, file), "utf8"))
          .join("\n");
        rmSync(this.#dir, { recursive: true, force: true });
        if (code === 0) resolve();
        else reject(new Error(`${scenario}: SIPp ended with ${code}\n${stderr}\n${trace}`));
      });
    });
    this.done.catch(() => undefined);
  }

  /** Calls the engine. */
  static async caller(scenario: string, to: number, ...args: string[]): Promise<Sipp> {
    return new Sipp(await freePort(), scenario, [`127.0.0.1:${to}`, ...args]);
  }

  /** Waits for a call. */
  static async callee(scenario: string, ...args: string[]): Promise<Sipp> {
    const sipp = new Sipp(await freePort(), scenario, args);
    const hex = `0100007F:${sipp.port.toString(16).toUpperCase().padStart(4, "0")}`;
    for (let i = 0; i < 500 && !readFileSync("/proc/self/net/udp", "utf8").includes(hex); i++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return sipp;
  }

  stop(): void {
    this.#child.kill("SIGKILL");
  }
}

/** A UDP port that is free now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = createSocket("udp4");
    socket.once("error", reject);
    socket.bind(0, "127.0.0.1", () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
}
