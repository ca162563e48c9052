import { type ChildProcess, spawn } from "node:child_process";

const GLOBAL_HEADER = 24; // bytes, of a pcap file
const RECORD_HEADER = 16;
const ETHERNET = 14;
const UDP = 17;

/** A UDP datagram as the kernel saw it. */
export interface Datagram {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  readonly from: number; // port
  readonly to: number;
  readonly data: Buffer;
}

/** Hears every UDP datagram on the loopback interface, with the kernel's time of it, through tcpdump. */
export class NetworkTap {
  readonly #listeners = new Set<(datagram: Datagram) => void>();
  #pending = Buffer.alloc(0);
  #begun = false;

  private constructor(private readonly tcpdump: ChildProcess) {
    tcpdump.stdout!.on("data", (chunk: Buffer) => this.#read(chunk));
  }

  static async start(): Promise<NetworkTap> {
    const args = ["-i", "lo", "-n", "-U", "--immediate-mode", "-s", "0", "-w", "-", "udp"];
    const tcpdump = spawn("tcpdump", args, { stdio: ["ignore", "pipe", "pipe"] });
    const tap = new NetworkTap(tcpdump);
    await new Promise<void>((resolve, reject) => {
      let said = "";
      tcpdump.stderr.on("data", (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes("listening on")) resolve();
      });
      tcpdump.once("error", reject);
      tcpdump.once("exit", () => reject(new Error(`tcpdump ended: ${said}`)));
    });
    return tap;
  }

  /** Hands over every datagram from now on; returns how to stop. */
  listen(listener: (datagram: Datagram) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async stop(): Promise<void> {
    if (this.tcpdump.exitCode !== null || this.tcpdump.signalCode !== null) return;
    const ended = new Promise((resolve) => this.tcpdump.once("exit", resolve));
    this.tcpdump.kill();
    await ended;
  }

  #read(chunk: Buffer): void {
    let rest = Buffer.concat([this.#pending, chunk]);
    if (!this.#begun && rest.length >= GLOBAL_HEADER) {
      this.#begun = true;
      rest = rest.subarray(GLOBAL_HEADER);
    }
    while (this.#begun && rest.length >= RECORD_HEADER) {
      const end = RECORD_HEADER + rest.readUInt32LE(8);
      if (rest.length < end) break;
      const atMs = rest.readUInt32LE(0) * 1000 + rest.readUInt32LE(4) / 1000;
      const datagram = udpOf(rest.subarray(RECORD_HEADER, end), atMs);
      rest = rest.subarray(end);
      if (datagram) for (const listener of this.#listeners) listener(datagram);
    }
    this.#pending = Buffer.from(rest);
  }
}

/** The datagram of an Ethernet frame; undefined for anything but UDP over IPv4. */
function udpOf(frame: Buffer, atMs: number): Datagram | undefined {
  const ip = frame.subarray(ETHERNET);
  if (ip.length < 28 || ip[0]! >> 4 !== 4 || ip[9] !== UDP) return undefined;
  const udp = ip.subarray((ip[0]! & 0x0f) * 4);
  return {
    atMs,
    from: udp.readUInt16BE(0),
    to: udp.readUInt16BE(2),
    data: Buffer.from(udp.subarray(8, udp.readUInt16BE(4))),
  };
}
