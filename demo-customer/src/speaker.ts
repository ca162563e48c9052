import { randomInt } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { PACKET_MS, rtpPacket, SAMPLES_PER_PACKET } from "./domain/phone-audio.js";

/** An RTP socket that says the same thing over and over, paced by absolute deadlines. What it hears it ignores. */
export class Speaker {
  #timer: NodeJS.Timeout | null = null;
  #seq = randomInt(65536);
  #timestamp = randomInt(2 ** 32);
  readonly #ssrc = randomInt(2 ** 32);

  private constructor(
    private readonly socket: Socket,
    private readonly payloads: readonly Uint8Array[],
  ) {
    socket.on("error", () => this.close());
  }

  static async open(host: string, payloads: readonly Uint8Array[]): Promise<Speaker> {
    const socket = createSocket("udp4");
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.bind(0, host, resolve);
    });
    return new Speaker(socket, payloads);
  }

  get port(): number {
    return this.socket.address().port;
  }

  speakTo({ address, port }: { address: string; port: number }): void {
    const start = performance.now();
    let sent = 0;
    const tick = (): void => {
      for (; start + sent * PACKET_MS <= performance.now(); sent++) {
        const payload = this.payloads[sent % this.payloads.length];
        if (payload) this.socket.send(rtpPacket(this.#seq++, this.#timestamp, this.#ssrc, payload), port, address);
        this.#timestamp += SAMPLES_PER_PACKET;
      }
      this.#timer = setTimeout(tick, start + sent * PACKET_MS - performance.now());
    };
    tick();
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.socket.removeAllListeners("error").on("error", () => undefined);
    this.socket.close();
  }
}
