/** What differs between the two bands of ITU-T G.722 in their scale factors (clause 3.3 and 3.5). */
export interface BandRange {
  readonly startScale: number;
  /** The highest logarithmic scale factor, and what its whole part is taken from to shift the antilogarithm. */
  readonly maxLog: number;
  readonly logShift: number;
}

/** 2048 * 2^(i/32): the antilogarithm that both bands share (the recommendation's table ILB, which its blocks SCALEL and SCALEH read). */
const ANTILOG = Int32Array.from({ length: 32 }, (_, i) => Math.round(2048 * 2 ** (i / 32)));
const ZEROS = 6;

/**
 * One band of ITU-T G.722: the adaptive predictor with two poles and six zeros (block 4) and the quantiser's scale factor (block 3). The
 * encoder and the decoder keep the same, which is why it is exact to the bit; names in comments are those of the recommendation.
 */
export class SubBand {
  /** DET: the quantiser's step. */
  scale: number;
  /** S: what the next sample is expected to be. */
  prediction = 0;
  readonly #range: BandRange;
  #log = 0; // NB
  /** B and D: the coefficients of the zeros and the differences they weigh, the newest first. */
  readonly #zeros = new Int32Array(ZEROS);
  readonly #differences = new Int32Array(ZEROS);
  #zeroPart = 0; // SZ
  #pole1 = 0; // A1, A2
  #pole2 = 0;
  #partial1 = 0; // P1, P2
  #partial2 = 0;
  #signal1 = 0; // R1

  constructor(range: BandRange) {
    this.#range = range;
    this.scale = range.startScale;
  }

  /** Moves on by one sample: its quantised difference from the prediction, and what its code adds to the scale factor. */
  adapt(difference: number, logStep: number): void {
    this.#rescale(logStep);
    const signal = clamp16(this.prediction + difference); // RECONS
    const partial = clamp16(this.#zeroPart + difference); // PARREC
    this.#movePoles(partial);
    this.#zeroPart = this.#moveZeros(difference);
    const polePart = clamp16( // FILTEP
      ((this.#pole1 * clamp16(2 * signal)) >> 15) + ((this.#pole2 * clamp16(2 * this.#signal1)) >> 15),
    ); // prettier-ignore
    this.#partial2 = this.#partial1;
    this.#partial1 = partial;
    this.#signal1 = signal;
    this.prediction = clamp16(polePart + this.#zeroPart);
  }

  /** LOGSCL, LOGSCH, SCALEL, SCALEH. */
  #rescale(logStep: number): void {
    const { maxLog, logShift } = this.#range;
    this.#log = Math.min(Math.max(((this.#log * 127) >> 7) + logStep, 0), maxLog);
    const antilog = ANTILOG[(this.#log >> 6) & 31]!;
    const shift = logShift - (this.#log >> 11);
    this.scale = (shift < 0 ? antilog << -shift : antilog >> shift) << 2;
  }

  /** UPPOL2, then UPPOL1, which is held to what the second pole leaves for a stable filter. */
  #movePoles(partial: number): void {
    const likeLast = partial >> 31 === this.#partial1 >> 31;
    const likeBefore = partial >> 31 === this.#partial2 >> 31;
    const turn = clamp16(this.#pole1 << 2);
    const second = (Math.min(likeLast ? -turn : turn, 32767) >> 7) + (likeBefore ? 128 : -128);
    this.#pole2 = Math.min(Math.max(second + ((this.#pole2 * 32512) >> 15), -12288), 12288);
    const limit = 15360 - this.#pole2;
    const first = clamp16((likeLast ? 192 : -192) + ((this.#pole1 * 32640) >> 15));
    this.#pole1 = Math.min(Math.max(first, -limit), limit);
  }

  /** UPZERO, and FILTEZ over what came of it. */
  #moveZeros(difference: number): number {
    const [zeros, differences] = [this.#zeros, this.#differences];
    const step = difference === 0 ? 0 : 128;
    const sign = difference >> 31;
    let weighed = difference;
    let sum = 0;
    for (let i = 0; i < ZEROS; i++) {
      const older = differences[i]!;
      const zero = clamp16((older >> 31 === sign ? step : -step) + ((zeros[i]! * 32640) >> 15));
      zeros[i] = zero;
      differences[i] = weighed;
      sum += (zero * clamp16(2 * weighed)) >> 15;
      weighed = older;
    }
    return clamp16(sum);
  }
}

export const clamp16 = (v: number): number => (v > 32767 ? 32767 : v < -32768 ? -32768 : v);
