import { ackFor } from "../sip/compose.js";
import type { RequestEnvelope, ResponseEnvelope } from "../sip/envelope.js";
import { headerValue, listValues, serialise } from "../sip/message.js";
import type { SipRequest, SipResponse } from "../sip/message.js";
import { parseVia, viaParam } from "../sip/via.js";
import { startInviteClient, stepInviteClient } from "../transaction/invite-client.js";
import type { InviteClientEvent, InviteClientState } from "../transaction/invite-client.js";
import { startInviteServer, stepInviteServer } from "../transaction/invite-server.js";
import type { InviteServerEvent, InviteServerState } from "../transaction/invite-server.js";
import type { ClientAction, Link, ServerAction, Step, TimerValues } from "../transaction/machine.js";
import { startNonInviteClient, stepNonInviteClient } from "../transaction/non-invite-client.js";
import type { NonInviteClientEvent, NonInviteClientState } from "../transaction/non-invite-client.js";
import { startNonInviteServer, stepNonInviteServer } from "../transaction/non-invite-server.js";
import type { NonInviteServerEvent, NonInviteServerState } from "../transaction/non-invite-server.js";
import type { Metrics } from "./metrics.js";
import { isReliable } from "./ports.js";
import type { Clock, Flow } from "./ports.js";
import { TimerSet } from "./timer-set.js";

/** Why a client transaction ended without a response. */
export type ClientFailure = "timeout" | "transport" | "cancelled";

/** The layer above a client transaction. */
export interface ClientUser {
  responded(response: ResponseEnvelope, flow: Flow): void;
  failed(cause: ClientFailure): void;
  ended?(): void;
}

type ClientState = InviteClientState | NonInviteClientState;
type ServerState = InviteServerState | NonInviteServerState;

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

  constructor(layer: Transactions, request: SipRequest, flow: Flow, user: ClientUser) {
    this.request = request;
    this.flow = flow;
    this.key = clientKey(branchOf(request), request.method);
    this.#text = serialise(request);
    this.#link = { timers: layer.timers, reliable: isReliable(flow.transport) };
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

/** Runs one server machine: absorbs retransmissions, repeats the last response. */
export class ServerTransaction {
  readonly envelope: RequestEnvelope;
  readonly flow: Flow;
  readonly key: string;
  readonly #link: Link;
  readonly #layer: Transactions;
  readonly #timers: TimerSet<string>;
  #state: ServerState;
  #last: string | null = null;
  /** Called once when the transaction is over. */
  onEnd: () => void = () => undefined;

  constructor(layer: Transactions, key: string, envelope: RequestEnvelope, flow: Flow) {
    this.envelope = envelope;
    this.flow = flow;
    this.key = key;
    this.#link = { timers: layer.timers, reliable: isReliable(flow.transport) };
    this.#layer = layer;
    this.#timers = new TimerSet(layer.clock, (timer) => this.#feed({ type: "timerFired", timer } as InviteServerEvent));
    this.#state = (this.#isInvite ? startInviteServer() : startNonInviteServer()).state;
  }

  get #isInvite(): boolean {
    return this.envelope.message.method === "INVITE";
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

  /** Sends a response; false when a final one went before it or the connection is gone. */
  respond(response: SipResponse): boolean {
    if (!this.open || this.flow.closed) return false;
    this.#last = serialise(response);
    this.#layer.transmit(this.flow, this.#last, () => this.#feed({ type: "transportFailed" }));
    this.#feed({ type: "responseSent", status: response.status });
    return true;
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
        if (this.#last !== null) this.#layer.transmit(this.flow, this.#last, () => undefined);
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

/** All transactions, found by the rules of RFC 3261 17.1.3 and 17.2.3. */
export class Transactions {
  readonly clock: Clock;
  readonly timers: TimerValues;
  readonly metrics: Metrics;
  readonly #clients = new Map<string, ClientTransaction>();
  readonly #servers = new Map<string, ServerTransaction>();
  /** What waits on each connection; UDP has none to lose. */
  readonly #byFlow = new Map<Flow, Set<ClientTransaction | ServerTransaction>>();

  constructor(clock: Clock, timers: TimerValues, metrics: Metrics) {
    this.clock = clock;
    this.timers = timers;
    this.metrics = metrics;
  }

  get clients(): Iterable<ClientTransaction> {
    return this.#clients.values();
  }

  get servers(): Iterable<ServerTransaction> {
    return this.#servers.values();
  }

  /** Makes a client transaction; nothing is sent before its `start`. */
  client(request: SipRequest, flow: Flow, user: ClientUser): ClientTransaction {
    const transaction = new ClientTransaction(this, request, flow, user);
    this.#clients.set(transaction.key, transaction);
    this.#watch(transaction);
    return transaction;
  }

  server(envelope: RequestEnvelope, flow: Flow): ServerTransaction {
    const key = serverKey(envelope, envelope.message.method);
    const transaction = new ServerTransaction(this, key, envelope, flow);
    this.#servers.set(key, transaction);
    this.#watch(transaction);
    return transaction;
  }

  /** The transaction a response belongs to. */
  findClient(envelope: ResponseEnvelope): ClientTransaction | undefined {
    return this.#clients.get(clientKey(envelope.branch, envelope.cseqMethod));
  }

  /** The transaction a request repeats; ACK and CANCEL ask for their INVITE's. */
  findServer(envelope: RequestEnvelope, method: string): ServerTransaction | undefined {
    return this.#servers.get(serverKey(envelope, method));
  }

  transmit(flow: Flow, text: string, failed: () => void): void {
    if (flow.closed) return failed();
    this.metrics.message("out", text.slice(0, 24));
    flow.send(text, failed);
  }

  /** A connection is gone: requests waiting on it fail at once, responses cannot be sent any more. */
  flowClosed(flow: Flow): void {
    for (const transaction of [...(this.#byFlow.get(flow) ?? [])]) {
      if (transaction instanceof ClientTransaction) transaction.transportFailed();
      else if (!transaction.open) transaction.abandon();
    }
  }

  forgetClient(transaction: ClientTransaction): void {
    this.#clients.delete(transaction.key);
    this.#unwatch(transaction);
  }

  forgetServer(transaction: ServerTransaction): void {
    this.#servers.delete(transaction.key);
    this.#unwatch(transaction);
  }

  #watch(transaction: ClientTransaction | ServerTransaction): void {
    const { flow } = transaction;
    if (!isReliable(flow.transport)) return;
    const waiting = this.#byFlow.get(flow) ?? new Set();
    waiting.add(transaction);
    this.#byFlow.set(flow, waiting);
  }

  #unwatch(transaction: ClientTransaction | ServerTransaction): void {
    const waiting = this.#byFlow.get(transaction.flow);
    waiting?.delete(transaction);
    if (waiting?.size === 0) this.#byFlow.delete(transaction.flow);
  }
}

function branchOf(request: SipRequest): string {
  const via = parseVia(listValues(request, "via")[0] ?? "");
  return (via === null ? null : viaParam(via, "branch")) ?? "";
}

function clientKey(branch: string, method: string): string {
  return `${branch}\n${method}`;
}

function serverKey(envelope: RequestEnvelope, method: string): string {
  const { via, branch } = envelope;
  const sentBy = `${via.host.toLowerCase()}:${via.port ?? ""}`;
  if (branch.startsWith("z9hG4bK")) return `${branch}\n${sentBy}\n${method}`;
  // RFC 2543 peers (17.2.3): no unique branch, so the request itself is the key.
  const { message, callId, fromTag, cseq } = envelope;
  const top = headerValue(message, "via") ?? "";
  return ["2543", method === "ACK" ? "INVITE" : method, message.uri, callId, fromTag, cseq, top].join("\n");
}
