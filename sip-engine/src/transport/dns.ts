import { Resolver as NodeResolver, lookup } from "node:dns/promises";
import type { NaptrRecord, SrvRecord } from "node:dns";
import type { Dns } from "./resolver.js";

/** A call set-up cannot wait long for a name server that does not answer. */
const TIMEOUT_MS = 1500;
/** How long answers are used again. Node tells no TTL of SRV and NAPTR records, so it is short. */
const KEPT_MS = 10_000;
/** The same for "there is none", and for no answer at all. */
const NONE_KEPT_MS = 5000;
const MAX_KEPT = 2000;

/** Name servers, through the system or those told, with a short memory. */
export class SystemDns implements Dns {
  readonly #resolver = new NodeResolver({ timeout: TIMEOUT_MS, tries: 1 });
  readonly #ownServers: boolean;
  readonly #kept = new Map<string, { readonly answer: Promise<readonly unknown[]>; until: number }>();

  /** @param servers `address` or `address:port`; none for the system's */
  constructor(servers: readonly string[]) {
    this.#ownServers = servers.length > 0;
    if (this.#ownServers) this.#resolver.setServers(servers);
  }

  naptr(name: string): Promise<readonly NaptrRecord[]> {
    return this.#ask(`naptr ${name}`, () => this.#resolver.resolveNaptr(name));
  }

  srv(name: string): Promise<readonly SrvRecord[]> {
    return this.#ask(`srv ${name}`, () => this.#resolver.resolveSrv(name));
  }

  addresses(name: string): Promise<readonly string[]> {
    return this.#ask(`address ${name}`, async () => {
      // Names without a dot are not theirs.
      const own = this.#ownServers && name.includes(".") ? await this.#fromOwnServers(name) : [];
      // The system's resolver knows /etc/hosts and container names.
      return own.length > 0 ? own : (await lookup(name, { all: true })).map(({ address }) => address);
    });
  }

  async #fromOwnServers(name: string): Promise<readonly string[]> {
    const none = (): string[] => [];
    const [v4, v6] = await Promise.all([
      this.#resolver.resolve4(name).catch(none),
      this.#resolver.resolve6(name).catch(none),
    ]);
    return [...v4, ...v6];
  }

  /** Asks, or answers from memory; no answer counts as an empty one. */
  #ask<One>(question: string, ask: () => Promise<readonly One[]>): Promise<readonly One[]> {
    const kept = this.#kept.get(question);
    if (kept !== undefined && kept.until > performance.now()) return kept.answer as Promise<readonly One[]>;
    if (this.#kept.size >= MAX_KEPT) this.#kept.clear();
    const entry = { answer: ask().catch((): readonly One[] => []), until: Infinity };
    this.#kept.set(question, entry);
    void entry.answer.then((found) => {
      entry.until = performance.now() + (found.length > 0 ? KEPT_MS : NONE_KEPT_MS);
    });
    return entry.answer;
  }
}
