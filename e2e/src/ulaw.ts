const BIAS = 132;
const CLIP = 32635;

/** G.711 u-law: one byte's sample between -1 and 1. */
const DECODED = Float32Array.from({ length: 256 }, (_, byte) => {
  const code = ~byte & 0xff;
  const magnitude = ((((code & 0x0f) << 3) + BIAS) << ((code >> 4) & 7)) - BIAS;
  return (code & 0x80 ? -magnitude : magnitude) / 32768;
});

/** Decodes a payload of G.711 u-law. */
export const decodeUlaw = (payload: Uint8Array): Float32Array => Float32Array.from(payload, (byte) => DECODED[byte]!);

/** Encodes samples between -1 and 1 as G.711 u-law. */
export const encodeUlaw = (samples: Float32Array): Uint8Array => Uint8Array.from(samples, encodeSample);

function encodeSample(value: number): number {
  const linear = Math.round(value * 32767);
  const sign = linear < 0 ? 0x80 : 0;
  const biased = Math.min(CLIP, Math.abs(linear)) + BIAS;
  const exponent = Math.max(0, 24 - Math.clz32(biased)); // the segment: position of the highest set bit above bit 7
  const mantissa = (biased >> (exponent + 3)) & 0x0f;
  return ~(sign | (exponent << 4) | mantissa) & 0xff;
}
