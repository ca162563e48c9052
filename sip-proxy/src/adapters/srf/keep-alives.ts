import type { Clock } from "../../ports/clock.js";
import type { Log } from "../../ports/log.js";
import type { Contact } from "../../domain/registrations.js";
import { hasConnection, type Registrar } from "./registrar.js";
import { isNobodyThere, type SrfApi } from "./srf-api.js";

/** Shorter than what NATs keep a UDP mapping for (RFC 4787 section 4.3 asks for two minutes, many give half of one). */
const PERIOD_MS = 25_000;

export interface KeepAlivesDeps {
  readonly srf: SrfApi;
  readonly registrar: Registrar;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * OPTIONS to telephones behind a NAT or on a connection: the way to them stays open, and who does not answer is not called. A connection that is
 * closed ends the registration: engines tell of it in no other way.
 */
export class KeepAlives {
  #cancel: () => void = () => undefined;
  /** Contacts whose answer is still awaited: none is asked twice at once. */
  readonly #asked = new Set<string>();

  constructor(private readonly deps: KeepAlivesDeps) {}

  start(): void {
    this.#cancel = this.deps.clock.after(PERIOD_MS, () => {
      this.#round();
      this.start();
    });
  }

  stop(): void {
    this.#cancel();
  }

  /** The engine is gone, and every answer with it. */
  engineLost(): void {
    this.#asked.clear();
  }

  #round(): void {
    const { registrar } = this.deps;
    for (const [user, contacts] of registrar.all())
      for (const contact of contacts)
        if (contact.behindNat || hasConnection(contact) || !contact.answers) this.#ask(user, contact);
  }

  #ask(user: string, contact: Contact): void {
    const { uri, proxy } = contact;
    const { srf, registrar, log } = this.deps;
    const key = `${user} ${uri}`;
    if (this.#asked.has(key)) return;
    this.#asked.add(key);
    const heard = (answers: boolean): void => {
      this.#asked.delete(key);
      if (!answers) log.info({ user, uri }, "a registered telephone does not answer");
      if (answers) registrar.heardOf(user, uri, true);
      else registrar.nobodyAt(user, uri);
    };
    srf.request(uri, { method: "OPTIONS", ...(proxy && { proxy }) }, (error, req) => {
      if (error || !req) return void this.#asked.delete(key); // nothing was sent: nothing is known
      req.on("response", (res) => heard(!isNobodyThere(res.status, res))); // any answer of the phone's will do, 405 too
    });
  }
}
