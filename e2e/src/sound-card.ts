import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { nowMs, waitFor } from "./clock.js";
import { type Listener } from "./hearing.js";
import { removeFolder, temporaryFolder } from "./temporary.js";
import { type Sound } from "./tones.js";

const RATE = 16_000; // Hz, what is kept
const KEPT_S = 120;
const SINK = "speaker";

/** The options of every sound server here: nothing of the machine's own set-up is read or touched. */
const SERVER = ["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--log-target=stderr"];

/**
 * A loudspeaker without a machine: a PulseAudio server with one sink that plays into nothing, and an ear at that sink.
 * What a program plays through its own audio code arrives here, and nothing else.
 */
export class SoundCard implements Listener {
  readonly #kept = new Int16Array(KEPT_S * RATE); // a ring: sample n is at n modulo its length
  #count = 0;
  #beganMs = 0;
  #half: Buffer = Buffer.alloc(0); // a sample that came in two chunks
  #recorder: ChildProcess | undefined;

  private constructor(
    readonly name: string,
    private readonly folder: string,
    private readonly server: ChildProcess,
  ) {}

  static async create(name: string): Promise<SoundCard> {
    const folder = temporaryFolder("sound");
    const modules = [
      `module-null-sink sink_name=${SINK} rate=48000 channels=1`,
      `module-native-protocol-unix auth-anonymous=1 socket=${path.join(folder, "native")}`,
    ];
    const server = spawn("pulseaudio", [...SERVER, ...modules.map((module) => `--load=${module}`)], {
      env: environmentIn(folder),
      stdio: ["ignore", "ignore", "pipe"],
    });
    const card = new SoundCard(name, folder, server);
    try {
      await card.#open();
      return card;
    } catch (error) {
      await card.close();
      throw error;
    }
  }

  /** What a program needs in its environment to play here. */
  get env(): Readonly<Record<string, string>> {
    return { PULSE_SERVER: `unix:${path.join(this.folder, "native")}`, PULSE_RUNTIME_PATH: this.folder };
  }

  sound(fromMs: number, toMs: number): Promise<Sound> {
    const samples = new Float32Array(Math.max(0, Math.round(((toMs - fromMs) * RATE) / 1000)));
    const first = Math.round(((fromMs - this.#beganMs) * RATE) / 1000);
    const oldest = Math.max(0, this.#count - this.#kept.length);
    for (let i = Math.max(0, oldest - first); i < samples.length && first + i < this.#count; i++) {
      samples[i] = this.#kept[(first + i) % this.#kept.length]! / 32768;
    }
    return Promise.resolve({ fromMs, rate: RATE, samples });
  }

  async close(): Promise<void> {
    await ended(this.#recorder);
    await ended(this.server);
    removeFolder(this.folder);
  }

  /** Waits for the server and puts the ear to its sink. */
  async #open(): Promise<void> {
    let said = "";
    this.server.stderr!.on("data", (chunk: Buffer) => (said += chunk.toString()));
    this.server.once("error", (error) => (said += error.message));
    await waitFor(() => {
      if (this.server.exitCode !== null || this.server.pid === undefined) throw new Error(`no pulseaudio: ${said}`);
      return fs.existsSync(path.join(this.folder, "native")) ? undefined : `no sound server: ${said}`;
    });
    const format = ["--raw", "--format=s16le", `--rate=${RATE}`, "--channels=1", "--latency-msec=20"];
    const recorder = spawn("parec", [...format, `--device=${SINK}.monitor`], {
      env: { ...environmentIn(this.folder), ...this.env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#recorder = recorder;
    recorder.stdout.on("data", (chunk: Buffer) => this.#keep(chunk));
    recorder.once("error", (error) => (said += error.message));
    await waitFor(() => (this.#count > 0 ? undefined : `nothing comes from the sink: ${said}`));
  }

  #keep(chunk: Buffer): void {
    const bytes = Buffer.concat([this.#half, chunk]);
    const samples = bytes.length >> 1;
    this.#half = bytes.subarray(2 * samples);
    // The sink keeps the machine's time: a chunk that came late says nothing, the earliest one says when it began.
    const began = nowMs() - ((this.#count + samples) * 1000) / RATE;
    this.#beganMs = this.#count === 0 ? began : Math.min(began, this.#beganMs);
    for (let i = 0; i < samples; i++) this.#kept[(this.#count + i) % this.#kept.length] = bytes.readInt16LE(2 * i);
    this.#count += samples;
  }
}

/** PulseAudio's programs keep what they need while they run in this folder, and nowhere else. */
const environmentIn = (folder: string): NodeJS.ProcessEnv => ({
  ...process.env,
  HOME: folder,
  XDG_RUNTIME_DIR: folder,
  PULSE_RUNTIME_PATH: folder,
});

/** Ends a child and waits for it. */
async function ended(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill();
  await gone;
}
