import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

/** Where Debian's packages put the programs, of whatever version. */
const DEBIAN = "/usr/lib/postgresql";

/** A real PostgreSQL server in a folder of its own, on a Unix socket there. */
export class PostgresServer {
  #child: ChildProcess | null = null;

  private constructor(private readonly dir: string) {}

  static async start(): Promise<PostgresServer> {
    const server = new PostgresServer(fs.mkdtempSync(path.join(os.tmpdir(), "legwork-pg-")));
    if (process.getuid?.() === 0) spawnSync("chown", ["postgres", server.dir]);
    const made = spawnSync(
      ...asPostgres("initdb", "-D", server.#data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"),
    );
    if (made.status !== 0) throw new Error(`initdb: ${String(made.error ?? made.stderr)}`);
    await server.run();
    return server;
  }

  get #data(): string {
    return path.join(this.dir, "data");
  }

  get url(): string {
    return `postgres://postgres@${encodeURIComponent(this.dir)}/postgres`;
  }

  /** Resolves when it takes connections. */
  async run(): Promise<void> {
    const child = spawn(...asPostgres("postgres", "-D", this.#data, "-k", this.dir, "-h", ""), {
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#child = child;
    let said = "";
    await new Promise<void>((resolve, reject) => {
      child.stderr.on("data", (text) => {
        said = (said + String(text)).slice(-4_000);
        if (said.includes("ready to accept connections")) resolve();
      });
      child.once("error", reject);
      child.once("exit", () => reject(new Error(`postgres ended: ${said}`)));
    });
  }

  /** All its processes stand still, and their connections stay. */
  freeze(): void {
    this.#signal("SIGSTOP");
  }

  thaw(): void {
    this.#signal("SIGCONT");
  }

  /** kill -9 of all its processes: nothing is said to anybody. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    this.#signal("SIGKILL");
    await gone;
  }

  async stop(): Promise<void> {
    await this.kill();
    fs.rmSync(this.dir, { recursive: true, force: true });
  }

  #signal(signal: NodeJS.Signals): void {
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean);
    for (const one of [String(pid), ...children]) {
      try {
        process.kill(Number(one), signal);
      } catch {
        // It has ended by itself meanwhile.
      }
    }
  }
}

/** The server refuses to run as root: then it runs as the user that Debian's package makes. */
function asPostgres(program: string, ...args: string[]): [string, string[]] {
  const [newest] = fs.existsSync(DEBIAN) ? fs.readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  if (newest === undefined) throw new Error("there is no PostgreSQL here: install the Debian package postgresql");
  const file = path.join(DEBIAN, newest, "bin", program);
  if (process.getuid?.() !== 0) return [file, args];
  return ["setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", file, ...args]];
}
