import { isIP } from "node:net";

/** Unsent bytes after which a peer that does not read is given up. */
export const MAX_BACKLOG = 8 * 1024 * 1024;

/** What one peer, and all together, may ask of the transports. */
export interface LimitRules {
  /** Messages a second from one source, with as many again in a burst; 0: any number. */
  readonly messages: number;
  /** Connections that peers may have open, all together and from one source. */
  readonly connections: number;
  readonly sourceConnections: number;
  /** Bytes of unfinished messages kept for all connections together. */
  readonly pendingBytes: number;
  /** How long a connection may take to send its first message, or to finish one it has begun, milliseconds. */
  readonly stallMs: number;
}

/** Why something was not taken. */
export type RefusalReason =
  "rate" | "connections" | "source-connections" | "pending-bytes" | "stalled" | "handshake" | "garbage";

/** Sources remembered at a time: more than can be busy honestly, and a few megabytes. */
const MAX_SOURCES = 20_000;

/** A token bucket for each source: `perSecond` messages a second, twice as many at once. Time is passed in. */
export class SourceLimiter {
  readonly #buckets = new Map<string, { tokens: number; at: number }>();
  readonly #perSecond: number;
  readonly #maxSources: number;

  constructor(perSecond: number, maxSources = MAX_SOURCES) {
    this.#perSecond = perSecond;
    this.#maxSources = maxSources;
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** Whether one more message is taken. @param now milliseconds of a clock that does not go back */
  admits(source: string, now: number): boolean {
    if (this.#perSecond === 0) return true;
    const burst = 2 * this.#perSecond;
    const bucket = this.#buckets.get(source);
    if (bucket === undefined) {
      if (this.#buckets.size >= this.#maxSources) this.#forget(now);
      this.#buckets.set(source, { tokens: burst - 1, at: now });
      return true;
    }
    bucket.tokens = Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.at) * this.#perSecond) / 1000);
    bucket.at = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens--;
    return true;
  }

  /** Forgets sources whose buckets are full again, for which nothing is lost; failing that, the ones known longest. */
  #forget(now: number): void {
    for (const [source, { tokens, at }] of this.#buckets) {
      if (tokens + ((now - at) * this.#perSecond) / 1000 >= 2 * this.#perSecond) this.#buckets.delete(source);
    }
    const spare = Math.ceil(this.#maxSources / 10);
    for (const source of this.#buckets.keys()) {
      if (this.#buckets.size <= this.#maxSources - spare) return;
      this.#buckets.delete(source);
    }
  }
}

/** Who an address belongs to: itself, or for IPv6 its /64, the least a customer is given. */
export function sourceOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = "", tail] = address.split("::");
  const groups = head === "" ? [] : head.split(":");
  if (tail !== undefined) {
    const after = tail === "" ? 0 : tail.split(":").length;
    while (groups.length < 8 - after && groups.length < 4) groups.push("0");
    groups.push(...tail.split(":"));
  }
  const prefix = groups.slice(0, 4).map((group) => parseInt(group || "0", 16).toString(16));
  return `${prefix.join(":")}::/64`;
}

/** Unreadable messages before a connection is suspected. */
const SUSPECT_AFTER = 20;

/** Tells when a connection has sent mostly garbage: many messages nobody could read, more than could be read. */
export class GarbageCount {
  #good = 0;
  #bad = 0;

  /** @returns true when the connection is to be closed */
  add(readable: boolean): boolean {
    if (readable) this.#good++;
    else this.#bad++;
    return this.#bad >= SUSPECT_AFTER && this.#bad > this.#good;
  }
}

/** Lets one line for each key through in an interval, and says how many it has kept back since the last. */
export class LogThrottle {
  readonly #lines = new Map<string, { since: number; kept: number }>();
  readonly #intervalMs: number;

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /** @returns how many lines were kept back before this one, or null when this one is kept back too */
  admit(key: string, now: number): number | null {
    const line = this.#lines.get(key);
    if (line !== undefined && now - line.since < this.#intervalMs) {
      line.kept++;
      return null;
    }
    this.#lines.set(key, { since: now, kept: 0 });
    return line?.kept ?? 0;
  }
}
