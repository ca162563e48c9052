import type { ResponseEnvelope } from "../sip/envelope.js";
import { replaceTopVia } from "../sip/envelope.js";
import { serialise } from "../sip/message.js";
import type { SipRequest } from "../sip/message.js";
import { parseVia } from "../sip/via.js";
import type { Context } from "./context.js";
import { ownVia } from "./outgoing.js";
import type { Flow, Target } from "./ports.js";
import { search, whenRouted } from "./routing.js";
import type { ClientFailure, ClientTransaction, ClientUser } from "./client-transaction.js";

/** A request and the path it takes. */
export interface Path {
  readonly request: SipRequest;
  readonly flow: Flow;
  /** The path to take when no connection can be had; null when there is no other. */
  readonly instead: Flow | null;
}

/** The layer above a request that may go to several places before one of them answers. */
export interface AttemptUser extends ClientUser {
  /** True to repeat the request over reliable transports, too. */
  readonly repeated?: boolean;
  /** False when nobody wants another attempt any more: the request was cancelled. */
  mayMove(): boolean;
  /** The request goes elsewhere now. */
  moved(request: SipRequest, flow: Flow): void;
}

/**
 * The path of a request, chosen by its size (RFC 3261 18.1.1): one that is too large for a datagram goes over a
 * connection, unless its URI named the transport.
 * @param target where it goes by its URI; null when it must take `flow`
 */
export function pathFor(context: Context, request: SipRequest, flow: Flow, target: Target | null): Path {
  if (target?.transportOpen !== true) return { request, flow, instead: null };
  const connection = context.transports.connectionFor(flow, serialise(request).length);
  if (connection === null) return { request, flow, instead: null };
  return { request: sentBy(context, request, connection), flow: connection, instead: flow };
}

/**
 * Sends a request, and sends it elsewhere when its target cannot be reached, says 503 or says nothing, as long as
 * the target's name has further addresses (RFC 3263 4.3). To the layer above it looks like one transaction.
 */
export class Attempts {
  readonly #context: Context;
  readonly #target: Target | null;
  readonly #user: AttemptUser;
  readonly #failed: Flow[] = [];
  #path: Path;
  #transaction: ClientTransaction;
  /** A response other than 100 or 503 has come: this is the place. */
  #settled = false;
  /** What to tell when no other place is found; not null while one is looked for. */
  #verdict: (() => void) | null = null;
  #ended = false;

  /** @param target where else the request may go; null for nowhere */
  constructor(context: Context, path: Path, target: Target | null, user: AttemptUser) {
    this.#context = context;
    this.#path = path;
    this.#target = target;
    this.#user = user;
    this.#transaction = this.#open();
  }

  start(): void {
    this.#transaction.start();
  }

  /** The request as it was sent last, and where to. */
  get request(): SipRequest {
    return this.#path.request;
  }

  get flow(): Flow {
    return this.#path.flow;
  }

  /** A CANCEL went out for this INVITE: it goes nowhere else now. */
  cancelSent(): void {
    this.#settled = true;
    this.#transaction.cancelSent();
  }

  #open(): ClientTransaction {
    const user: ClientUser = {
      responded: (response, flow) => this.#responded(response, flow),
      failed: (cause) => this.#fail(cause),
      ended: () => {
        if (this.#transaction === transaction) this.#end();
      },
    };
    const { request, flow } = this.#path;
    const repeated = this.#user.repeated === true;
    const transaction: ClientTransaction = this.#context.transactions.client(request, flow, user, repeated);
    return transaction;
  }

  #responded(response: ResponseEnvelope, flow: Flow): void {
    const { status } = response.message;
    const pass = (): void => this.#user.responded(response, flow);
    if (status === 503 && !this.#settled) return this.#move("503", pass);
    if (status > 100) this.#settled = true;
    pass();
  }

  #fail(cause: ClientFailure): void {
    const pass = (): void => this.#user.failed(cause);
    if (cause === "cancelled" || this.#settled) pass();
    else this.#move(cause, pass);
  }

  /** @param otherwise what to tell when there is no other place */
  #move(cause: "503" | "timeout" | "transport", otherwise: () => void): void {
    const { instead, flow } = this.#path;
    const target = this.#target;
    if (target === null || this.#verdict !== null || !this.#user.mayMove()) return otherwise();
    this.#verdict = otherwise;
    this.#failed.push(flow);
    // RFC 3261 18.1.1: a peer that takes no connection gets the datagram after all.
    const route = instead !== null && cause === "transport" ? instead : search(this.#context, target, this.#failed);
    whenRouted(this.#context, route, (found) => {
      this.#verdict = null;
      if (typeof found !== "string" && !found.closed && this.#user.mayMove()) return this.#goTo(found, cause);
      otherwise();
      if (this.#ended) this.#user.ended?.();
    });
  }

  #goTo(flow: Flow, cause: string): void {
    const context = this.#context;
    context.metrics.count("sip_failovers_total", `cause="${cause}"`);
    this.#path = { request: sentBy(context, this.#path.request, flow), flow, instead: null };
    this.#ended = false;
    this.#user.moved(this.#path.request, flow);
    this.#transaction = this.#open();
    this.#transaction.start();
  }

  #end(): void {
    this.#ended = true;
    if (this.#verdict === null) this.#user.ended?.();
  }
}

/** The request with a Via of ours for this path and a new branch: it is another transaction. */
function sentBy(context: Context, request: SipRequest, flow: Flow): SipRequest {
  const via = parseVia(ownVia(flow, context.ids.token()).value);
  return via === null ? request : { ...request, headers: replaceTopVia(request.headers, via) };
}
