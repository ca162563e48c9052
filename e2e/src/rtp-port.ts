import dgram from "node:dgram";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { nowMs } from "./clock.js";
import { RtpRecording } from "./rtp-recording.js";
import { eventPayload, formatRtp, parseRtp } from "./rtp.js";
import { encodeAlaw } from "./alaw.js";
import { encodeUlaw } from "./ulaw.js";
import { sine } from "./tones.js";

const RATE = 8000; // Hz
const PTIME_MS = 20;
const SAMPLES = (RATE * PTIME_MS) / 1000;
/** Payload types of what can be spoken. */
const PAYLOAD_TYPES = { PCMU: 0, PCMA: 8 } as const;
const EVENT_PACKETS = 5; // 100 ms of a digit …
const EVENT_PAUSE = 3; // … and 60 ms of tone before the next

const SILENCE = { PCMU: new Uint8Array(SAMPLES).fill(0xff), PCMA: new Uint8Array(SAMPLES).fill(0xd5) } as const;

interface Digit {
  readonly digit: string;
  readonly timestamp: number;
  sent: number;
}

/**
 * A phone's end of an RTP stream: sends its tone every 20 ms against absolute deadlines, with one SSRC for
 * life, and records whatever comes in.
 */
export class RtpPort {
  readonly recording = new RtpRecording();
  /** Sends no packet at all, whatever was agreed. */
  silent = false;
  codec: keyof typeof PAYLOAD_TYPES = "PCMU";
  readonly #socket: dgram.Socket;
  readonly #tone: Readonly<Record<keyof typeof PAYLOAD_TYPES, Uint8Array>>; // one second, which any whole frequency fits
  #remote: { address: string; port: number } | undefined;
  #eventType = 101;
  #sending = false;
  #hushed = false;
  #toneFrom: ((ms: number) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #startedAt = 0;
  #ticks = 0;
  #sequence = Math.floor(Math.random() * 0x8000);
  #ssrc = Math.floor(Math.random() * 0xffffffff);
  #digits: string[] = [];
  #digit: Digit | undefined;
  #pause = 0;
  #whenSent: (() => void) | undefined;

  private constructor(socket: dgram.Socket, tone: number) {
    this.#socket = socket;
    const second = sine(tone, 1, RATE);
    this.#tone = { PCMU: encodeUlaw(second), PCMA: encodeAlaw(second) };
    socket.on("message", (data) => {
      const packet = parseRtp(data);
      if (packet) this.recording.add(packet, nowMs());
    });
    socket.on("error", () => undefined); // an ICMP "port unreachable" while the other end closes
  }

  /** Opens a port of `address` with a whole-numbered tone in Hz. */
  static async open(address: string, tone: number): Promise<RtpPort> {
    const socket = dgram.createSocket("udp4");
    socket.bind(0, address);
    await once(socket, "listening");
    return new RtpPort(socket, tone);
  }

  get port(): number {
    return (this.#socket.address() as AddressInfo).port;
  }

  /** Sends to this place from now on; `eventType` is the payload type that the other end wants for digits. */
  sendTo(address: string, port: number, eventType = 101): void {
    this.#remote = { address, port };
    this.#eventType = eventType;
    this.#sending = true;
    if (this.#timer) return;
    this.#startedAt = nowMs();
    this.#ticks = 0;
    this.#schedule();
  }

  /** Sends nothing for a while; the stream's clock goes on. */
  mute(): void {
    this.#sending = false;
  }

  /** Sends one empty receiver report (RFC 3550 6.4.2) to the port beside the other end's. */
  report(): void {
    if (!this.#remote) return;
    const packet = Buffer.from([0x80, 201, 0, 1, 0, 0, 0, 0]);
    packet.writeUInt32BE(this.#ssrc, 4);
    this.#socket.send(packet, this.#remote.port + 1, this.#remote.address);
  }

  /** Sends two packets of comfort noise (RFC 3389), as a phone does that leaves silence out. */
  comfortNoise(): void {
    for (let i = 0; i < 2; i++) this.#send(13, false, this.#ticks * SAMPLES, Buffer.of(60));
  }

  /** Says nothing, in packets as before, until `speak`. */
  hush(): void {
    this.#hushed = true;
  }

  /** Says the tone again; resolves with the time at which the first sample of it was spoken. */
  speak(): Promise<number> {
    return new Promise((resolve) => {
      this.#toneFrom = resolve;
      this.#hushed = false;
    });
  }

  /** Sends digits as telephone events in place of the tone (RFC 4733); resolves when the last has been sent. */
  async sendDigits(digits: string): Promise<void> {
    this.#digits.push(...digits);
    await new Promise<void>((resolve) => {
      this.#whenSent = resolve;
    });
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#socket.close();
  }

  #schedule(): void {
    const deadline = this.#startedAt + (this.#ticks + 1) * PTIME_MS;
    this.#timer = setTimeout(() => {
      // Late because the machine was busy: catch up what is due, each packet with its own timestamp.
      while (this.#startedAt + (this.#ticks + 1) * PTIME_MS <= nowMs() + 1) this.#tick();
      this.#schedule();
    }, deadline - nowMs());
  }

  #tick(): void {
    const timestamp = this.#ticks * SAMPLES;
    this.#ticks += 1;
    if (!this.#sending || this.silent) return;
    if (!this.#digit && this.#pause === 0 && this.#digits.length > 0) {
      this.#digit = { digit: this.#digits.shift()!, timestamp, sent: 0 };
    }
    if (this.#digit) return this.#sendEvent(this.#digit);
    if (this.#pause > 0 && --this.#pause === 0 && this.#digits.length === 0) this.#whenSent?.();
    const payloadType = PAYLOAD_TYPES[this.codec];
    if (this.#hushed) return this.#send(payloadType, false, timestamp, SILENCE[this.codec]);
    this.#toneFrom?.(nowMs() - PTIME_MS); // a packet leaves when its last sample has been spoken
    this.#toneFrom = undefined;
    const tone = this.#tone[this.codec];
    const at = timestamp % tone.length;
    this.#send(payloadType, this.#ticks === 1, timestamp, tone.subarray(at, at + SAMPLES));
  }

  #sendEvent(digit: Digit): void {
    digit.sent += 1;
    const end = digit.sent === EVENT_PACKETS;
    const payload = eventPayload(digit.digit, digit.sent * SAMPLES, end);
    // RFC 4733 2.5.1.4: the end is sent three times.
    for (let i = 0; i < (end ? 3 : 1); i++) this.#send(this.#eventType, digit.sent === 1, digit.timestamp, payload);
    if (!end) return;
    this.#digit = undefined;
    this.#pause = EVENT_PAUSE;
  }

  #send(payloadType: number, marker: boolean, timestamp: number, payload: Uint8Array): void {
    if (!this.#remote) return;
    const sequence = this.#sequence++ & 0xffff;
    const packet = formatRtp({ payloadType, marker, sequence, timestamp, ssrc: this.#ssrc, payload });
    this.#socket.send(packet, this.#remote.port, this.#remote.address);
  }
}
