import type { RequestEnvelope, ResponseEnvelope } from "../sip/envelope.js";
import type { SipRequest } from "../sip/message.js";
import type { Link, TimerValues } from "../transaction/machine.js";
import { ClientTransaction, clientKey } from "./client-transaction.js";
import type { ClientUser } from "./client-transaction.js";
import { contain } from "./contain.js";
import type { Report } from "./contain.js";
import type { Metrics } from "./metrics.js";
import { isReliable } from "./ports.js";
import type { Clock, Flow } from "./ports.js";
import { ServerTransaction, serverKey } from "./server-transaction.js";

/** All transactions, found by the rules of RFC 3261 17.1.3 and 17.2.3. */
export class Transactions {
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** Told of every message that is about to be sent; null while nobody listens in. */
  sent: ((text: string, flow: Flow) => void) | null = null;
  readonly #report: Report;
  readonly #links: { readonly reliable: Link; readonly unreliable: Link };
  readonly #clients = new Map<string, ClientTransaction>();
  readonly #servers = new Map<string, ServerTransaction>();
  /** What waits on each connection; UDP has none to lose. */
  readonly #byFlow = new Map<Flow, Set<ClientTransaction | ServerTransaction>>();

  constructor(clock: Clock, timers: TimerValues, metrics: Metrics, report: Report) {
    this.clock = clock;
    this.metrics = metrics;
    this.#report = report;
    this.#links = { reliable: { timers, reliable: true }, unreliable: { timers, reliable: false } };
  }

  linkOf(flow: Flow, repeated = false): Link {
    return isReliable(flow.transport) && !repeated ? this.#links.reliable : this.#links.unreliable;
  }

  get clients(): Iterable<ClientTransaction> {
    return this.#clients.values();
  }

  get servers(): Iterable<ServerTransaction> {
    return this.#servers.values();
  }

  /** Makes a client transaction; nothing is sent before its `start`. */
  client(request: SipRequest, flow: Flow, user: ClientUser, repeated = false): ClientTransaction {
    const transaction = new ClientTransaction(this, request, flow, user, repeated);
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
    this.sent?.(text, flow);
    flow.send(text, () => contain(this.#report, failed));
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
