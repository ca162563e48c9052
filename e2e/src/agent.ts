import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import fs from "node:fs";
import path from "node:path";
import { type Listener } from "./hearing.js";
import { installEar, type TrackSound } from "./page-ear.js";
import { inFolder, removeFolder } from "./temporary.js";
import { sine, type Sound } from "./tones.js";
import { wavFile } from "./wav.js";

const EAR_RATE = 16_000; // Hz, what the ear in the page keeps
const MICROPHONE_RATE = 48_000; // Hz
const MICROPHONE_SECONDS = 10; // any whole frequency fits; the browser plays it round and round

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--use-fake-ui-for-media-stream",
  "--use-fake-device-for-media-stream",
  "--autoplay-policy=no-user-gesture-required",
];

/** How an agent's browser is started. */
export interface AgentOptions {
  readonly name: string;
  /** The microphone's tone in whole Hz. */
  readonly tone: number;
  readonly locale?: string;
  readonly executable?: string;
  /** Without an ear nothing of the tests' own runs in the page: for measuring the page itself. */
  readonly deaf?: boolean;
}

/** A person with a browser: one Chromium process with a microphone of its own, and an ear that keeps what was played. */
export class Agent implements Listener {
  readonly name: string;
  readonly tone: number;
  readonly browser: Browser;
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the page wrote to its console, and its uncaught errors: for the output of a failing test. */
  readonly console: string[] = [];
  readonly #folder: string;

  private constructor(options: AgentOptions, browser: Browser, context: BrowserContext, page: Page, folder: string) {
    this.name = options.name;
    this.tone = options.tone;
    this.browser = browser;
    this.context = context;
    this.page = page;
    this.#folder = folder;
    page.on("console", (message) => this.console.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => this.console.push(`uncaught: ${error.message}`));
  }

  static async launch(options: AgentOptions): Promise<Agent> {
    return inFolder("agent", async (folder) => {
      const microphone = path.join(folder, "microphone.wav");
      fs.writeFileSync(microphone, wavFile(sine(options.tone, MICROPHONE_SECONDS, MICROPHONE_RATE), MICROPHONE_RATE));
      const browser = await chromium.launch({
        executablePath: options.executable ?? "/usr/bin/chromium",
        args: [...FLAGS, `--use-file-for-fake-audio-capture=${microphone}`],
      });
      try {
        const context = await browser.newContext({ locale: options.locale ?? "en-GB" });
        if (!options.deaf) await context.addInitScript(installEar);
        return new Agent(options, browser, context, await context.newPage(), folder);
      } catch (error) {
        await browser.close();
        throw error;
      }
    });
  }

  /** All that the page played between two times, its tracks added up: what reaches this person's ear. */
  async sound(fromMs: number, toMs: number): Promise<Sound> {
    const samples = new Float32Array(Math.max(0, Math.round(((toMs - fromMs) * EAR_RATE) / 1000)));
    for (const track of await this.#tracks(fromMs, toMs)) lay(track, fromMs, samples);
    return { fromMs, rate: EAR_RATE, samples };
  }

  /** The same for each remote track by itself. */
  async soundByTrack(fromMs: number, toMs: number): Promise<Map<string, Sound>> {
    const tracks = await this.#tracks(fromMs, toMs);
    return new Map(
      tracks.map((track) => {
        const samples = new Float32Array(Math.max(0, Math.round(((toMs - fromMs) * EAR_RATE) / 1000)));
        lay(track, fromMs, samples);
        return [track.id, { fromMs, rate: EAR_RATE, samples }];
      }),
    );
  }

  async close(): Promise<void> {
    try {
      await this.browser.close();
    } finally {
      removeFolder(this.#folder);
    }
  }

  #tracks(fromMs: number, toMs: number): Promise<TrackSound[]> {
    return this.page.evaluate(([from, to]) => window.legworkEar.between(from, to), [fromMs, toMs] as const);
  }
}

const CONTIGUOUS_MS = 15; // frames of 10 ms that start closer than this follow each other

/** Adds a track's frames to `samples` at their times; frames that follow each other are laid end to end. */
function lay(track: TrackSound, fromMs: number, samples: Float32Array): void {
  const bytes = Buffer.from(track.samples, "base64");
  let position = 0;
  track.times.forEach((time, index) => {
    const follows = index > 0 && time - track.times[index - 1]! < CONTIGUOUS_MS;
    if (!follows) position = Math.round(((time - fromMs) * EAR_RATE) / 1000);
    for (let i = 0; i < track.frame && position < samples.length; i++, position++) {
      samples[position]! += bytes.readInt16LE(2 * (index * track.frame + i)) / 32768;
    }
  });
}
