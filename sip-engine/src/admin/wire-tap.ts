import type { Logger } from "pino";
import type { Flow } from "../core/ports.js";
import type { Transactions } from "../core/transactions.js";
import type { TracedMessage } from "../trace/message.js";
import type { TraceOrder } from "../trace/order.js";
import { Recorder } from "../trace/recorder.js";
import { masked } from "../trace/secrets.js";
import { summarise } from "../trace/summary.js";

type Seen = (octets: string, flow: Flow) => void;

/** Listens in on every message for the trace and the debug log, as long as somebody wants either. */
export class WireTap {
  /** Called with each message from a transport, before the engine acts on it; null while nobody listens. */
  received: Seen | null = null;
  readonly #transactions: Transactions;
  readonly #log: Logger;
  #recorder: Recorder | null = null;
  #recording = false;
  /** What to add to the steady clock: two messages within a millisecond must stay in order, which the wall clock cannot tell. */
  #epoch = Date.now() - performance.now();

  constructor(transactions: Transactions, log: Logger) {
    this.#transactions = transactions;
    this.#log = log;
    this.#attach();
  }

  /** Milliseconds since the epoch, with fractions; never runs backwards within a trace. */
  get now(): number {
    return this.#epoch + performance.now();
  }

  /** The trace that runs, or the last one; null when there is none. */
  get recorder(): Recorder | null {
    return this.#recorder;
  }

  start(order: TraceOrder): Recorder {
    this.#epoch = Date.now() - performance.now();
    const recorder = new Recorder(order, this.now);
    this.#recorder = recorder;
    this.#recording = true;
    this.#log.info({ order }, "trace started");
    this.#attach();
    return recorder;
  }

  stop(): void {
    if (this.#recorder !== null) this.#log.info("trace stopped and forgotten");
    this.#recorder = null;
    this.#recording = false;
    this.#attach();
  }

  get logLevel(): string {
    return this.#log.level;
  }

  set logLevel(level: string) {
    const change = { before: this.#log.level, level };
    const visible = this.#log.isLevelEnabled("info");
    if (visible) this.#log.info(change, "log level changed");
    this.#log.level = level;
    if (!visible) this.#log.info(change, "log level changed");
    this.#attach();
  }

  #attach(): void {
    const wanted = this.#recording || this.#log.isLevelEnabled("debug");
    this.received = wanted ? (octets, flow) => this.#seen("in", octets, flow) : null;
    this.#transactions.sent = wanted ? (octets, flow) => this.#seen("out", octets, flow) : null;
  }

  #seen(direction: "in" | "out", octets: string, { transport, local, remote }: Flow): void {
    const message: TracedMessage = { at: this.now, direction, transport, local, remote, octets };
    try {
      if (this.#log.isLevelEnabled("debug")) this.#logged(message);
      if (this.#recording && this.#recorder !== null) this.#record(message, this.#recorder);
    } catch (error) {
      // A bug in here must not cost a call.
      this.#log.error({ err: error }, "trace ended: internal error");
      this.#recording = false;
      this.#attach();
    }
  }

  #record(message: TracedMessage, recorder: Recorder): void {
    if (message.at < recorder.until) return recorder.seen(message);
    this.#recording = false;
    this.#log.info("trace ended: its time is over");
    this.#attach();
  }

  #logged({ direction, transport, remote, octets }: TracedMessage): void {
    const { callId, title, cseq } = summarise(octets);
    const text = this.#log.isLevelEnabled("trace") ? { text: masked(octets) } : {};
    this.#log.debug({ callId, direction, title, cseq, transport, peer: remote, ...text }, "message");
  }
}
