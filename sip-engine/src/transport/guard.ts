import { BlockList, Socket, isIP } from "node:net";
import type { Server } from "node:net";
import type { Duplex } from "node:stream";
import { plainAddress } from "./listener.js";
import type { TransportEvents } from "./listener.js";
import { SourceLimiter, sourceOf } from "./limits.js";
import type { LimitRules, RefusalReason } from "./limits.js";

/** Addresses remembered with their source: finding it out costs more than the rest of a message's way in. */
const MAX_ADDRESSES = 20_000;

/** A connection that can keep the engine waiting. */
export interface Waiting {
  readonly remote: { readonly host: string };
  /** When the wait for its first message, or for the rest of one, began; null when nothing is owed. */
  readonly waitingSince: number | null;
  destroy(): void;
}

/** Holds peers of all listeners to the limits: what exceeds them is dropped or closed, and counted. */
export class Guard {
  readonly #rules: LimitRules;
  readonly #trusted = new BlockList();
  readonly #events: TransportEvents;
  readonly #limiter: SourceLimiter;
  /** Source of each address, null for trusted ones. */
  readonly #sources = new Map<string, string | null>();
  readonly #connections = new Map<string, number>();
  readonly #waiting = new Set<Waiting>();
  readonly #sweep: NodeJS.Timeout;
  #open = 0;
  #pending = 0;

  /** @param trusted addresses and networks (`10.0.0.0/8`) that no rate and no number of connections is held against */
  constructor(rules: LimitRules, trusted: readonly string[], events: TransportEvents) {
    this.#rules = rules;
    this.#events = events;
    this.#limiter = new SourceLimiter(rules.messages);
    for (const text of trusted) trust(this.#trusted, text);
    this.#sweep = setInterval(() => this.#closeStalled(), Math.min(1000, Math.max(20, rules.stallMs / 4)));
    this.#sweep.unref();
  }

  get stallMs(): number {
    return this.#rules.stallMs;
  }

  /** Whether one more message from this address is taken. */
  admits(host: string): boolean {
    const source = this.#sourceOf(host);
    if (source === null || this.#limiter.admits(source, performance.now())) return true;
    this.#events.refused("rate", host);
    return false;
  }

  /** Closes connections to a server at once that are too many. To be called before the server's own listeners are set. */
  watch(server: Server): void {
    server.on("connection", (socket: Socket) => {
      const host = plainAddress(socket.remoteAddress);
      const reason = this.#excess(host);
      if (reason === null) return this.#count(host, socket);
      this.#events.refused(reason, host);
      socket.destroy();
    });
  }

  /** A connection did not come about: too slowly, or not at all. Node leaves closing it to us. */
  handshakeFailed(error: NodeJS.ErrnoException, socket: Duplex): void {
    const slow = error.code === "ERR_TLS_HANDSHAKE_TIMEOUT" || error.code === "ERR_HTTP_REQUEST_TIMEOUT";
    if (slow) this.#events.refused("handshake", socket instanceof Socket ? plainAddress(socket.remoteAddress) : "");
    else this.#events.counted("socket-error");
    socket.destroy();
  }

  /** From now on a connection is closed when it keeps us waiting too long. */
  attend(connection: Waiting): void {
    this.#waiting.add(connection);
  }

  release(connection: Waiting): void {
    this.#waiting.delete(connection);
  }

  /** Takes note that a connection keeps so many bytes more (or less); false when all together keep too many. */
  keep(bytes: number): boolean {
    this.#pending += bytes;
    return bytes <= 0 || this.#pending <= this.#rules.pendingBytes;
  }

  /** Counts what was refused. */
  refused(reason: RefusalReason, host: string): void {
    this.#events.refused(reason, host);
  }

  close(): void {
    clearInterval(this.#sweep);
  }

  #excess(host: string): RefusalReason | null {
    if (this.#open >= this.#rules.connections) return "connections";
    const source = this.#sourceOf(host);
    if (source === null) return null;
    return (this.#connections.get(source) ?? 0) >= this.#rules.sourceConnections ? "source-connections" : null;
  }

  #count(host: string, socket: Socket): void {
    const source = this.#sourceOf(host) ?? "trusted";
    this.#open++;
    this.#connections.set(source, (this.#connections.get(source) ?? 0) + 1);
    socket.once("close", () => {
      this.#open--;
      const left = (this.#connections.get(source) ?? 1) - 1;
      if (left > 0) this.#connections.set(source, left);
      else this.#connections.delete(source);
    });
  }

  #sourceOf(host: string): string | null {
    const known = this.#sources.get(host);
    if (known !== undefined) return known;
    if (this.#sources.size >= MAX_ADDRESSES) this.#sources.clear();
    const family = isIP(host);
    const source = family !== 0 && this.#trusted.check(host, family === 6 ? "ipv6" : "ipv4") ? null : sourceOf(host);
    this.#sources.set(host, source);
    return source;
  }

  #closeStalled(): void {
    const deadline = performance.now() - this.#rules.stallMs;
    for (const connection of this.#waiting) {
      if (connection.waitingSince === null || connection.waitingSince > deadline) continue;
      this.#events.refused("stalled", connection.remote.host);
      connection.destroy();
    }
  }
}

/** False when a text is neither an address nor a network. */
export function isNetwork(text: string): boolean {
  try {
    trust(new BlockList(), text);
    return true;
  } catch {
    return false;
  }
}

function trust(list: BlockList, text: string): void {
  const [address = "", bits] = text.split("/");
  const family = isIP(address) === 6 ? "ipv6" : "ipv4";
  if (bits === undefined) list.addAddress(address, family);
  else list.addSubnet(address, /^\d+$/.test(bits) ? Number(bits) : -1, family);
}
