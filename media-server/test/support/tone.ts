/** Samples of a sine, `db` below full scale. */
export function sine(hz: number, rate: number, db = -12): (n: number) => number {
  const amplitude = 32767 * 10 ** (db / 20);
  return (n) => Math.round(amplitude * Math.sin((2 * Math.PI * hz * n) / rate));
}

/** Level of one frequency in dB below a full-scale sine (Hann window). */
export function toneDb(sound: Int16Array, rate: number, hz: number): number {
  const w = (2 * Math.PI * hz) / rate;
  let re = 0;
  let im = 0;
  for (let n = 0; n < sound.length; n++) {
    const v = (sound[n]! / 32768) * (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / (sound.length - 1)));
    re += v * Math.cos(w * n);
    im += v * Math.sin(w * n);
  }
  return 10 * Math.log10(((re * re + im * im) * 16) / sound.length ** 2 + 1e-12);
}

export function rmsDb(sound: Int16Array): number {
  let sum = 0;
  for (const v of sound) sum += (v / 32768) ** 2;
  return 10 * Math.log10(sum / Math.max(1, sound.length) + 1e-12);
}
