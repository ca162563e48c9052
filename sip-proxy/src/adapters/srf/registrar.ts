import type { Clock } from "../../ports/clock.js";
import type { Log } from "../../ports/log.js";
import type { Authenticator } from "./authenticator.js";
import { guarded, userOf, type Handler, type SrfRequest, type SrfResponse } from "./srf-api.js";

/** Where a registered station is reached now. */
export interface Binding {
  readonly uri: string; // the Contact, without angle brackets
  readonly transport: "webrtc" | "rtp";
  /** Next hop for a phone behind NAT: where the REGISTER came from (RFC 3581); null: a connection the engine keeps. */
  readonly proxy: string | null;
}

/** Browsers renew in time; a phone that has gone is noticed within this. */
const MAX_EXPIRES_S = 120;
const MIN_EXPIRES_S = 30;

export interface RegistrarDeps {
  readonly auth: Authenticator;
  readonly clock: Clock;
  readonly log: Log;
  changed(user: string, registered: boolean): void;
  /** A browser's Contact is another one: SIP.js makes a new one for each page (SE-1). */
  pageReplaced(user: string): void;
}

/** RFC 3261 section 10.3, one contact per account: the newest wins, as a page that was loaded again has a new one. */
export class Registrar {
  readonly #bindings = new Map<string, { binding: Binding; cancel: () => void }>();
  /** Where stations that are not registered now were last: one binding per account of the site. */
  readonly #former = new Map<string, Binding>();

  constructor(private readonly deps: RegistrarDeps) {}

  bindingOf(user: string): Binding | null {
    return this.#bindings.get(user)?.binding ?? null;
  }

  forget(user: string): void {
    const known = this.#bindings.get(user);
    if (!known) return;
    known.cancel();
    this.#bindings.delete(user);
    this.#former.set(user, known.binding);
    this.deps.changed(user, false);
  }

  /** The engine is gone, and the connections that stations were reached by: they register again. */
  forgetAll(): void {
    for (const user of [...this.#bindings.keys()]) this.forget(user);
  }

  dump(): object {
    return [...this.#bindings.entries()].map(([user, { binding }]) => ({ user, transport: binding.transport }));
  }

  readonly handle: Handler = guarded(
    (req, res) => this.#register(req, res),
    (error) => this.deps.log.warn({ error }, "a registration could not be handled"),
  );

  #register(req: SrfRequest, res: SrfResponse): void {
    const user = this.deps.auth.check(req, res);
    if (user === null) return;
    if (userOf(req.getParsedHeader("to").uri) !== user) return res.send(403); // RFC 3261 10.3 step 4
    if (!req.has("Contact")) return this.#answer(req, res, user); // a query
    const all = req.get("Contact")?.trim() === "*";
    const contact = all ? null : req.getParsedHeader("contact")[0];
    const expires = expiresOf(req, contact?.params);
    if (all || expires === 0) {
      if (all && expires !== 0) return res.send(400); // 10.3 step 6
      this.forget(user);
      return res.send(200);
    }
    if (!contact) return res.send(400);
    if (expires < MIN_EXPIRES_S) return res.send(423, { headers: { "Min-Expires": String(MIN_EXPIRES_S) } });
    this.#bind(user, bindingOf(req, contact.uri), Math.min(expires, MAX_EXPIRES_S));
    this.#answer(req, res, user);
  }

  #bind(user: string, binding: Binding, seconds: number): void {
    this.#bindings.get(user)?.cancel();
    const cancel = this.deps.clock.after(seconds * 1000, () => {
      this.deps.log.info({ user }, "registration expired");
      this.forget(user);
    });
    const former = this.#bindings.get(user)?.binding ?? this.#former.get(user);
    const known = this.#bindings.has(user);
    this.#bindings.set(user, { binding, cancel });
    if (!known) this.deps.changed(user, true);
    if (binding.transport === "webrtc" && former && former.uri !== binding.uri) this.deps.pageReplaced(user);
  }

  #answer(req: SrfRequest, res: SrfResponse, user: string): void {
    const binding = this.bindingOf(user);
    if (!binding) return res.send(200);
    const contact = req.has("Contact") ? req.getParsedHeader("contact")[0] : undefined;
    const expires = Math.min(expiresOf(req, contact?.params), MAX_EXPIRES_S);
    res.send(200, { headers: { Contact: `<${binding.uri}>;expires=${expires}` } });
  }
}

function expiresOf(req: SrfRequest, params: Readonly<Record<string, string>> | undefined): number {
  const seconds = Number(params?.["expires"] ?? req.get("Expires") ?? MAX_EXPIRES_S);
  return Number.isInteger(seconds) && seconds >= 0 ? seconds : MAX_EXPIRES_S; // 10.3 step 7: malformed counts as absent
}

function bindingOf(req: SrfRequest, uri: string): Binding {
  const websocket = /;transport=wss?/i.test(uri);
  const udp = req.protocol === "udp";
  return {
    uri,
    transport: websocket ? "webrtc" : "rtp",
    proxy: udp ? `sip:${req.source_address}:${req.source_port}` : null,
  };
}
