/** A WAV file's speech as the packets of a telephone: G.711 mu-law, 20 ms each (ITU-T G.711, RFC 3551). */

export const PACKET_MS = 20;
export const SAMPLES_PER_PACKET = 160; // 20 ms at 8 kHz

/** The mu-law payloads of an 8 kHz, mono, 16-bit WAV file. Throws when the file is something else: it comes with the product. */
export function payloadsOf(wav: Uint8Array): readonly Uint8Array[] {
  const view = new DataView(wav.buffer, wav.byteOffset, wav.byteLength);
  const data = pcmOf(view);
  const payloads: Uint8Array[] = [];
  for (let from = 0; from + SAMPLES_PER_PACKET * 2 <= data.length; from += SAMPLES_PER_PACKET * 2) {
    const payload = new Uint8Array(SAMPLES_PER_PACKET);
    for (let n = 0; n < SAMPLES_PER_PACKET; n++) payload[n] = muLaw(view.getInt16(data.offset + from + n * 2, true));
    payloads.push(payload);
  }
  if (payloads.length === 0) throw new Error("the speech file is empty");
  return payloads;
}

function pcmOf(view: DataView): { readonly offset: number; readonly length: number } {
  const tag = (at: number): string => String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));
  if (view.byteLength < 44 || tag(0) !== "RIFF" || tag(8) !== "WAVE") throw new Error("the speech file is no WAV file");
  for (let at = 12; at + 8 <= view.byteLength;) {
    const length = view.getUint32(at + 4, true);
    if (tag(at) === "fmt " && (view.getUint16(at + 10, true) !== 1 || view.getUint32(at + 12, true) !== 8000)) {
      throw new Error("the speech file is not 8 kHz mono");
    }
    if (tag(at) === "data") return { offset: at + 8, length: Math.min(length, view.byteLength - at - 8) };
    at += 8 + length + (length & 1);
  }
  throw new Error("the speech file has no samples");
}

const BIAS = 132;
const CLIP = 32635;

/** One 16-bit sample as mu-law. */
export function muLaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(sample), CLIP) + BIAS;
  const exponent = 31 - Math.clz32(magnitude) - 7;
  return ~(sign | (exponent << 4) | ((magnitude >> (exponent + 3)) & 0x0f)) & 0xff;
}

/** An RTP packet (RFC 3550 section 5.1) of payload type 0; counters wrap. */
export function rtpPacket(seq: number, timestamp: number, ssrc: number, payload: Uint8Array): Uint8Array {
  const packet = new Uint8Array(12 + payload.length);
  const view = new DataView(packet.buffer);
  view.setUint8(0, 0x80);
  view.setUint8(1, 0);
  view.setUint16(2, seq & 0xffff);
  view.setUint32(4, timestamp >>> 0);
  view.setUint32(8, ssrc >>> 0);
  packet.set(payload, 12);
  return packet;
}

/** Our offer: PCMU and keys. */
export const offerOf = (address: string, port: number): string =>
  [
    "v=0",
    `o=- 1 1 IN IP4 ${address}`,
    "s=demo customer",
    `c=IN IP4 ${address}`,
    "t=0 0",
    `m=audio ${port} RTP/AVP 0 101`,
    "a=rtpmap:0 PCMU/8000",
    "a=rtpmap:101 telephone-event/8000",
    "a=fmtp:101 0-16",
    "a=ptime:20",
    "a=sendrecv",
    "",
  ].join("\r\n");

/** Where an answer wants its audio; null when it wants none. */
export function audioTargetOf(sdp: string): { readonly address: string; readonly port: number } | null {
  const port = Number(/^m=audio (\d+) /m.exec(sdp)?.[1] ?? 0);
  const address = /^c=IN IP4 (\S+)/m.exec(sdp)?.[1];
  return port > 0 && address ? { address, port } : null;
}
