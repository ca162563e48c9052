/** Chance that can be repeated: everything the fuzzer decides comes from one seed (mulberry32). */
export class Chance {
  #state;

  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** A number from 0 up to but not including 1. */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number from 0 up to but not including `n`. */
  below(n) {
    return Math.floor(this.next() * n);
  }

  /** True once in `n` times. */
  oneIn(n) {
    return this.below(n) === 0;
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  token(length = 10) {
    return Array.from({ length }, () => "0123456789abcdefghijklmnopqrstuvwxyz"[this.below(36)]).join("");
  }

  /** Octets as a string with one character for each. */
  octets(length) {
    return Array.from({ length }, () => String.fromCharCode(this.below(256))).join("");
  }
}
