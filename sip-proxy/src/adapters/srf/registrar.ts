import {
  heardOf,
  MIN_EXPIRES_S,
  hasStartedAnew,
  nextExpiry,
  reachable,
  register,
  unexpired,
  type Contact,
  type Contacts,
  type Registration,
} from "../../domain/registrations.js";
import { contactMistake, Places, type Place, type TakenPlaces } from "../../domain/contact-place.js";
import { warning } from "../../domain/sip-status.js";
import { userOf } from "../../domain/sip-uri.js";
import type { Clock } from "../../ports/clock.js";
import type { Log } from "../../ports/log.js";
import type { Metrics } from "../../ports/metrics.js";
import type { Authenticator } from "./authenticator.js";
import { readRegister } from "./register-request.js";
import { guarded, type Handler, type SrfRequest, type SrfResponse } from "./srf-api.js";

/** Where a registered station is reached now. */
export type Binding = Pick<Contact, "uri" | "transport" | "proxy">;

/** A contact that is reached by the connection it registered on, and by nothing else. */
export const hasConnection = ({ proxy }: Pick<Contact, "proxy">): boolean => proxy?.includes(";transport=") ?? true;

const placeOf = (contact: Contact): Place => ({ uri: contact.uri, connection: hasConnection(contact) });

export interface RegistrarDeps {
  readonly auth: Authenticator;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Where no telephone is. */
  taken(): TakenPlaces;
  isWebSocket(req: SrfRequest): boolean;
  changed(user: string, registered: boolean): void;
  /** A telephone that was registered has done so anew, as after a restart. */
  startedAnew(user: string): void;
  /** A browser's Contact is another one: SIP.js makes a new one for each page (SE-1). */
  pageReplaced(user: string): void;
}

/** RFC 3261 section 10.3. The table is pure (domain/registrations); this asks it, runs its clock and tells what changed. */
export class Registrar {
  readonly #accounts = new Map<string, { contacts: Contacts; cancel: () => void }>();
  /** Where browsers that are not registered now were last: one per account of the site. */
  readonly #formerPages = new Map<string, string>();
  readonly #places = new Places();

  constructor(private readonly deps: RegistrarDeps) {}

  /** Of several contacts the newest that answers. `besides`: another one than this. */
  bindingOf(user: string, besides: string | null = null): Binding | null {
    return reachable(this.#contactsOf(user).filter(({ uri }) => uri !== besides));
  }

  /** Everybody who is registered, with all their contacts. */
  *all(): Iterable<readonly [user: string, contacts: Contacts]> {
    for (const [user, { contacts }] of this.#accounts) yield [user, contacts];
  }

  /** A contact has answered our OPTIONS, or has not: a call goes to another one then, if there is one. */
  heardOf(user: string, uri: string, answers: boolean): void {
    this.#put(user, heardOf(this.#contactsOf(user), uri, answers));
  }

  /** There is nothing where a contact says it is. Was it reached by a connection, that is closed: it is registered no more, whatever time was left. */
  nobodyAt(user: string, uri: string): void {
    const contacts = this.#contactsOf(user);
    const gone = contacts.find((c) => c.uri === uri && hasConnection(c));
    if (!gone) return this.heardOf(user, uri, false);
    this.deps.metrics.registration("removed");
    this.deps.log.info({ user, uri }, "a registered telephone is gone");
    this.#put(
      user,
      contacts.filter((c) => c !== gone),
    );
  }

  forget(user: string): void {
    this.#put(user, []);
  }

  /** The engine is gone, and the connections that stations were reached by: they register again. */
  forgetAll(): void {
    for (const user of [...this.#accounts.keys()]) this.forget(user);
  }

  dump(): object {
    return [...this.all()].flatMap(([user, contacts]) =>
      contacts.map(({ transport, answers }) => ({ user, transport, answers })),
    );
  }

  readonly handle: Handler = guarded(
    (req, res) => this.#register(req, res),
    (error) => this.deps.log.warn({ error }, "a registration could not be handled"),
  );

  #register(req: SrfRequest, res: SrfResponse): void {
    const { auth, clock, log, metrics } = this.deps;
    const user = auth.checkStation(req, res);
    if (user === null) return;
    const required = req.get("Require");
    if (required !== undefined) return res.send(420, { headers: { Unsupported: required } }); // 10.3 step 2
    if (userOf(req.getParsedHeader("to").uri) !== user) return res.send(403); // step 4
    const asked = readRegister(req, this.deps.isWebSocket(req));
    if (!asked) {
      metrics.sipRefused("REGISTER", "malformed");
      return res.send(400, "Bad Contact");
    }
    const uris = typeof asked.contacts === "string" ? [] : asked.contacts.map(({ uri }) => uri);
    const mistake = this.mistakeAt(user, uris, req);
    if (mistake) {
      metrics.sipRefused("REGISTER", "not-allowed");
      log.warn({ user, mistake }, "a Contact was refused");
      return res.send(403, { headers: { Warning: warning(this.deps.taken().domain, mistake) } });
    }
    const before = this.#contactsOf(user);
    const made = register(before, asked, clock.now());
    if ("refused" in made) {
      const { status, reason } = made.refused;
      if (status === 400) metrics.sipRefused("REGISTER", "malformed");
      const headers = { "Min-Expires": String(MIN_EXPIRES_S) };
      return res.send(status, reason, status === 423 ? { headers } : {});
    }
    if (asked.contacts !== "none") this.#count(before, made.contacts, asked);
    this.#put(user, made.contacts);
    this.#answer(res, made.contacts);
    this.#tellOfPage(user, made.contacts);
    if (hasStartedAnew(before, made.contacts)) this.deps.startedAnew(user);
  }

  /** Why an account may not have these Contacts; null: it may. An engine learns ways from SUBSCRIBE, too. */
  mistakeAt(account: string, uris: readonly string[], req: SrfRequest): string | null {
    const taken = this.deps.taken();
    const overWebSocket = this.deps.isWebSocket(req);
    for (const uri of uris) {
      const mistake = contactMistake(uri, { overWebSocket, account }, taken);
      if (mistake) return mistake;
      const place = { uri, connection: req.protocol !== "udp" };
      if (this.#places.isOfAnother(account, place)) return "Contact of another account";
    }
    return null;
  }

  #count(before: Contacts, after: Contacts, asked: Registration): void {
    const { metrics } = this.deps;
    const known = new Set(before.map((c) => c.uri));
    for (const { uri, callId, cseq } of after) {
      if (!known.has(uri)) metrics.registration("bound");
      else if (callId === asked.callId && cseq === asked.cseq) metrics.registration("renewed");
    }
    for (const { uri } of before) if (!after.some((c) => c.uri === uri)) metrics.registration("removed");
  }

  #put(user: string, contacts: Contacts): void {
    const { changed, clock } = this.deps;
    const was = this.bindingOf(user) !== null;
    this.#accounts.get(user)?.cancel();
    this.#places.put(user, this.#contactsOf(user).map(placeOf), contacts.map(placeOf));
    const expiry = nextExpiry(contacts);
    if (expiry === null) this.#accounts.delete(user);
    else {
      const cancel = clock.after(Math.max(0, expiry - clock.now()), () => this.#expired(user));
      this.#accounts.set(user, { contacts, cancel });
    }
    const is = this.bindingOf(user) !== null;
    if (was !== is) changed(user, is);
  }

  #expired(user: string): void {
    const before = this.#contactsOf(user);
    const after = unexpired(before, this.deps.clock.now());
    for (let n = after.length; n < before.length; n++) this.deps.metrics.registration("expired");
    if (after.length < before.length) this.deps.log.info({ user, left: after.length }, "registration expired");
    this.#put(user, after);
  }

  #tellOfPage(user: string, contacts: Contacts): void {
    const page = contacts.find(({ transport }) => transport === "webrtc");
    if (!page) return;
    const former = this.#formerPages.get(user);
    this.#formerPages.set(user, page.uri);
    if (former !== undefined && former !== page.uri) this.deps.pageReplaced(user);
  }

  /** Step 8: all contacts of the account, each with the time that is left. */
  #answer(res: SrfResponse, contacts: Contacts): void {
    const now = this.deps.clock.now();
    const left = (c: Contact): number => Math.max(0, Math.round((c.expiresAt - now) / 1000));
    const list = contacts.map((c) => `<${c.uri}>;expires=${left(c)}`).join(", ");
    res.send(200, { headers: { ...(list && { Contact: list }), Date: new Date(now).toUTCString() } });
  }

  #contactsOf(user: string): Contacts {
    return this.#accounts.get(user)?.contacts ?? [];
  }
}
