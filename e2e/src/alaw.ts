/** G.711 A-law, as ITU-T G.711 defines it: 13-bit samples, even bits inverted. */
const MAX = 0x7fff;

/** Encodes samples of -1 … 1. */
export const encodeAlaw = (samples: Float32Array): Uint8Array => Uint8Array.from(samples, encode);

/** Decodes to samples of -1 … 1. */
export const decodeAlaw = (bytes: Uint8Array): Float32Array => Float32Array.from(bytes, (byte) => TABLE[byte]!);

function encode(sample: number): number {
  const value = Math.max(-1, Math.min(1, sample)) * MAX;
  const sign = value >= 0 ? 0x80 : 0;
  const magnitude = Math.min(0xfff, Math.floor(Math.abs(value) / 8));
  const exponent = magnitude < 32 ? 0 : Math.floor(Math.log2(magnitude)) - 4;
  const mantissa = (exponent === 0 ? magnitude >> 1 : magnitude >> exponent) & 0x0f;
  return (sign | (exponent << 4) | mantissa) ^ 0x55;
}

function decode(byte: number): number {
  const code = byte ^ 0x55;
  const exponent = (code >> 4) & 0x07;
  const mantissa = code & 0x0f;
  const magnitude = exponent === 0 ? 2 * mantissa + 1 : (2 * mantissa + 33) << (exponent - 1);
  return ((code & 0x80 ? 1 : -1) * magnitude * 8) / MAX;
}

const TABLE = Float32Array.from({ length: 256 }, (_, byte) => decode(byte));
