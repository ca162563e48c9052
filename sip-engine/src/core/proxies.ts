import type { Command } from "../protocol/command.js";
import { forwardedRequest, hopsLeft, redirectTargets, returnedResponse } from "../proxy/forwarding.js";
import { isWanted, startForking, stepForking } from "../proxy/forking.js";
import type { ForkAction, ForkEvent, ForkState } from "../proxy/forking.js";
import { cancelFor, ownResponse } from "../sip/compose.js";
import type { RequestEnvelope, ResponseEnvelope } from "../sip/envelope.js";
import { serialise } from "../sip/message.js";
import type { HeaderField, SipResponse } from "../sip/message.js";
import { parseMessage } from "../sip/parse-message.js";
import { parseUri } from "../sip/uri.js";
import type { Step } from "../transaction/machine.js";
import { recordFinal } from "./call-records.js";
import { Attempts, pathFor } from "./attempts.js";
import { Challengers } from "./challengers.js";
import type { Context } from "./context.js";
import { appHeaders, defaultContact, ownVia } from "./outgoing.js";
import type { App, Flow, ReachFailure, Target } from "./ports.js";
import { routeTo, targetTo, whenRouted } from "./routing.js";
import { TimerSet } from "./timer-set.js";
import type { ClientFailure } from "./client-transaction.js";
import type { ServerTransaction } from "./server-transaction.js";

type ProxyOrder = Extract<Command, { readonly type: "proxy" }>;

/** Timer C (RFC 3261 16.6 step 11): more than three minutes. */
const TIMER_C_MS = 185_000;

/** One attempt at one target, with what the forking machine need not know. */
interface Attempt {
  readonly target: string;
  attempts: Attempts | null;
  last: { readonly response: SipResponse; readonly flow: Flow } | null;
  readonly timers: TimerSet<"C" | "patience" | "final">;
  /** True once its final response is in the call detail records; a 2xx may come several times. */
  recorded: boolean;
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

/** Proxies requests for apps. */
export class Proxies {
  readonly #context: Context;
  readonly #proxied = new Map<ServerTransaction, Proxied>();
  readonly #challengers: Challengers;

  constructor(context: Context) {
    this.#context = context;
    this.#challengers = new Challengers(context.clock);
  }

  /** How many still wait for a target. */
  get open(): number {
    return [...this.#proxied.values()].filter(({ state }) => state.phase !== "done").length;
  }

  get size(): number {
    return this.#proxied.size;
  }

  /** Takes over a request the app has not answered; `transaction` is no longer the app's to respond to. */
  start(app: App, order: ProxyOrder, transaction: ServerTransaction): void {
    const { courier, ids, options } = this.#context;
    const { message } = transaction.envelope;
    const hops = hopsLeft(message);
    if (hops === null) {
      transaction.respond(ownResponse(message, 483, ids.token()));
      const reason = "Rejected with 483 Too Many Hops due to Max-Forwards value of 0";
      return courier.fail(app, order.id, reason);
    }
    const challenger = this.#challengers.of(message);
    const targets = challenger === null ? order.destinations : [challenger];
    if (!targets.some((target) => parseUri(target) !== null)) {
      transaction.respond(ownResponse(message, 500, ids.token()));
      return courier.fail(app, order.id, "error proxying request to ");
    }
    const text = parseMessage(order.sip, false).message;
    const { simultaneous, followRedirects } = order;
    const { targetUnavailable } = options.behaviour;
    const first = startForking({ targets, simultaneous, followRedirects, targetUnavailable });
    const one: Proxied = {
      app,
      order,
      transaction,
      extra: text === null ? [] : appHeaders(text, transaction.flow, options.preservedHeaders),
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
    const attempt: Attempt = { target, attempts: null, last: null, timers, recorded: false };
    one.attempts[branch] = attempt;
    const { message } = one.transaction.envelope;
    const wanted = parseUri(message.uri);
    const own = wanted !== null && this.#context.transports.isOurs(wanted.host, wanted.port ?? 5060);
    const requestUri = own && wanted.scheme !== "tel" ? target : message.uri;
    whenRouted(this.#context, routeTo(this.#context, message.method, requestUri, target), (found) => {
      const elsewhere = targetTo(this.#context, message.method, requestUri, target);
      this.#send(one, branch, attempt, requestUri, found, elsewhere);
    });
  }

  /** @param elsewhere where the request may go when the path found leads nowhere */
  #send(
    one: Proxied,
    branch: number,
    attempt: Attempt,
    requestUri: string,
    found: Flow | ReachFailure,
    elsewhere: Target | null,
  ): void {
    // Meanwhile another target may have answered, or the caller hung up.
    if (typeof found === "string" || found.closed || !isWanted(one.state, branch)) {
      this.#feed(one, { type: "branchFailed", branch, status: 503 });
      return;
    }
    const request = forwardedRequest({
      request: one.transaction.envelope.message,
      requestUri,
      via: ownVia(found, this.#context.ids.token()),
      hops: one.hops,
      recordRoute: one.order.recordRoute ? ownRoutes(found, one.transaction.flow) : [],
      routes: [],
      extra: one.extra,
    });
    const invite = request.method === "INVITE";
    if (invite) attempt.timers.start("C", TIMER_C_MS);
    if (one.order.provisionalTimeout !== null) attempt.timers.start("patience", one.order.provisionalTimeout);
    const { finalTimeout } = this.#context.options.behaviour;
    if (one.order.finalTimeout !== null && finalTimeout === "honoured") {
      attempt.timers.start("final", one.order.finalTimeout);
    }
    const attempts = new Attempts(this.#context, pathFor(this.#context, request, found, elsewhere), elsewhere, {
      responded: (response, flow) => this.#responded(one, branch, attempt, response, flow),
      failed: (cause) => this.#failed(one, branch, attempt, cause),
      repeated: this.#context.options.behaviour.proxyRepeats === "everywhere",
      mayMove: () => isWanted(one.state, branch),
      moved: () => undefined,
    });
    attempt.attempts = attempts;
    if (invite) this.#context.courier.cdr({ type: "attempt", source: "application" }, attempts.request);
    attempts.start();
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
    if (!attempt.recorded) recordFinal(this.#context, one.transaction.envelope.message, message, "proxy-uac");
    attempt.recorded = true;
    if (message.status === 401 || message.status === 407) this.#challengers.remember(message, attempt.target);
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
      kept === undefined ? ownResponse(message, 503, this.#context.ids.token()) : returnedResponse(kept),
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
    const attempts = attempt?.attempts;
    if (attempts == null || attempts.request.method !== "INVITE") return;
    const ignore = { responded: () => undefined, failed: () => undefined };
    this.#context.transactions.client(cancelFor(attempts.request, []), attempts.flow, ignore).start();
    attempts.cancelSent();
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
}

/** What keeps us in the path, of the side the request leaves by, and of the other where that has another address (RFC 5658 3). */
function ownRoutes(out: Flow, back: Flow): string[] {
  const routes = [out, back].map((flow) => defaultContact(flow).replace(/>$/, ";lr>"));
  return [...new Set(routes)];
}
