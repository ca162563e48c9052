/**
 * Adds up what one listener hears. The sum is kept in 32 bits and limited once, on the way out: limiting first and subtracting a
 * speaker's own frame afterwards would send their own distortion back to them.
 */
export function mix(frames: readonly Int16Array[], sum: Int32Array, out: Int16Array): void {
  sum.fill(0);
  for (const frame of frames) {
    for (let n = 0; n < out.length; n++) sum[n] = sum[n]! + frame[n]!;
  }
  for (let n = 0; n < out.length; n++) out[n] = clamp16(sum[n]!);
}

const clamp16 = (v: number): number => (v > 32767 ? 32767 : v < -32768 ? -32768 : v);
