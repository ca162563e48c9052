import fs from "node:fs";
import path from "node:path";
import { startProduct, type RunningProduct } from "../../scripts/lib/product.mjs";
import { waitFor } from "./clock.js";
import { testAddress } from "./config.js";
import { putEmptyDatabase } from "./empty-database.js";
import { writeSite } from "./site.js";
import { inFolder, removeFolder } from "./temporary.js";

/** What the processes say exists in them now. */
export interface Dump {
  readonly interactions: {
    readonly interactions: readonly { readonly phase: string; readonly timers: readonly string[] }[];
    readonly legs: number;
    readonly requests: number;
  };
  readonly wrapUps: readonly unknown[];
  readonly sip: { readonly legs: readonly string[]; readonly referrals: number; readonly notifying: number };
  readonly media: {
    readonly value: {
      readonly instance: string;
      readonly threads: readonly {
        readonly webRtcTransports: number;
        readonly directTransports: number;
        readonly producers: number;
        readonly consumers: number;
        readonly sockets: number;
        readonly timers: number;
        readonly legs: readonly { readonly leg: string; readonly path: string; readonly up: boolean }[];
        readonly plans: readonly unknown[];
      }[];
    };
  };
}

/** The whole product, running as `npm start` runs it, on a site of the tests' own. */
export class Product {
  private constructor(
    private readonly running: RunningProduct,
    private readonly dir: string,
    /** Processes that were started again, as they are: none should be. */
    readonly crashes: string[],
  ) {}

  /** `parts` take the place of the test site's own: its trunks, say. */
  static async start(
    policy: Readonly<Record<string, unknown>> = {},
    parts: Readonly<Record<string, unknown>> = {},
  ): Promise<Product> {
    const crashes: string[] = [];
    const outside = testAddress();
    return inFolder("legwork-e2e", async (dir) => {
      await putEmptyDatabase(dir);
      const running = await startProduct({
        dataDir: dir,
        siteFile: writeSite(dir, policy, parts),
        media: ["127.0.0.1", ...(outside ? [outside] : [])],
        demo: false,
        logLevel: "debug",
        onEvent: (event) => {
          if (event.type === "crashed") crashes.push(event.name);
        },
      });
      return new Product(running, dir, crashes);
    });
  }

  get page(): string {
    return this.running.urls.page;
  }

  /** SIP URI of a number or name of the site. */
  uri(user: string): string {
    return this.running.urls.sip.replace("sip:", `sip:${user}@`);
  }

  get ports(): Readonly<Record<string, number>> {
    return this.running.setting.ports;
  }

  pids(): Readonly<Record<string, number | undefined>> {
    return Object.fromEntries([...this.running.processes].map(([name, process]) => [name, process.pid]));
  }

  async dump(): Promise<Dump> {
    const answer = await fetch(new URL("/debug/dump", this.running.urls.ops));
    return (await answer.json()) as Dump;
  }

  /** Dialogs that the SIP engine still holds; finished transactions stay for 64 T1 to absorb retransmissions (RFC 3261 17). */
  async engineDialogs(): Promise<number> {
    const answer = await fetch(`http://127.0.0.1:${this.ports["engineHttp"]}/debug/dump`);
    const { counts } = (await answer.json()) as { counts: Readonly<Record<string, number>> };
    return counts["dialogs"]!;
  }

  /** Waits until no call has left anything behind: no leg, timer, request, transport or media object. */
  async isEmpty(withinMs = 10_000): Promise<void> {
    await waitFor(async () => {
      const { interactions, sip, media } = await this.dump();
      const threads = media.value.threads.map(
        (t) =>
          t.webRtcTransports +
          t.directTransports +
          t.producers +
          t.consumers +
          t.sockets +
          t.legs.length +
          t.plans.length,
      );
      const left = {
        interactions: interactions.interactions.length,
        legs: interactions.legs + sip.legs.length,
        requests: interactions.requests,
        referrals: sip.referrals + sip.notifying,
        media: threads.reduce((a, b) => a + b, 0),
        dialogs: await this.engineDialogs(),
      };
      return Object.values(left).every((n) => n === 0) ? undefined : `left behind: ${JSON.stringify(left)}`;
    }, withinMs);
  }

  /** Everything a process has logged, a JSON object on each line. */
  logOf(process: string): string {
    return fs.readFileSync(path.join(this.running.setting.logDir, `${process}.log`), "utf8");
  }

  /** The last lines of every log, for the output of a failing test. */
  logs(lines = 40): string {
    return fs
      .readdirSync(this.running.setting.logDir)
      .map((file) => {
        const text = fs.readFileSync(path.join(this.running.setting.logDir, file), "utf8");
        return `== ${file}\n${text.split("\n").slice(-lines).join("\n")}`;
      })
      .join("\n");
  }

  async stop(): Promise<void> {
    try {
      await this.running.stop();
    } finally {
      removeFolder(this.dir);
    }
  }
}
