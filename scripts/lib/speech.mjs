// The demo customer's voice: sentences spoken by espeak-ng, as 8 kHz mono WAV files that a phone line carries.
import fs from "node:fs";
import path from "node:path";
import { run, SetupError } from "./progress.mjs";
import { DATA } from "./project.mjs";

const PHONE_RATE = 8000; // Hz, what G.711 carries
const FILTER_TAPS = 63; // enough for a clean cut at 3.4 kHz from 22 kHz speech
const PASS_BAND_HZ = 3400;
const PAUSE_S = 0.6; // between sentences, and before the voice starts again from the beginning

/** Where the spoken files lie: `customer-en.wav`, `customer-nb.wav`. */
export const SPEECH_DIR = path.join(DATA, "speech");

/** What the customer says, by language; the voices are espeak-ng's. */
const SPEECHES = {
  en: [
    "Hello, this is Anne Holm. I am calling about my last invoice.",
    "The invoice number is four, seven, one, one.",
    "It says eight hundred and fifty kroner, but I think it should be four hundred and fifty.",
    "I have had the same subscription for two years, and nothing has changed.",
    "Could you please have a look, and tell me what the extra amount is for?",
    "I can wait a moment, if you need to ask a colleague.",
    "Thank you, that is very kind of you.",
  ],
  nb: [
    "Hei, dette er Anne Holm. Jeg ringer om den siste fakturaen min.",
    "Fakturanummeret er fire, sju, en, en.",
    "Det står åtte hundre og femti kroner, men jeg tror det skal være fire hundre og femti.",
    "Jeg har hatt det samme abonnementet i to år, og ingenting er endret.",
    "Kan du se på det, og si meg hva det ekstra beløpet gjelder?",
    "Jeg kan vente litt, hvis du må spørre en kollega.",
    "Tusen takk, det var hyggelig.",
  ],
};

/** What the generated files depend on. */
export const speechKey = () => [SPEECHES, PHONE_RATE, FILTER_TAPS, PASS_BAND_HZ, PAUSE_S];

/** Whether every spoken file is there. */
export const hasSpeech = () => Object.keys(SPEECHES).every((language) => fs.existsSync(fileOf(language)));

const fileOf = (language) => path.join(SPEECH_DIR, `customer-${language}.wav`);

/** Speaks every text into its file; returns a short text for a progress line. */
export async function makeSpeech(report) {
  fs.mkdirSync(SPEECH_DIR, { recursive: true, mode: 0o700 });
  for (const [language, sentences] of Object.entries(SPEECHES)) {
    report(`customer-${language}.wav`);
    const parts = [];
    for (const sentence of sentences) {
      parts.push(await speak(language, sentence), new Float32Array(PHONE_RATE * PAUSE_S));
    }
    fs.writeFileSync(fileOf(language), wav(parts));
  }
  return Object.keys(SPEECHES).join(", ");
}

async function speak(voice, sentence) {
  const raw = path.join(SPEECH_DIR, "sentence.wav");
  try {
    await run("espeak-ng", ["-v", voice, "-s", "150", "-w", raw, sentence], { log: "speech" });
    return toPhoneRate(fs.readFileSync(raw));
  } finally {
    fs.rmSync(raw, { force: true });
  }
}

/** The samples of a 16-bit mono WAV, low-passed and resampled to the rate of a phone line. */
function toPhoneRate(file) {
  const at = file.indexOf("data", 12, "latin1");
  if (file.toString("latin1", 0, 4) !== "RIFF" || at < 0) throw new SetupError("espeak-ng wrote no WAV file");
  const rate = file.readUInt32LE(24);
  const samples = Math.floor((file.length - at - 8) / 2);
  const sampleAt = (index) => (index >= 0 && index < samples ? file.readInt16LE(at + 8 + 2 * index) / 32768 : 0);
  const out = new Float32Array(Math.floor((samples * PHONE_RATE) / rate));
  const half = (FILTER_TAPS - 1) / 2;
  for (let n = 0; n < out.length; n++) {
    const centre = (n * rate) / PHONE_RATE;
    const first = Math.round(centre) - half;
    let sum = 0;
    for (let i = first; i < first + FILTER_TAPS; i++) sum += sampleAt(i) * lowPass(i - centre, half + 1, rate);
    out[n] = sum;
  }
  return out;
}

/** Windowed-sinc kernel at `x` samples from its centre. */
function lowPass(x, width, rate) {
  if (Math.abs(x) >= width) return 0;
  const cut = (2 * PASS_BAND_HZ) / rate;
  const sinc = x === 0 ? cut : Math.sin(Math.PI * cut * x) / (Math.PI * x);
  return sinc * (0.5 + 0.5 * Math.cos((Math.PI * x) / width));
}

function wav(parts) {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const out = Buffer.alloc(44 + 2 * length);
  out.write("RIFF", 0, "latin1");
  out.writeUInt32LE(36 + 2 * length, 4);
  out.write("WAVEfmt ", 8, "latin1");
  out.writeUInt32LE(16, 16);
  out.writeUInt16LE(1, 20); // PCM
  out.writeUInt16LE(1, 22); // mono
  out.writeUInt32LE(PHONE_RATE, 24);
  out.writeUInt32LE(2 * PHONE_RATE, 28);
  out.writeUInt16LE(2, 32);
  out.writeUInt16LE(16, 34);
  out.write("data", 36, "latin1");
  out.writeUInt32LE(2 * length, 40);
  let offset = 44;
  for (const part of parts) {
    for (const value of part) {
      out.writeInt16LE(Math.max(-32768, Math.min(32767, Math.round(value * 32767))), offset);
      offset += 2;
    }
  }
  return out;
}
