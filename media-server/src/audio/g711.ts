/** G.711 by table: 256 entries to decode, one per 14-bit (mu) or 13-bit (A) magnitude class to encode (ITU-T G.711). */

const MU_BIAS = 132;
const MU_CLIP = 32635;

function muLawToLinear(code: number): number {
  const u = ~code & 0xff;
  const magnitude = ((((u & 0x0f) << 3) + MU_BIAS) << ((u >> 4) & 7)) - MU_BIAS;
  return u & 0x80 ? -magnitude : magnitude;
}

function linearToMuLaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(sample), MU_CLIP) + MU_BIAS;
  const exponent = 31 - Math.clz32(magnitude) - 7;
  return ~(sign | (exponent << 4) | ((magnitude >> (exponent + 3)) & 0x0f)) & 0xff;
}

function aLawToLinear(code: number): number {
  const a = code ^ 0x55;
  const segment = (a >> 4) & 7;
  const mantissa = (a & 0x0f) << 4;
  const magnitude = segment === 0 ? mantissa + 8 : (mantissa + 0x108) << (segment - 1);
  return a & 0x80 ? magnitude : -magnitude;
}

function linearToALaw(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0;
  const magnitude = Math.min(sample >= 0 ? sample : -sample - 1, 32767);
  const segment = magnitude < 256 ? 0 : 31 - Math.clz32(magnitude) - 7;
  const mantissa = segment === 0 ? magnitude >> 4 : (magnitude >> (segment + 3)) & 0x0f;
  return (sign | (segment << 4) | mantissa) ^ 0x55;
}

/** The encoder tables are indexed by the sample's upper 14 bits: neither law looks at more. */
const encodeTable = (law: (sample: number) => number): Uint8Array =>
  Uint8Array.from({ length: 16384 }, (_, i) => law(((i - 8192) << 2) | 2));

interface Law {
  readonly decode: Int16Array;
  readonly encode: Uint8Array;
  /** The code of a sample of zero. */
  readonly silence: number;
}

const laws: Readonly<Record<"PCMU" | "PCMA", Law>> = {
  PCMU: {
    decode: Int16Array.from({ length: 256 }, (_, c) => muLawToLinear(c)),
    encode: encodeTable(linearToMuLaw),
    silence: 0xff,
  },
  PCMA: {
    decode: Int16Array.from({ length: 256 }, (_, c) => aLawToLinear(c)),
    encode: encodeTable(linearToALaw),
    silence: 0xd5,
  },
};

export type G711 = keyof typeof laws;

export function decodeG711(law: G711, payload: Uint8Array): Int16Array {
  const table = laws[law].decode;
  const out = new Int16Array(payload.length);
  for (let i = 0; i < payload.length; i++) out[i] = table[payload[i]!]!;
  return out;
}

export function encodeG711(law: G711, samples: Int16Array): Uint8Array {
  const table = laws[law].encode;
  const out = new Uint8Array(samples.length);
  for (let i = 0; i < samples.length; i++) out[i] = table[(samples[i]! >> 2) + 8192]!;
  return out;
}

export const g711Silence = (law: G711, samples: number): Uint8Array => new Uint8Array(samples).fill(laws[law].silence);
