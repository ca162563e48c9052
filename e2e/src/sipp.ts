import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { removeFolder, temporaryFolder } from "./temporary.js";

const SCENARIOS = fileURLToPath(new URL("../scenarios/", import.meta.url));

/** How a scenario is played. */
export interface SippOptions {
  /** A file of e2e/scenarios, named as a sentence. */
  readonly scenario: string;
  readonly address?: string;
  readonly port: number;
  /** The RTP port for echoing and for pcap playing. */
  readonly mediaPort?: number;
  /** Whom it calls, "127.0.0.1:5060"; nobody for a scenario that answers. */
  readonly target?: string;
  /** The number that it calls: [service] in the scenario. */
  readonly service?: string;
  readonly transport?: "u1" | "t1";
  readonly echo?: boolean;
  /** What the scenario plays as sound.ul: raw u-law, 8000 samples a second. */
  readonly sound?: Uint8Array;
  readonly timeoutSeconds?: number;
  /** Call after call until `finish`, as many at once as this; without it one call. */
  readonly callsAtOnce?: number;
  readonly more?: readonly string[];
}

/** One SIPp process that plays one call, or many at once. Its exit code is the verdict; what it wrote is kept for the failure's message. */
export class SippCustomer {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #scenario: string;
  #output = "";
  readonly #exit: Promise<number>;

  private constructor(options: SippOptions) {
    this.#scenario = options.scenario;
    this.#folder = temporaryFolder("sipp");
    if (options.sound) fs.writeFileSync(path.join(this.#folder, "sound.ul"), options.sound);
    this.#process = spawn("sipp", argumentsOf(options), { cwd: this.#folder, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.#process.stdout!, this.#process.stderr!]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        this.#output = (this.#output + text).slice(-20_000);
      });
    }
    this.#exit = new Promise((resolve) => {
      this.#process.on("error", (error) => {
        this.#output += `\n${error.message}`;
        resolve(-1);
      });
      this.#process.on("close", (code) => resolve(code ?? -1));
    });
  }

  static start(options: SippOptions): SippCustomer {
    return new SippCustomer(options);
  }

  /** Resolves when the scenario went as written; rejects with SIPp's own words when it did not. */
  async verdict(): Promise<void> {
    const code = await this.#exit;
    const errors = this.#errors();
    removeFolder(this.#folder);
    if (code === 0) return;
    throw new Error(`${this.#scenario}: SIPp ended with ${code}\n${errors}\n${this.#output.slice(-3000)}`);
  }

  /** Starts no further call; `verdict` comes when those that are up have ended. */
  finish(): void {
    this.#process.kill("SIGUSR1");
  }

  /** Ends it early: what a test does with a scenario that waits for ever. */
  async stop(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#exit;
    removeFolder(this.#folder);
  }

  #errors(): string {
    const files = fs.existsSync(this.#folder)
      ? fs.readdirSync(this.#folder).filter((name) => name.endsWith("_errors.log"))
      : [];
    return files.map((name) => fs.readFileSync(path.join(this.#folder, name), "utf8").slice(0, 3000)).join("\n");
  }
}

function argumentsOf(options: SippOptions): string[] {
  const address = options.address ?? "127.0.0.1";
  return [
    ...(options.target ? [options.target] : []),
    ...["-sf", path.join(SCENARIOS, options.scenario)],
    ...["-i", address, "-mi", address, "-p", String(options.port)],
    ...["-t", options.transport ?? "u1", "-nostdin", "-trace_err"],
    ...(options.callsAtOnce ? ["-l", String(options.callsAtOnce), "-r", String(options.callsAtOnce)] : ["-m", "1"]),
    ...["-timeout", `${options.timeoutSeconds ?? 30}s`, "-timeout_error"],
    ...(options.service ? ["-s", options.service] : []),
    ...(options.mediaPort ? ["-mp", String(options.mediaPort)] : []),
    ...(options.echo ? ["-rtp_echo"] : []),
    ...(options.more ?? []),
  ];
}
