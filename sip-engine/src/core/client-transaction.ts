import { ackFor } from "../sip/compose.js";
import type { ResponseEnvelope } from "../sip/envelope.js";
import { listValues, serialise } from "../sip/message.js";
import type { SipRequest, SipResponse } from "../sip/message.js";
import { parseVia, viaParam } from "../sip/via.js";
import { startInviteClient, stepInviteClient } from "../transaction/invite-client.js";
import type { InviteClientEvent, InviteClientState } from "../transaction/invite-client.js";
import type { ClientAction, Link, Step } from "../transaction/machine.js";
import { startNonInviteClient, stepNonInviteClient } from "../transaction/non-invite-client.js";
import type { NonInviteClientEvent, NonInviteClientState } from "../transaction/non-invite-client.js";
import type { Flow } from "./ports.js";
import { TimerSet } from "./timer-set.js";
import type { Transactions } from "./transactions.js";

/** Why a client transaction ended without a response. */
export type ClientFailure = "timeout" | "transport" | "cancelled";

/** The layer above a client transaction. */
export interface ClientUser {
  responded(response: ResponseEnvelope, flow: Flow): void;
  failed(cause: ClientFailure): void;
  ended?(): void;
}

type ClientState = InviteClientState | NonInviteClientState;

/** Runs one client machine: timers, retransmissions, the ACK to a refusal. */
export class ClientTransaction {
  readonly request: SipRequest;
  readonly flow: Flow;
  readonly key: string;
  readonly #text: string;
  readonly #link: Link;
  readonly #user: ClientUser;
  readonly #layer: Transactions;
  readonly #timers: TimerSet<string>;
  #state: ClientState = { phase: "terminated" };
  #response: { envelope: ResponseEnvelope; flow: Flow } | null = null;

  /** @param repeated true for a request that is repeated though its transport is reliable */
  constructor(layer: Transactions, request: SipRequest, flow: Flow, user: ClientUser, repeated: boolean) {
    this.request = request;
    this.flow = flow;
    this.key = clientKey(branchOf(request), request.method);
    this.#text = serialise(request);
    this.#link = layer.linkOf(flow, repeated);
    this.#user = user;
    this.#layer = layer;
    this.#timers = new TimerSet(layer.clock, (timer) => this.#feed({ type: "timerFired", timer } as InviteClientEvent));
  }

  /** Text as it goes to the wire. */
  get text(): string {
    return this.#text;
  }

  get phase(): string {
    return this.#state.phase;
  }

  get timers(): readonly string[] {
    return this.#timers.names;
  }

  start(): void {
    this.#run(this.request.method === "INVITE" ? startInviteClient(this.#link) : startNonInviteClient(this.#link));
  }

  respond(envelope: ResponseEnvelope, flow: Flow): void {
    this.#response = { envelope, flow };
    this.#feed({ type: "responseReceived", status: envelope.message.status });
  }

  /** A CANCEL went out for this INVITE: give up if no final response follows (RFC 3261 9.1). */
  cancelSent(): void {
    this.#feed({ type: "cancelSent" });
  }

  transportFailed(): void {
    this.#feed({ type: "transportFailed" });
  }

  #feed(event: InviteClientEvent): void {
    this.#run(
      this.request.method === "INVITE"
        ? stepInviteClient(this.#state as InviteClientState, event, this.#link)
        : stepNonInviteClient(this.#state as NonInviteClientState, event as NonInviteClientEvent, this.#link),
    );
  }

  #run(step: Step<ClientState, ClientAction>): void {
    this.#state = step.state;
    for (const action of step.actions) this.#act(action);
  }

  #act(action: ClientAction): void {
    switch (action.type) {
      case "send":
        return this.#layer.transmit(this.flow, this.#text, () => this.transportFailed());
      case "acknowledge":
        if (this.#response !== null) this.#acknowledge(this.#response.envelope.message);
        return;
      case "deliver":
        if (this.#response !== null) this.#user.responded(this.#response.envelope, this.#response.flow);
        return;
      case "fail":
        return this.#user.failed(action.cause);
      case "terminate":
        this.#timers.clear();
        this.#layer.forgetClient(this);
        this.#user.ended?.();
        return;
      case "startTimer":
      case "stopTimer":
        return this.#timers.run(action);
    }
  }

  #acknowledge(response: SipResponse): void {
    this.#layer.transmit(this.flow, serialise(ackFor(this.request, response)), () => undefined);
  }
}

/** Key under which a response finds its client transaction (RFC 3261 17.1.3). */
export function clientKey(branch: string, method: string): string {
  return `${branch}\n${method}`;
}

function branchOf(request: SipRequest): string {
  const via = parseVia(listValues(request, "via")[0] ?? "");
  return (via === null ? null : viaParam(via, "branch")) ?? "";
}
