import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { NoPortLeft, type Wire, type WireEvents } from "../../ports/wire.js";
import { isRtcpCompound, writeReport, type Report } from "../../rtp/rtcp.js";
import { looksLikeRtcp } from "../../rtp/packet.js";
import type { LocalTransport } from "../../sdp/description.js";
import type { Agreement } from "../../sdp/offer-answer.js";

export interface RtpListen {
  readonly ip: string;
  readonly announced: string;
  readonly ports: { readonly min: number; readonly max: number };
}

interface Destination {
  readonly ip: string;
  readonly port: number;
}

/** How many ports to try before saying that there is none. */
const ATTEMPTS = 200;

/** Open sockets of this thread, for the dump. */
let openSockets = 0;
export const countSockets = (): number => openSockets;

/** The wire to a phone or a trunk: RTP on an even port, RTCP on the next (RFC 3550 section 11). */
export class RtpWire implements Wire {
  readonly carried = null;
  readonly local: LocalTransport;
  readonly #rtp: Socket;
  readonly #rtcp: Socket;
  /** What the peer's description says, and where the packets go: elsewhere once the peer was heard from elsewhere. */
  #described: Destination | null = null;
  #destination: Destination | null = null;
  #rtcpDestination: Destination | null = null;
  #mux = false;
  #closed = false;

  private constructor(rtp: Socket, rtcp: Socket, announced: string, events: WireEvents) {
    this.#rtp = rtp;
    this.#rtcp = rtcp;
    this.local = { kind: "rtp", ip: announced, port: rtp.address().port };
    rtp.on("message", (datagram, from) => {
      if (looksLikeRtcp(datagram)) {
        if (isRtcpCompound(datagram)) events.report(datagram, from.address);
      } else events.packet(datagram, `${from.address}:${from.port}`);
    });
    rtcp.on("message", (datagram, from) => {
      if (isRtcpCompound(datagram)) events.report(datagram, from.address);
    });
    // ICMP "port unreachable" and the like: the peer may come back.
    rtp.on("error", () => undefined);
    rtcp.on("error", () => undefined);
  }

  static async create(listen: RtpListen, random: () => number, events: WireEvents): Promise<RtpWire> {
    const first = Math.ceil(listen.ports.min / 2) * 2;
    const pairs = Math.floor((listen.ports.max - first + 1) / 2);
    const start = Math.floor(random() * pairs);
    for (let i = 0; i < Math.min(pairs, ATTEMPTS); i++) {
      const port = first + 2 * ((start + i) % pairs);
      const rtp = await bound(listen.ip, port);
      if (rtp === null) continue;
      const rtcp = await bound(listen.ip, port + 1);
      if (rtcp !== null) return new RtpWire(rtp, rtcp, listen.announced, events);
      closeSocket(rtp);
    }
    throw new NoPortLeft(`no pair of ports free in ${listen.ports.min}-${listen.ports.max}`);
  }

  get hasDestination(): boolean {
    return this.#destination !== null;
  }

  async prepare(): Promise<void> {}

  async agree({ remote }: Agreement): Promise<void> {
    if (remote.transport.kind !== "rtp") return;
    const { address, rtcpMux } = remote.transport;
    this.#mux = rtcpMux;
    // A description without a usable address (the old hold form) leaves the known one.
    if (address === null) return;
    // The same address again, as on hold: a peer behind a NAT stays where it was heard from.
    if (this.#described?.ip === address.ip && this.#described.port === address.port) return;
    this.#described = { ip: address.ip, port: address.port };
    this.#destination = this.#described;
    this.#rtcpDestination = { ip: address.ip, port: address.rtcpPort };
  }

  send(packet: Uint8Array): void {
    if (this.#closed || this.#destination === null) return;
    this.#rtp.send(packet, this.#destination.port, this.#destination.ip, ignore);
  }

  adopt(origin: string): void {
    const at = origin.lastIndexOf(":");
    const [ip, port] = [origin.slice(0, at), Number(origin.slice(at + 1))];
    if (this.#destination?.ip === ip && this.#destination.port === port) return;
    this.#destination = { ip, port };
    this.#rtcpDestination = { ip, port: port + 1 };
  }

  report(report: Report): void {
    const [socket, to] = this.#mux ? [this.#rtp, this.#destination] : [this.#rtcp, this.#rtcpDestination];
    if (this.#closed || to === null || to.port > 65535) return;
    socket.send(writeReport(report), to.port, to.ip, ignore);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSocket(this.#rtp);
    closeSocket(this.#rtcp);
  }
}

/** A datagram that cannot be sent is a lost datagram. */
const ignore = (): void => undefined;

async function bound(ip: string, port: number): Promise<Socket | null> {
  const socket = createSocket({ type: "udp4" });
  try {
    socket.bind({ port, address: ip, exclusive: true });
    await once(socket, "listening");
    openSockets += 1;
    return socket;
  } catch {
    socket.close();
    return null; // Taken by somebody else.
  }
}

function closeSocket(socket: Socket): void {
  openSockets -= 1;
  socket.close();
}
