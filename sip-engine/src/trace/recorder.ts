import { fits } from "./filter.js";
import { masked } from "./secrets.js";
import type { TracedMessage } from "./message.js";
import { copied } from "./octets.js";
import type { TraceOrder } from "./order.js";
import { resultOf } from "./preface.js";
import { rungsOf } from "./rung.js";
import { summarise } from "./summary.js";

/** Messages kept per call, the newest. */
const MOST_MESSAGES = 1000;
/** Bytes of messages kept in all. */
const MOST_BYTES = 2 * 1024 * 1024;

export interface Limits {
  readonly messagesPerCall: number;
  readonly bytes: number;
}

/** One Call-ID. */
export interface TracedCall {
  /** Counts up from 1 within a trace. */
  readonly id: number;
  readonly callId: string;
  /** Older messages that had to go. */
  readonly dropped: number;
  /** In order of time. */
  readonly messages: readonly TracedMessage[];
}

/** Keeps the messages of the calls that fit an order, in bounded memory: what is oldest goes first, and is counted. */
export class Recorder {
  readonly order: TraceOrder;
  /** When taking messages ends, milliseconds since the epoch. */
  readonly until: number;
  readonly #limits: Limits;
  /** By Call-ID; the call that was quiet longest comes first. */
  readonly #calls = new Map<string, { readonly id: number; readonly kept: TracedMessage[]; dropped: number }>();
  #bytes = 0;
  #ids = 0;
  #seen = 0;
  #droppedCalls = 0;
  #droppedMessages = 0;

  constructor(order: TraceOrder, now: number, limits: Limits = { messagesPerCall: MOST_MESSAGES, bytes: MOST_BYTES }) {
    this.order = order;
    this.until = now + order.seconds * 1000;
    this.#limits = limits;
  }

  /** A message crossed the edge. */
  seen(message: TracedMessage): void {
    const summary = summarise(message.octets);
    const { callId } = summary;
    const known = this.#calls.get(callId);
    if (known === undefined && !fits(this.order.filter, summary, message.remote)) return;
    const call = known ?? { id: ++this.#ids, kept: [], dropped: 0 };
    call.kept.push({ ...message, octets: copied(masked(message.octets)) });
    this.#bytes += message.octets.length;
    this.#seen++;
    this.#calls.delete(callId);
    this.#calls.set(callId, call);
    this.#makeRoom();
  }

  /** Another text whenever what is recorded is different. */
  get tag(): string {
    return `"${this.until}-${this.#seen}"`;
  }

  /** The calls in the order they began. */
  get calls(): readonly TracedCall[] {
    return [...this.#calls]
      .map(([callId, { id, dropped, kept }]) => ({ id, callId, dropped, messages: kept }))
      .sort((a, b) => a.id - b.id);
  }

  /** What is told in a list of calls. */
  toJSON(): Record<string, unknown> {
    return {
      filter: this.order.filter,
      until: new Date(this.until).toISOString(),
      calls: this.calls.map(({ id, callId, dropped, messages }) => {
        const { from, to } = summarise(messages[0]!.octets);
        const began = new Date(messages[0]!.at).toISOString();
        return { id, callId, from, to, began, result: resultOf(rungsOf(messages)), messages: messages.length, dropped };
      }),
      dropped: { calls: this.#droppedCalls, messages: this.#droppedMessages },
      bytes: this.#bytes,
    };
  }

  #makeRoom(): void {
    const newest = [...this.#calls.values()].at(-1)!;
    while (newest.kept.length > this.#limits.messagesPerCall) this.#dropFirst(newest);
    for (const [callId, call] of this.#calls) {
      if (this.#calls.size <= this.order.calls && this.#bytes <= this.#limits.bytes) return;
      if (call === newest) break;
      while (call.kept.length > 0) this.#dropFirst(call);
      this.#calls.delete(callId);
      this.#droppedCalls++;
    }
    while (this.#bytes > this.#limits.bytes && newest.kept.length > 1) this.#dropFirst(newest);
  }

  #dropFirst(call: { readonly kept: TracedMessage[]; dropped: number }): void {
    const first = call.kept.shift();
    if (first === undefined) return;
    this.#bytes -= first.octets.length;
    call.dropped++;
    this.#droppedMessages++;
  }
}
