import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { MediaWorker } from "./adapters/mediasoup/media-worker.js";
import { chooseOpus } from "./adapters/opus/choose.js";
import { loadWasmKernel } from "./adapters/dsp/wasm-kernel.js";
import { wiresOf } from "./adapters/wires.js";
import { codecsWith } from "./audio/codecs.js";
import { plainKernel } from "./audio/kernel.js";
import { SoundLibrary } from "./audio/sound-library.js";
import { parseWav, to48k } from "./audio/wav.js";
import type { FromThread, ThreadRequest, ThreadStart } from "./thread/messages.js";
import { MediaThread } from "./thread/media-thread.js";

/** The start of a media thread: a process of its own, which the main process talks to by messages only. */
const start = JSON.parse(process.argv[2]!) as ThreadStart;
const tell = (message: FromThread): void => {
  // The main process may be gone at any time; what it would have been told is of no use then.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
};

const { opus, name } = await chooseOpus();
const wasm = loadWasmKernel();
const kernel = wasm ?? plainKernel;
const sounds = new SoundLibrary(opus, readMusic(start.musicFolder));
const worker = await MediaWorker.create((error) => {
  // Its legs cannot be saved: the thread ends with it, and the main thread starts another one.
  tell({ kind: "log", level: "error", fields: { err: String(error) }, message: "mediasoup worker died" });
  process.exit(1);
});
const thread = new MediaThread({
  thread: start.thread,
  wires: wiresOf(worker, start),
  sounds,
  codecs: codecsWith(opus, kernel),
  kernel,
  emit: (event) => tell({ kind: "event", event }),
  warn: (fields, message) => tell({ kind: "log", level: "warn", fields, message }),
});
process.on("message", (request: ThreadRequest) => {
  void thread.handle(request.body).then((reply) => tell({ kind: "reply", id: request.id, reply }));
});
// The main process ends this one: by closing the channel, or by its own death. Signals to the whole group are the main process's.
const end = (): void => {
  thread.close();
  process.exit(0);
};
process.on("disconnect", end);
if (!process.connected) end();
process.on("SIGTERM", () => undefined);
process.on("SIGINT", () => undefined);
tell({
  kind: "log",
  level: "info",
  fields: { thread: start.thread, opus: name, dsp: wasm ? "wasm" : "plain", pid: process.pid, workerPid: worker.pid },
  message: "media thread up",
});
tell({ kind: "ready" });

/** The WAV files of the music folder, by queue: `<queue>.wav`, and `default.wav` for all others. */
function readMusic(folder: string | null): Map<string, Int16Array> {
  const music = new Map<string, Int16Array>();
  if (folder === null) return music;
  for (const file of readdirSync(folder).filter((f) => f.toLowerCase().endsWith(".wav"))) {
    const sound = parseWav(readFileSync(join(folder, file)));
    if (sound && sound.samples.length > 0) music.set(basename(file).slice(0, -".wav".length), to48k(sound));
    else tell({ kind: "log", level: "warn", fields: { file }, message: "not a 16-bit PCM WAV file, left out" });
  }
  return music;
}
