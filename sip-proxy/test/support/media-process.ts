import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { freePort } from "./proxy-process.js";

const TOKEN = "test-token";

/** A real media-server on a port of its own. */
export class MediaProcess {
  #child: ChildProcess | null = null;

  private constructor(readonly port: number) {}

  static async start(): Promise<MediaProcess> {
    const media = new MediaProcess(await freePort());
    await media.run();
    return media;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}/control`;
  }

  readonly token = TOKEN;

  async run(): Promise<void> {
    const main = fileURLToPath(new URL("../../../media-server/dist/main.js", import.meta.url));
    this.#child = spawn(process.execPath, [main], {
      env: {
        ...process.env,
        LEGWORK_MEDIA_CONTROL: `127.0.0.1:${this.port}`,
        LEGWORK_MEDIA_TOKEN: TOKEN,
        LEGWORK_MEDIA_BIND: "127.0.0.1",
        LEGWORK_MEDIA_PORTS: "45000-45999",
        LEGWORK_LOG_LEVEL: "error",
      },
      stdio: ["ignore", "ignore", "inherit"],
    });
  }

  /** kill -9: nothing is said to anybody. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  }
}
