import type { Command } from "../protocol/command.js";
import {
  answeredNonces,
  challengeNonces,
  forwardedRequest,
  hopsLeft,
  redirectTargets,
  responseTarget,
  returnedResponse,
} from "../proxy/forwarding.js";
import { startForking, stepForking } from "../proxy/forking.js";
import type { ForkAction, ForkEvent, ForkState } from "../proxy/forking.js";
import { cancelFor, ownResponse } from "../sip/compose.js";
import type { RequestEnvelope, ResponseEnvelope } from "../sip/envelope.js";
import { listValues, serialise } from "../sip/message.js";
import type { HeaderField, SipRequest, SipResponse } from "../sip/message.js";
import { parseNameAddr } from "../sip/name-addr.js";
import { parseMessage } from "../sip/parse-message.js";
import { bareHost, hostPort, parseUri } from "../sip/uri.js";
import { parseVia } from "../sip/via.js";
import type { Step } from "../transaction/machine.js";
import type { Context } from "./context.js";
import { appHeaders, defaultContact, ownVia, targetOf } from "./outgoing.js";
import type { App, Flow, ReachFailure, Transport } from "./ports.js";
import { routeTo, whenRouted } from "./routing.js";
import { TimerSet } from "./timer-set.js";
import type { ClientFailure, ClientTransaction, ServerTransaction } from "./transactions.js";

type ProxyOrder = Extract<Command, { readonly type: "proxy" }>;

/** Timer C (RFC 3261 16.6 step 11): more than three minutes. */
const TIMER_C_MS = 185_000;
/** How long the target that challenged a caller is remembered for the caller's second try. */
const CHALLENGE_MS = 2_000;

/** One attempt at one target, with what the forking machine need not know. */
interface Attempt {
  readonly target: string;
  transaction: ClientTransaction | null;
  last: { readonly response: SipResponse; readonly flow: Flow } | null;
  readonly timers: TimerSet<"C" | "patience" | "final">;
}

/** A request being proxied. */
interface Proxied {
  readonly app: App;
  readonly order: ProxyOrder;
  readonly transaction: ServerTransaction;
  readonly extra: readonly HeaderField[];
  readonly hops: number;
  readonly attempts: Attempt[];
  state: ForkState;
  answered: boolean;
  told: boolean;
}

/** Proxies requests for apps, and forwards what belongs to proxied dialogs without keeping state. */
export class Proxies {
  readonly #context: Context;
  readonly #proxied = new Map<ServerTransaction, Proxied>();
  readonly #challengers = new Map<string, string>();

  constructor(context: Context) {
    this.#context = context;
  }

  get size(): number {
    return this.#proxied.size;
  }

  /** Takes over a request the app has not answered; `transaction` is no longer the app's to respond to. */
  start(app: App, order: ProxyOrder, transaction: ServerTransaction): void {
    const { courier, ids } = this.#context;
    const { message } = transaction.envelope;
    const hops = hopsLeft(message);
    if (hops === null) {
      transaction.respond(ownResponse(message, 483, ids.token()));
      const reason = "Rejected with 483 Too Many Hops due to Max-Forwards value of 0";
      return courier.fail(app, order.id, reason);
    }
    const challenger = answeredNonces(message).flatMap((nonce) => this.#challengers.get(nonce) ?? [])[0];
    const targets = challenger === undefined ? order.destinations : [challenger];
    if (!targets.some((target) => parseUri(target) !== null)) {
      transaction.respond(ownResponse(message, 500, ids.token()));
      return courier.fail(app, order.id, "error proxying request to ");
    }
    const text = parseMessage(order.sip, false).message;
    const { simultaneous, followRedirects } = order;
    const first = startForking({ targets, simultaneous, followRedirects });
    const one: Proxied = {
      app,
      order,
      transaction,
      extra: text === null ? [] : appHeaders(text, transaction.flow),
      hops,
      attempts: [],
      state: first.state,
      answered: false,
      told: false,
    };
    this.#proxied.set(transaction, one);
    transaction.onEnd = () => this.#proxied.delete(transaction);
    this.#run(one, first);
  }

  /** CANCEL from upstream: true when the INVITE is being proxied. */
  cancel(envelope: RequestEnvelope, flow: Flow, invite: ServerTransaction): boolean {
    const one = this.#proxied.get(invite);
    if (one === undefined) return false;
    const tag = this.#context.ids.token();
    this.#context.transactions.server(envelope, flow).respond(ownResponse(envelope.message, 200, tag));
    if (!invite.open) return true;
    this.#answer(one, ownResponse(invite.envelope.message, 487, tag));
    this.#feed(one, { type: "cancelReceived" });
    return true;
  }

  #feed(one: Proxied, event: ForkEvent): void {
    this.#run(one, stepForking(one.state, event));
  }

  #run(one: Proxied, step: Step<ForkState, ForkAction>): void {
    one.state = step.state;
    for (const action of step.actions) this.#act(one, action);
  }

  #act(one: Proxied, action: ForkAction): void {
    switch (action.type) {
      case "try":
        return this.#try(one, action.branch, action.target);
      case "forward":
        return this.#forward(one, one.attempts[action.branch]?.last?.response);
      case "forwardBest":
        return this.#forwardBest(one, action.branch);
      case "answer":
        return this.#answer(
          one,
          ownResponse(one.transaction.envelope.message, action.status, this.#context.ids.token()),
        );
      case "cancel":
        return this.#cancelAttempt(one.attempts[action.branch]);
      case "report":
        return this.#report(one, one.attempts[action.branch]);
      case "finish":
        for (const attempt of one.attempts) attempt.timers.clear();
        return this.#tellDone(one);
    }
  }

  #try(one: Proxied, branch: number, target: string): void {
    const timers = new TimerSet<"C" | "patience" | "final">(this.#context.clock, () => {
      // 16.8: after timer C, or a limit of the app's, the branch is cancelled and counts as 408.
      this.#feed(one, { type: "patienceEnded", branch });
    });
    const attempt: Attempt = { target, transaction: null, last: null, timers };
    one.attempts[branch] = attempt;
    const { message } = one.transaction.envelope;
    const wanted = parseUri(message.uri);
    const own = wanted !== null && this.#context.transports.isOurs(wanted.host, wanted.port ?? 5060);
    const requestUri = own && wanted.scheme !== "tel" ? target : message.uri;
    whenRouted(routeTo(this.#context, requestUri, target), (found) => {
      this.#send(one, branch, attempt, requestUri, found);
    });
  }

  #send(one: Proxied, branch: number, attempt: Attempt, requestUri: string, found: Flow | ReachFailure): void {
    if (typeof found === "string" || found.closed) {
      this.#feed(one, { type: "branchFailed", branch, status: 503 });
      return;
    }
    const request = forwardedRequest({
      request: one.transaction.envelope.message,
      requestUri,
      via: ownVia(found, this.#context.ids.token()),
      hops: one.hops,
      recordRoute: one.order.recordRoute ? withLr(defaultContact(found)) : null,
      routes: [],
      extra: one.extra,
    });
    const invite = request.method === "INVITE";
    if (invite) attempt.timers.start("C", TIMER_C_MS);
    if (one.order.provisionalTimeout !== null) attempt.timers.start("patience", one.order.provisionalTimeout);
    if (one.order.finalTimeout !== null) attempt.timers.start("final", one.order.finalTimeout);
    attempt.transaction = this.#context.transactions.client(request, found, {
      responded: (response, flow) => this.#responded(one, branch, attempt, response, flow),
      failed: (cause) => this.#failed(one, branch, attempt, cause),
    });
    if (invite) this.#context.courier.cdr({ type: "attempt", source: "application" }, attempt.transaction.text);
    attempt.transaction.start();
    if (!one.order.fullResponse) this.#tellDone(one);
  }

  #responded(one: Proxied, branch: number, attempt: Attempt, response: ResponseEnvelope, flow: Flow): void {
    const { message } = response;
    attempt.last = { response: message, flow };
    attempt.timers.stop("patience");
    if (message.status < 200) {
      // 16.7 step 2: a provisional response other than 100 restarts timer C.
      if (message.status > 100) attempt.timers.start("C", TIMER_C_MS);
      return this.#feed(one, { type: "provisionalReceived", branch, status: message.status });
    }
    attempt.timers.clear();
    if (message.status === 401 || message.status === 407) this.#rememberChallenger(message, attempt.target);
    this.#feed(one, { type: "finalReceived", branch, status: message.status, contacts: redirectTargets(message) });
  }

  #failed(one: Proxied, branch: number, attempt: Attempt, cause: ClientFailure): void {
    attempt.timers.clear();
    this.#feed(one, { type: "branchFailed", branch, status: cause === "transport" ? 503 : 408 });
  }

  #forward(one: Proxied, response: SipResponse | undefined): void {
    if (response === undefined) return;
    const upstream = returnedResponse(response);
    if (one.transaction.open) this.#answer(one, upstream);
    else if (response.status >= 200 && response.status < 300) {
      // RFC 6026 7.1: further 2xx go through the accepted transaction as they come.
      this.#context.transactions.transmit(one.transaction.flow, serialise(upstream), () => undefined);
    }
  }

  #forwardBest(one: Proxied, branch: number): void {
    const kept = one.attempts[branch]?.last?.response;
    const { message } = one.transaction.envelope;
    this.#answer(
      one,
      kept === undefined ? ownResponse(message, 500, this.#context.ids.token()) : returnedResponse(kept),
    );
  }

  #answer(one: Proxied, response: SipResponse): void {
    // A caller whose connection is gone gets no answer, but its transaction has to end.
    if (response.status >= 200 && one.transaction.flow.closed) return one.transaction.abandon();
    if (!one.transaction.respond(response) || response.status < 200) return;
    if (one.transaction.envelope.message.method !== "INVITE" || one.answered) return;
    one.answered = true;
    const text = serialise(response);
    const { courier } = this.#context;
    if (response.status < 300) courier.cdr({ type: "start", source: "application", role: "proxy-uas" }, text);
    else {
      const reason = response.status === 487 ? "call-canceled" : "call-rejected";
      courier.cdr({ type: "stop", source: "application", reason }, text);
    }
  }

  #cancelAttempt(attempt: Attempt | undefined): void {
    const transaction = attempt?.transaction;
    if (transaction === null || transaction === undefined || transaction.request.method !== "INVITE") return;
    const ignore = { responded: () => undefined, failed: () => undefined };
    this.#context.transactions.client(cancelFor(transaction.request, []), transaction.flow, ignore).start();
    transaction.cancelSent();
  }

  #report(one: Proxied, attempt: Attempt | undefined): void {
    if (!one.order.fullResponse || attempt?.last == null || !one.app.connected) return;
    this.#context.courier.progress(one.app, one.order.id, attempt.last.flow, serialise(attempt.last.response));
  }

  #tellDone(one: Proxied): void {
    if (one.told) return;
    one.told = true;
    if (one.app.connected) this.#context.courier.ok(one.app, one.order.id, "done");
  }

  /** A caller's second try carries the nonce of the target that challenged it and must go to that target. */
  #rememberChallenger(response: SipResponse, target: string): void {
    for (const nonce of challengeNonces(response)) {
      this.#challengers.set(nonce, target);
      this.#context.clock.schedule(CHALLENGE_MS, () => this.#challengers.delete(nonce));
    }
  }

  /**
   * Forwards a request of a dialog we record-routed, without state (RFC 3261 16.11). True when its top Route
   * names us and it was taken care of.
   */
  relay(envelope: RequestEnvelope, flow: Flow): boolean {
    const { message } = envelope;
    const [top, ...rest] = listValues(message, "route");
    const uri = top === undefined ? null : parseUri(parseNameAddr(top)?.uri ?? "");
    if (uri === null || !uri.params.has("lr") || !this.#context.transports.isOurs(uri.host, uri.port ?? 5060))
      return false;
    const hops = hopsLeft(message);
    if (hops === null) {
      if (message.method !== "ACK") this.#refuse(message, flow, 483);
      return true;
    }
    const next = rest[0] === undefined ? message.uri : (parseNameAddr(rest[0])?.uri ?? "");
    const target = parseUri(next);
    const place = target === null ? null : targetOf(target, this.#context.transports.preferred);
    // Addressed to ourselves after all: the caller answers for a dialog we do not know.
    if (place !== null && this.#context.transports.isOurs(place.host, place.port)) return false;
    if (place === null) {
      if (message.method !== "ACK") this.#refuse(message, flow, 404);
      return true;
    }
    whenRouted(routeTo(this.#context, next, null), (found) => {
      if (typeof found === "string" || found.closed) {
        if (message.method !== "ACK") this.#refuse(message, flow, 503);
        return;
      }
      const via = ownVia(found, statelessBranch(envelope));
      const parts = {
        request: message,
        requestUri: message.uri,
        via,
        hops,
        recordRoute: null,
        routes: rest,
        extra: [],
      };
      const text = serialise(forwardedRequest(parts));
      this.#context.transactions.transmit(found, text, () => undefined);
      if (message.method === "BYE") {
        this.#context.courier.cdr({ type: "stop", source: "network", reason: "normal-release" }, text);
      }
    });
    return true;
  }

  /** Sends a response to a relayed request back by its Vias; false when its top Via is not ours. */
  relayResponse(response: SipResponse): boolean {
    const own = parseVia(listValues(response, "via")[0] ?? "");
    if (own === null || !this.#context.transports.isOurs(bareHost(own.host), own.port ?? 5060)) return false;
    const returned = returnedResponse(response);
    const target = responseTarget(returned);
    if (target === null) return false;
    const route = this.#context.transports.reach({
      ...target,
      transport: target.transport as Transport,
      portOpen: false,
    });
    whenRouted(route, (found) => {
      if (typeof found !== "string") this.#context.transactions.transmit(found, serialise(returned), () => undefined);
    });
    return true;
  }

  #refuse(message: SipRequest, flow: Flow, status: number): void {
    const response = ownResponse(message, status, this.#context.ids.token());
    this.#context.transactions.transmit(flow, serialise(response), () => undefined);
  }
}

function withLr(contact: string): string {
  return contact.replace(/>$/, ";lr>");
}

/** The same branch for every copy of a request, its CANCEL and its ACK (16.11): a plain function of the incoming one. */
function statelessBranch(envelope: RequestEnvelope): string {
  const { via, branch } = envelope;
  return `r${hash(`${branch}|${hostPort(via.host, via.port)}`)}${branch.slice(-8).replace(/[^A-Za-z0-9]/g, "x")}`;
}

/** FNV-1a, 32 bits: spreads branches, guards nothing. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return (value >>> 0).toString(36);
}
