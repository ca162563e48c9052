import { waitFor } from "./clock.js";
import type { Listener } from "./hearing.js";
import type { Datagram, NetworkTap } from "./network-tap.js";
import { parseRtp } from "./rtp.js";
import { RtpRecording } from "./rtp-recording.js";
import { methodOf, parseSip, type SipText } from "./sip-text.js";
import { type Sound } from "./tones.js";

/** The ports of a telephone on the loopback interface. */
export interface PhonePorts {
  readonly sip: number;
  /** Its RTP and RTCP ports, both ends included. */
  readonly rtp: readonly [first: number, last: number];
}

/** A SIP message to or from a telephone. */
export interface SipOnWire {
  readonly atMs: number;
  readonly sent: boolean;
  readonly message: SipText;
}

/**
 * What reaches a real telephone, heard on the wire: its own recording ends or stalls at a hold, the wire does not.
 * Its ear is the sum of all its lines.
 */
export class WireEar implements Listener {
  /** UDP only: a telephone on TCP shows its audio and nothing else. */
  readonly sip: SipOnWire[] = [];
  readonly #received = new Map<number, RtpRecording>();
  readonly #stop: () => void;

  constructor(
    readonly name: string,
    private readonly ports: PhonePorts,
    tap: NetworkTap,
  ) {
    this.#stop = tap.listen((datagram) => this.#heard(datagram));
  }

  /** All that came to the telephone between two times, its lines added up. */
  sound(fromMs: number, toMs: number): Promise<Sound> {
    return Promise.resolve(sumOf([...this.#received.values()], fromMs, toMs));
  }

  /** Digits that came as telephone events. */
  digits(fromMs?: number): string {
    return [...this.#received.values()].map((recording) => recording.digits(fromMs)).join("");
  }

  /** Methods of the requests that came (or went), those of one kind only once per transaction. */
  requests(which: { readonly sent: boolean; readonly fromMs?: number }): string[] {
    const { sent, fromMs = 0 } = which;
    const seen = new Set<string>();
    return this.sip
      .filter((m) => m.sent === sent && m.atMs >= fromMs && methodOf(m.message) !== "")
      .filter(({ message }) => {
        const key = message.headers.filter(([name]) => name === "cseq" || name === "call-id").join();
        return !seen.has(key) && seen.add(key);
      })
      .map(({ message }) => methodOf(message));
  }

  /** Waits until the wire shows a message; resolves with it. */
  async message(what: string, matches: (m: SipOnWire) => boolean, withinMs = 10_000): Promise<SipText> {
    await waitFor(
      () => (this.sip.some(matches) ? undefined : `${this.name}: no ${what} on the wire, but\n${this.trace}`),
      withinMs,
    );
    return this.sip.find(matches)!.message;
  }

  /** Everything SIP, for the output of a failing test. */
  get trace(): string {
    return this.sip
      .map(({ sent, message: { start, headers, body } }) =>
        [`${sent ? ">" : "<"} ${start}`, ...headers.map(([n, v]) => `${n}: ${v}`), "", body].join("\n"),
      )
      .join("\n----\n");
  }

  close(): void {
    this.#stop();
  }

  #heard({ atMs, from, to, data }: Datagram): void {
    if (this.#isOurs(to)) this.#keep(to, data, atMs);
    if (from !== this.ports.sip && to !== this.ports.sip) return;
    const message = parseSip(data.toString("utf8"));
    if (message) this.sip.push({ atMs, sent: from === this.ports.sip, message });
  }

  #isOurs(port: number): boolean {
    const [first, last] = this.ports.rtp;
    return port >= first && port <= last;
  }

  #keep(port: number, data: Buffer, atMs: number): void {
    const packet = parseRtp(data);
    if (!packet) return;
    const recording = this.#received.get(port) ?? new RtpRecording();
    this.#received.set(port, recording);
    recording.add(packet, atMs);
  }
}

const RATE = 8000; // Hz

function sumOf(recordings: readonly RtpRecording[], fromMs: number, toMs: number): Sound {
  const samples = new Float32Array(Math.max(0, Math.round(((toMs - fromMs) * RATE) / 1000)));
  for (const recording of recordings) {
    recording.sound(fromMs, toMs).samples.forEach((value, i) => (samples[i]! += value));
  }
  return { fromMs, rate: RATE, samples };
}
