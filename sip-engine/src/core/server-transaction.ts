import type { RequestEnvelope } from "../sip/envelope.js";
import { headerValue, serialise } from "../sip/message.js";
import type { SipResponse } from "../sip/message.js";
import { startInviteServer, stepInviteServer } from "../transaction/invite-server.js";
import type { InviteServerEvent, InviteServerState } from "../transaction/invite-server.js";
import type { Link, ServerAction, Step } from "../transaction/machine.js";
import { startNonInviteServer, stepNonInviteServer } from "../transaction/non-invite-server.js";
import type { NonInviteServerEvent, NonInviteServerState } from "../transaction/non-invite-server.js";
import type { Flow } from "./ports.js";
import { TimerSet } from "./timer-set.js";
import type { Transactions } from "./transactions.js";

type ServerState = InviteServerState | NonInviteServerState;

/** Runs one server machine: absorbs retransmissions, repeats the last response. */
export class ServerTransaction {
  readonly method: string;
  readonly flow: Flow;
  readonly key: string;
  readonly #link: Link;
  readonly #layer: Transactions;
  readonly #timers: TimerSet<string>;
  #state: ServerState;
  #request: RequestEnvelope | null;
  #last = "";
  /** Called once when the transaction is over. */
  onEnd: () => void = NOTHING;

  constructor(layer: Transactions, key: string, envelope: RequestEnvelope, flow: Flow) {
    this.method = envelope.message.method;
    this.#request = envelope;
    this.flow = flow;
    this.key = key;
    this.#link = layer.linkOf(flow);
    this.#layer = layer;
    this.#timers = new TimerSet(layer.clock, (timer) => this.#feed({ type: "timerFired", timer } as InviteServerEvent));
    this.#state = (this.#isInvite ? startInviteServer() : startNonInviteServer()).state;
  }

  get #isInvite(): boolean {
    return this.method === "INVITE";
  }

  /**
   * The request.
   * @throws Error once the transaction is settled
   */
  get envelope(): RequestEnvelope {
    if (this.#request === null) throw new Error(`${this.method}: the request is not kept in a settled transaction`);
    return this.#request;
  }

  get callId(): string {
    return this.#request?.callId ?? /^Call-ID *: *(.*)\r$/im.exec(this.#last)?.[1] ?? "";
  }

  get phase(): string {
    return this.#state.phase;
  }

  get timers(): readonly string[] {
    return this.#timers.names;
  }

  /** True until a final response has been sent. */
  get open(): boolean {
    return this.#state.phase === "trying" || this.#state.phase === "proceeding";
  }

  /**
   * Sends a response; false when a final one went before it or the connection is gone, which with a final one ends the transaction.
   * @param text the response in writing, where it is at hand
   */
  respond(response: SipResponse, text = serialise(response)): boolean {
    if (!this.open) return false;
    if (this.flow.closed) {
      // The connection closed before the request was read to its end: nobody above is told of that, so this is the last word.
      if (response.status >= 200) this.abandon();
      return false;
    }
    this.#last = text;
    this.#layer.transmit(this.flow, this.#last, () => this.#feed({ type: "transportFailed" }));
    this.#feed({ type: "responseSent", status: response.status });
    return true;
  }

  /**
   * The layer above is done with the request. After a final response the transaction lives on for 32 s, thousands of them in a busy engine:
   * of both messages it then keeps the response only.
   */
  settle(): void {
    if (this.open) return;
    this.#request = null;
    this.onEnd = NOTHING;
  }

  requestReceived(): void {
    this.#feed({ type: "requestReceived" });
  }

  ackReceived(): void {
    this.#feed({ type: "ackReceived" });
  }

  /** Ends the transaction without a word, for a peer that can no longer be reached. */
  abandon(): void {
    this.#feed({ type: "transportFailed" });
    if (this.#state.phase !== "terminated") this.#terminate();
  }

  #feed(event: InviteServerEvent): void {
    const step: Step<ServerState, ServerAction> = this.#isInvite
      ? stepInviteServer(this.#state as InviteServerState, event, this.#link)
      : stepNonInviteServer(this.#state as NonInviteServerState, event as NonInviteServerEvent, this.#link);
    this.#state = step.state;
    for (const action of step.actions) this.#act(action);
  }

  #act(action: ServerAction): void {
    switch (action.type) {
      case "resend":
        if (this.#last !== "") this.#layer.transmit(this.flow, this.#last, () => undefined);
        return;
      case "fail":
        return this.#layer.metrics.count("sip_server_transaction_failures_total", `cause="${action.cause}"`);
      case "terminate":
        return this.#terminate();
      case "startTimer":
      case "stopTimer":
        return this.#timers.run(action);
    }
  }

  #terminate(): void {
    this.#state = { phase: "terminated" };
    this.#timers.clear();
    this.#layer.forgetServer(this);
    this.onEnd();
  }
}

const NOTHING = (): void => undefined;

/** Key under which a request finds the server transaction it repeats or belongs to (RFC 3261 17.2.3). */
export function serverKey(envelope: RequestEnvelope, method: string): string {
  const { via, branch } = envelope;
  const sentBy = `${via.host.toLowerCase()}:${via.port ?? ""}`;
  if (branch.startsWith("z9hG4bK")) return `${branch}\n${sentBy}\n${method}`;
  // RFC 2543 peers (17.2.3): no unique branch, so the request itself is the key.
  const { message, callId, fromTag, cseq } = envelope;
  const top = headerValue(message, "via") ?? "";
  return ["2543", method === "ACK" ? "INVITE" : method, message.uri, callId, fromTag, cseq, top].join("\n");
}
