import type { AgentId } from "@legwork/shared/ids";
import type { Watching } from "../../app/watching.js";
import { contactKey } from "../../domain/contact-place.js";
import {
  accepts,
  ALLOW_EVENTS,
  CONTENT_TYPE,
  durationOf,
  MIN_SUBSCRIPTION_S,
  packageOf,
  type Package,
} from "../../domain/subscription.js";
import { userOf } from "../../domain/sip-uri.js";
import type { Clock } from "../../ports/clock.js";
import type { Log } from "../../ports/log.js";
import type { Metrics } from "../../ports/metrics.js";
import type { Authenticator } from "./authenticator.js";
import {
  guarded,
  type Handler,
  type Headers,
  type SrfApi,
  type SrfDialog,
  type SrfRequest,
  type SrfResponse,
} from "./srf-api.js";
import type { Registrar } from "./registrar.js";
import { Subscription } from "./subscription.js";

/** More lamps than any telephone has. */
const MAX_PER_ACCOUNT = 200;

export interface SubscriptionsDeps {
  readonly srf: SrfApi;
  readonly auth: Authenticator;
  readonly registrar: Pick<Registrar, "mistakeAt">;
  readonly watching: Watching;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** What a SUBSCRIBE asks for, once it is known to be possible. */
interface Wanted {
  readonly event: { readonly package: Package; readonly header: string };
  readonly seconds: number;
}

/** The lamps of telephones: `dialog`, `presence`, `message-summary`, and `conference` for who is in one (SG-7). */
export class Subscriptions {
  readonly #all = new Set<Subscription>();
  readonly #byAgent = new Map<AgentId, Set<Subscription>>();
  readonly #perAccount = new Map<string, number>();

  constructor(private readonly deps: SubscriptionsDeps) {}

  readonly handle: Handler = guarded(
    (req, res) => this.#subscribe(req, res),
    (error) => this.deps.log.warn({ error }, "a subscription could not be handled"),
  );

  /** Something that concerns these agents is another now. */
  changed(agents: Iterable<AgentId>): void {
    for (const agent of agents) for (const subscription of this.#byAgent.get(agent) ?? []) subscription.changed();
  }

  engineLost(): void {
    for (const subscription of [...this.#all]) subscription.parentClosed();
  }

  /** How many there are, by event package. */
  count(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { event } of this.#all) counts[event.package] = (counts[event.package] ?? 0) + 1;
    return counts;
  }

  async #subscribe(req: SrfRequest, res: SrfResponse): Promise<void> {
    const { auth, watching, srf, metrics } = this.deps;
    const user = auth.checkStation(req, res);
    if (user === null) return;
    const required = req.get("Require");
    if (required !== undefined) return res.send(420, { headers: { Unsupported: required } });
    const wanted = this.#wanted(req, res);
    if (!wanted) return;
    if (!canBeAnswered(req)) {
      metrics.sipRefused("SUBSCRIBE", "malformed");
      return res.send(400, "Bad Contact or To");
    }
    if (!this.#mayBeThere(user, req)) return this.#refuse(res, 403);
    const watched = watching.watch(wanted.event.package, userOf(req.uri), user);
    const tooMany = (this.#perAccount.get(user) ?? 0) >= MAX_PER_ACCOUNT;
    if ("refused" in watched || tooMany) return this.#refuse(res, "refused" in watched ? watched.refused : 403);
    const { event, seconds } = wanted;
    const dialog = await srf.createUAS(req, with200(res), { headers: { Expires: String(seconds) } });
    const { clock, log } = this.deps;
    const ctx = { clock, log, over: (one: Subscription) => this.#over(one) };
    const subscription = new Subscription(ctx, user, event, watched, dialog, Math.max(seconds, 1));
    this.#add(subscription);
    this.#listen(dialog, subscription);
    if (seconds === 0)
      subscription.end("timeout"); // a question, not a subscription (RFC 6665 section 4.4.3)
    else subscription.tell();
  }

  #refuse(res: SrfResponse, status: number): void {
    this.deps.metrics.sipRefused("SUBSCRIBE", "not-allowed");
    res.send(status);
  }

  /** An engine takes the connection that a SUBSCRIBE came on for the way to its Contact, as of a REGISTER. */
  #mayBeThere(user: string, req: SrfRequest): boolean {
    const uris = req.has("Contact") ? req.getParsedHeader("contact").map(({ uri }) => uri) : [];
    return req.protocol === "udp" || this.deps.registrar.mistakeAt(user, uris, req) === null;
  }

  /** Null when the request was answered with what is wrong with it. */
  #wanted(req: SrfRequest, res: SrfResponse): Wanted | null {
    const refuse = (status: number, headers: Headers): null => {
      res.send(status, { headers });
      return null;
    };
    const header = req.get("Event") ?? "";
    const known = packageOf(header);
    if (!known) return refuse(489, { "Allow-Events": ALLOW_EVENTS });
    if (!accepts(req.get("Accept"), CONTENT_TYPE[known])) return refuse(406, { Accept: CONTENT_TYPE[known] });
    const seconds = durationOf(req.get("Expires"));
    if (seconds === null) return refuse(423, { "Min-Expires": String(MIN_SUBSCRIPTION_S) });
    return { event: { package: known, header }, seconds };
  }

  /** Everything that can arrive in the dialog: drachtio-srf answers 200 to what nobody listens to. */
  #listen(dialog: SrfDialog, subscription: Subscription): void {
    dialog.on("subscribe", (req, res) => {
      const user = this.deps.auth.checkStation(req, res);
      if (user === null) return;
      if (user !== subscription.user || !canBeAnswered(req) || !this.#mayBeThere(user, req))
        return this.#refuse(res, 403);
      const wanted = this.#wanted(req, res);
      if (!wanted) return;
      if (wanted.event.header !== subscription.event.header) return res.send(489); // one dialog, one subscription
      res.send(200, { headers: { Expires: String(wanted.seconds) } });
      subscription.renew(wanted.seconds);
    });
    dialog.on("unsubscribe", () => subscription.end("timeout"));
    for (const method of ["refer", "info", "message", "publish", "update"] as const)
      dialog.on(method, (_req, res) => res.send(405, { headers: { Allow: "SUBSCRIBE, NOTIFY, OPTIONS" } }));
    dialog.on("notify", (_req, res) => res.send(481));
  }

  #add(subscription: Subscription): void {
    const { user, watched, event } = subscription;
    this.#all.add(subscription);
    const watchers = this.#byAgent.get(watched.agent) ?? new Set();
    this.#byAgent.set(watched.agent, watchers.add(subscription));
    this.#perAccount.set(user, (this.#perAccount.get(user) ?? 0) + 1);
    this.deps.metrics.subscription(event.package, "accepted");
  }

  #over(subscription: Subscription): void {
    const { user, watched, event } = subscription;
    if (!this.#all.delete(subscription)) return;
    const watchers = this.#byAgent.get(watched.agent);
    watchers?.delete(subscription);
    if (watchers?.size === 0) this.#byAgent.delete(watched.agent);
    const left = (this.#perAccount.get(user) ?? 1) - 1;
    if (left > 0) this.#perAccount.set(user, left);
    else this.#perAccount.delete(user);
    this.deps.metrics.subscription(event.package, "ended");
  }
}

/** drachtio-srf makes a dialog of the SUBSCRIBE: its To and Contact have to be SIP URIs. */
function canBeAnswered(req: SrfRequest): boolean {
  try {
    const uris = [req.getParsedHeader("to").uri, req.getParsedHeader("contact")[0]?.uri ?? ""];
    return uris.every((uri) => contactKey(uri) !== null);
  } catch {
    return false;
  }
}

/** createUAS says 202, which RFC 6665 section 8.3.1 has done away with. */
const with200 = (res: SrfResponse): SrfResponse =>
  Object.assign(Object.create(res) as SrfResponse, {
    send: (status: number, opts?: object, callback?: (error: unknown) => void) =>
      res.send(status === 202 ? 200 : status, opts, callback),
  });
