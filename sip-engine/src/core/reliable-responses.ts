import { startReliable, stepReliable } from "../dialog/reliable-provisional.js";
import type { ReliableAction, ReliableEvent, ReliableState, ReliableTimer } from "../dialog/reliable-provisional.js";
import type { SipResponse } from "../sip/message.js";
import type { Step, TimerValues } from "../transaction/machine.js";
import type { Clock } from "./ports.js";
import { TimerSet } from "./timer-set.js";

/** What the queue asks of the request it answers. */
export interface ReliableOutlet {
  /** Sends a response that need not wait any longer; a provisional one may be sent again later. */
  send(response: SipResponse): void;
  /** No PRACK came in 64·T1. */
  abandon(): void;
}

interface Queued {
  readonly response: SipResponse;
  /** Null for a response that is not sent reliably and only keeps its place behind others. */
  readonly rseq: number | null;
}

/** The reliable provisional responses of one INVITE: one under way at a time, the rest wait (RFC 3262 3). */
export class ReliableResponses {
  readonly #values: TimerValues;
  readonly #outlet: ReliableOutlet;
  readonly #timers: TimerSet<ReliableTimer>;
  readonly #waiting: Queued[] = [];
  #rseq: number;
  #state: ReliableState = { phase: "done" };
  #current: { readonly response: SipResponse; readonly rseq: number } | null = null;

  /** @param firstRseq between 1 and 2^31 - 1, chosen at random (RFC 3262 3) */
  constructor(clock: Clock, values: TimerValues, firstRseq: number, outlet: ReliableOutlet) {
    this.#values = values;
    this.#outlet = outlet;
    this.#rseq = firstRseq - 1;
    this.#timers = new TimerSet(clock, (timer) => this.#feed({ type: "timerFired", timer }));
  }

  /** Number for the RSeq header of the next reliable response. */
  nextRseq(): number {
    return ++this.#rseq;
  }

  /** Takes a reliable response with the number it was given: sent now, or after those before it. */
  sendReliably(response: SipResponse): void {
    this.#waiting.push({ response, rseq: this.#rseq });
    if (this.#current === null) this.#next();
  }

  /** Sends another response in its turn: a 2xx must not pass an unacknowledged response with a body (RFC 3262 3). */
  sendInTurn(response: SipResponse): void {
    if (this.holds(response)) this.#waiting.push({ response, rseq: null });
    else this.#outlet.send(response);
  }

  /** The response that waits for its PRACK; null when none does. */
  get underWay(): SipResponse | null {
    return this.#current?.response ?? null;
  }

  /** True for a response that is not sent reliably and yet has to wait for those before it. */
  holds(response: SipResponse): boolean {
    if (response.status >= 300) return false;
    if (this.#waiting.length > 0) return true;
    return response.status >= 200 && this.#current !== null && this.#current.response.body !== "";
  }

  /** A PRACK: true when it names the response under way. */
  acknowledge(rseq: number): boolean {
    if (this.#current?.rseq !== rseq) return false;
    this.#feed({ type: "prackReceived" });
    return true;
  }

  /** The final response is out, or the request is over. */
  stop(): void {
    this.#feed({ type: "finalSent" });
    this.#current = null;
    this.#waiting.length = 0;
  }

  #next(): void {
    this.#current = null;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const { response, rseq } = next;
      if (rseq === null) {
        this.#outlet.send(response);
        continue;
      }
      this.#current = { response, rseq };
      this.#outlet.send(response);
      this.#run(startReliable(this.#values));
      return;
    }
  }

  #feed(event: ReliableEvent): void {
    this.#run(stepReliable(this.#state, event));
  }

  #run(step: Step<ReliableState, ReliableAction>): void {
    this.#state = step.state;
    for (const action of step.actions) {
      if (action.type === "resend") {
        if (this.#current !== null) this.#outlet.send(this.#current.response);
      } else if (action.type === "acknowledged") this.#next();
      else if (action.type === "abandon") this.#outlet.abandon();
      else this.#timers.run(action);
    }
  }
}
