import { nowMs, untilMs } from "./clock.js";
import { levels, type Listener } from "./hearing.js";
import { UNHEARD_DBFS } from "./tones.js";

/** Music on hold is louder than this, silence is quieter than the other: RMS in dBFS. */
const MUSIC_DBFS = -40;
const SILENCE_DBFS = -55;

async function rms(listener: Listener, fromMs: number, toMs: number): Promise<number> {
  await untilMs(toMs);
  const { samples } = await listener.sound(fromMs, toMs);
  const power = samples.reduce((sum, v) => sum + v * v, 0) / Math.max(1, samples.length);
  return 10 * Math.log10(power + 1e-12);
}

/** Waits until the listener hears something for a second, and none of the tones in it: music. */
export async function hearsMusic(listener: Listener, not: readonly number[], withinMs = 6_000): Promise<void> {
  const until = nowMs() + withinMs;
  for (let from = nowMs(); ; from += 250) {
    const loudness = await rms(listener, from, from + 1000);
    const tones = await levels(listener, not, from, from + 1000);
    const leaked = [...tones].filter(([, level]) => level > UNHEARD_DBFS);
    if (loudness > MUSIC_DBFS && leaked.length === 0) return;
    if (from > until) {
      const text = [...tones].map(([tone, level]) => `${tone} Hz ${level.toFixed(1)} dBFS`).join(", ");
      throw new Error(`${listener.name} should hear music only, but hears ${loudness.toFixed(1)} dBFS in all, ${text}`);
    }
  }
}

/** Waits until the listener hears nothing at all for a second. */
export async function hearsSilence(listener: Listener, withinMs = 6_000): Promise<void> {
  const until = nowMs() + withinMs;
  for (let from = nowMs(); ; from += 250) {
    const loudness = await rms(listener, from, from + 1000);
    if (loudness < SILENCE_DBFS) return;
    if (from > until) throw new Error(`${listener.name} should hear nothing, but hears ${loudness.toFixed(1)} dBFS`);
  }
}
