import { clamp16, SubBand } from "./g722-band.js";

/** ITU-T G.722 at 64 kbit/s (mode 1): 16 kHz sound in two bands of 8 kHz, 6 bits for the lower and 2 for the upper one. */

const LOW = { startScale: 32, maxLog: 18432, logShift: 8 };
const HIGH = { startScale: 8, maxLog: 22528, logShift: 10 };

/** Half of the symmetric filter that splits and joins the bands (table 11/G.722). */
const QMF = Int32Array.of(3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11);
const HISTORY = 2 * QMF.length - 2;

/** Decision levels of the lower band's quantiser (table 14/G.722, Q6), from the first to the last. */
const LOW_LEVELS = Int32Array.of(
  35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650, 714, 786, 858, 940, 1023, 1121, 1219, 1339, 1458, 1612, 1765, 1980,
  2195, 2557, 2919,
); // prettier-ignore
/** The upper band has one. */
const HIGH_LEVEL = 564;

/** Reconstruction levels by code: what the prediction runs on (QM4, QM2), and what is heard (QM6). */
const QM4 = Int32Array.of(
  0, -20456, -12896, -8968, -6288, -4240, -2584, -1200, 20456, 12896, 8968, 6288, 4240, 2584, 1200, 0,
); // prettier-ignore
const QM2 = Int32Array.of(-7408, -1616, 7408, 1616);
const QM6 = Int32Array.of(
  -136, -136, -136, -136, -24808, -21904, -19008, -16704, -14984, -13512, -12280, -11192, -10232, -9360, -8576, -7856, -7192, -6576, -6000,
  -5456, -4944, -4464, -4008, -3576, -3168, -2776, -2400, -2032, -1688, -1360, -1040, -728, 24808, 21904, 19008, 16704, 14984, 13512,
  12280, 11192, 10232, 9360, 8576, 7856, 7192, 6576, 6000, 5456, 4944, 4464, 4008, 3576, 3168, 2776, 2400, 2032, 1688, 1360, 1040, 728,
  432, 136, -432, -136,
); // prettier-ignore

/** What a code adds to the logarithm of the scale factor: WL by the four bits that matter, WH by two. */
const WL = Int32Array.of(-60, 3042, 1198, 538, 334, 172, 58, -30, 3042, 1198, 538, 334, 172, 58, -30, -60);
const WH = Int32Array.of(798, -214, 798, -214);

/** Both bands as the encoder and the decoder keep them. */
class Bands {
  readonly low = new SubBand(LOW);
  readonly high = new SubBand(HIGH);

  /** Moves both on by a code. */
  adapt(code: number): void {
    const [low, high] = [(code & 0x3f) >> 2, code >> 6];
    this.low.adapt((this.low.scale * QM4[low]!) >> 15, WL[low]!);
    this.high.adapt((this.high.scale * QM2[high]!) >> 15, WH[high]!);
  }
}

/** Turns 16 kHz sound into G.722, two samples a byte; keeps the stream's state. */
export class G722Encoder {
  readonly #bands = new Bands();
  readonly #before = new Int16Array(HISTORY);

  /** An even number of samples. */
  encode(samples: Int16Array): Uint8Array {
    const line = joined(this.#before, samples);
    const out = new Uint8Array(samples.length >> 1);
    for (let n = 0; n < out.length; n++) {
      let [even, odd] = [0, 0];
      for (let k = 0; k < QMF.length; k++) {
        odd += line[2 * (n + k)]! * QMF[k]!;
        even += line[2 * (n + k) + 1]! * QMF[QMF.length - 1 - k]!;
      }
      const code = this.#lowCode((even + odd) >> 14) | (this.#highCode((even - odd) >> 14) << 6);
      this.#bands.adapt(code);
      out[n] = code;
    }
    return out;
  }

  /** QUANTL: the number of decision levels that the difference reaches, and its sign. */
  #lowCode(sample: number): number {
    const { prediction, scale } = this.#bands.low;
    const difference = clamp16(sample - prediction);
    const size = difference >= 0 ? difference : ~difference;
    let [reached, above] = [0, LOW_LEVELS.length];
    while (reached < above) {
      const middle = (reached + above) >> 1;
      if (size < (LOW_LEVELS[middle]! * scale) >> 12) above = middle;
      else reached = middle + 1;
    }
    if (difference >= 0) return 61 - reached;
    return reached < 2 ? 63 - reached : 33 - reached;
  }

  /** QUANTH. */
  #highCode(sample: number): number {
    const { prediction, scale } = this.#bands.high;
    const difference = clamp16(sample - prediction);
    const size = difference >= 0 ? difference : ~difference;
    const isLarge = size >= (HIGH_LEVEL * scale) >> 12;
    return (difference >= 0 ? 3 : 1) - (isLarge ? 1 : 0);
  }
}

/** Turns G.722 into 16 kHz sound; keeps the stream's state. */
export class G722Decoder {
  readonly #bands = new Bands();
  /** Sums and differences of the bands, in turn. */
  readonly #before = new Int16Array(HISTORY);

  decode(payload: Uint8Array): Int16Array {
    const { low, high } = this.#bands;
    const bands = new Int16Array(2 * payload.length);
    for (let n = 0; n < payload.length; n++) {
      const code = payload[n]!;
      const below = limited(low.prediction + ((low.scale * QM6[code & 0x3f]!) >> 15));
      const above = limited(high.prediction + ((high.scale * QM2[code >> 6]!) >> 15));
      this.#bands.adapt(code);
      bands[2 * n] = below + above;
      bands[2 * n + 1] = below - above;
    }
    const line = joined(this.#before, bands);
    const out = new Int16Array(bands.length);
    for (let n = 0; n < out.length; n += 2) {
      let [first, second] = [0, 0];
      for (let k = 0; k < QMF.length; k++) {
        second += line[n + 2 * k]! * QMF[k]!;
        first += line[n + 2 * k + 1]! * QMF[QMF.length - 1 - k]!;
      }
      out[n] = clamp16(first >> 11);
      out[n + 1] = clamp16(second >> 11);
    }
    return out;
  }
}

/**
 * What lets every decoder come to rest: in both bands the least difference that there is, so that the scale factors sink to their ends.
 * An encoder fed with zeros never rests.
 */
export const g722Silence = (bytes: number): Uint8Array => new Uint8Array(bytes).fill(0xfd);

/** LIMIT: 15 bits, so that the sum of both bands has 16. */
const limited = (v: number): number => (v > 16383 ? 16383 : v < -16384 ? -16384 : v);

/** What a filter still needs of the samples before, and the new ones; `before` is moved on. */
function joined(before: Int16Array, samples: Int16Array): Int16Array {
  const line = new Int16Array(before.length + samples.length);
  line.set(before);
  line.set(samples, before.length);
  before.set(line.subarray(line.length - before.length));
  return line;
}
