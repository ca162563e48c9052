import { addPartial, rms, toSamples } from "./tone.js";

const LOOP_S = 16;
const RMS_DBFS = -18;
const NOTE_S = 2.4;
const ATTACK_S = 0.06;

/** Hz, equal temperament. Only C, D, E, G and a low B: neither they nor the octaves above are near the usual test tones. */
const HZ: Readonly<Record<string, number>> = {
  C3: 130.81, E3: 164.81, G3: 196.0, B3: 246.94, C4: 261.63, D4: 293.66, E4: 329.63, G4: 392.0, C5: 523.25, D5: 587.33, E5: 659.26,
}; // prettier-ignore

/** One bar of 2 s each: the bass note, and the four that are played over it one after the other. */
const BARS = [
  "C3 C4 E4 G4 E4", "E3 B3 E4 G4 D5", "G3 B3 D4 G4 D4", "C3 C4 E4 G4 C5",
  "E3 E4 G4 D5 G4", "C3 E4 G4 C5 E5", "G3 D4 G4 D5 G4", "C3 G4 E4 C4 G3",
]; // prettier-ignore

/** The built-in music on hold: soft broken chords, 16 s of 48 kHz mono that loop without a seam. */
export function composeMusic(): Int16Array {
  const sound = new Float32Array(LOOP_S * 48000);
  BARS.forEach((bar, i) => {
    const [bass, ...melody] = bar.split(" ").map((name) => HZ[name]!);
    play(sound, 2 * i, bass!, 0.5);
    melody.forEach((hz, beat) => play(sound, 2 * i + beat / 2, hz, 0.8));
  });
  return toSamples(sound, 10 ** (RMS_DBFS / 20) / rms(sound));
}

/** A plucked tone: the octave above gives it colour and dies sooner. */
function play(sound: Float32Array, atS: number, hz: number, amplitude: number): void {
  addPartial(sound, { atS, lengthS: NOTE_S, hz, amplitude }, (s) => rise(s) * fall(s, 0.7));
  addPartial(sound, { atS, lengthS: NOTE_S, hz: 2 * hz, amplitude: amplitude / 5 }, (s) => rise(s) * fall(s, 0.35));
}

const rise = (s: number): number => (s >= ATTACK_S ? 1 : 0.5 - 0.5 * Math.cos((Math.PI * s) / ATTACK_S));
/** Decays with a time constant and reaches nothing at the note's end. */
const fall = (s: number, constantS: number): number =>
  Math.exp(-s / constantS) * (0.5 + 0.5 * Math.cos((Math.PI * s) / NOTE_S));
