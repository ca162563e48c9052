import { type ChildProcess } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Account } from "./digest.js";
import type { Listener } from "./hearing.js";
import type { NetworkTap } from "./network-tap.js";
import type { Product } from "./product.js";
import { PHONE_PASSWORD, SITE_DOMAIN } from "./site.js";
import { removeFolder, temporaryFolder } from "./temporary.js";
import { sine, type Sound } from "./tones.js";
import { wavFile } from "./wav.js";
import { type PhonePorts, WireEar } from "./wire-ear.js";

/** How a telephone of the test site is set up: its ports follow from its extension. */
export const stationOptions = (
  product: Product,
  tap: NetworkTap,
  station: { readonly extension: string; readonly tone: number; readonly transport: "udp" | "tcp" },
): RealPhoneOptions => {
  const { extension, tone, transport } = station;
  const n = Number(extension) % 100;
  return {
    name: `the telephone ${extension}`,
    tone,
    transport,
    tap,
    account: { user: extension, password: PHONE_PASSWORD, domain: SITE_DOMAIN },
    registrar: product.ports["sip"]!,
    ports: { sip: 5300 + 10 * n, rtp: [21_000 + 200 * n, 21_100 + 200 * n] },
  };
};

export interface RealPhoneOptions {
  readonly name: string;
  /** Its voice in whole Hz. */
  readonly tone: number;
  readonly account: Account;
  /** Port of the product's SIP on 127.0.0.1. */
  readonly registrar: number;
  readonly ports: PhonePorts;
  readonly transport: "udp" | "tcp";
  readonly tap: NetworkTap;
  /** The only one it speaks; PCMU unless said otherwise. */
  readonly codec?: "PCMU" | "PCMA" | "G722" | "opus";
}

const RATE = 8000; // Hz
const SECONDS = 300; // longer than any call: at the end of its file a telephone may hang up
const QUIT_MS = 5_000;

/** A telephone program without a sound card: a process of its own with a folder of its own, a tone for a voice, and the wire for an ear. */
export abstract class RealPhone implements Listener {
  readonly name: string;
  readonly wire: WireEar;
  protected readonly folder: string;

  protected constructor(protected readonly options: RealPhoneOptions) {
    this.name = options.name;
    this.wire = new WireEar(options.name, options.ports, options.tap);
    this.folder = temporaryFolder("phone");
    fs.writeFileSync(this.file("voice.wav"), wavFile(sine(options.tone, SECONDS, RATE), RATE));
  }

  /** Waits until the registrar has accepted it. */
  abstract isRegistered(): Promise<void>;
  abstract rings(): Promise<void>;
  /** Takes the call that rings. */
  abstract accept(): Promise<void>;
  /** Refuses the call that rings. */
  abstract reject(): Promise<void>;
  /** Calls an extension, agent or number on a new line. */
  abstract dial(user: string): Promise<void>;
  abstract hold(line?: number): Promise<void>;
  abstract resume(line?: number): Promise<void>;
  abstract sendDigits(digits: string): Promise<void>;
  /** The transfer key with a number typed (RFC 3515). */
  abstract transfer(user: string): Promise<void>;
  /** The transfer key with two lines up: line 1 to whom line 2 talks with (RFC 5589 7). */
  abstract transferLines(): Promise<void>;
  /** Puts one line down; without one, the telephone: all lines. */
  abstract hangUp(line?: number): Promise<void>;

  /** Ends its own process, and no other. */
  abstract stop(): Promise<void>;

  /** Does what it takes until the telephone can be used; if that fails nothing of it is left. */
  protected async begin(work: () => Promise<void>): Promise<this> {
    try {
      await work();
      return this;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  sound(fromMs: number, toMs: number): Promise<Sound> {
    return this.wire.sound(fromMs, toMs);
  }

  protected file(name: string): string {
    return path.join(this.folder, name);
  }

  /** Waits for the process to end by itself, ends it if it does not, and removes what it left. */
  protected async bury(child: ChildProcess | undefined): Promise<void> {
    this.wire.close();
    if (child?.pid !== undefined) await this.#ended(child);
    removeFolder(this.folder);
  }

  async #ended(child: ChildProcess): Promise<void> {
    const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
    const over = new Promise<void>((resolve) => (isOver() ? resolve() : void child.once("exit", () => resolve())));
    const patience = new AbortController();
    const late = delay(QUIT_MS, undefined, { signal: patience.signal }).then(
      () => void child.kill("SIGKILL"),
      () => undefined,
    );
    await Promise.race([over, late]);
    await over;
    patience.abort();
  }
}
