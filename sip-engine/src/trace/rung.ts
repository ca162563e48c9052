import { peerKey } from "./columns.js";
import type { TracedMessage } from "./message.js";
import { summarise } from "./summary.js";
import type { Summary } from "./summary.js";

/** A message with what the drawing needs to know of the others. */
export interface Rung {
  readonly message: TracedMessage;
  readonly summary: Summary;
  /** Milliseconds since the first message. */
  readonly offset: number;
  /** Milliseconds since the message before. */
  readonly gap: number;
  /** How often the same text has gone the same way before. */
  readonly repeats: number;
  /** Number of its Call-ID among the calls shown, from 1; 0 when there is only one. */
  readonly call: number;
}

/** Reads messages for drawing. */
export function rungsOf(messages: readonly TracedMessage[]): Rung[] {
  const begin = messages[0]?.at ?? 0;
  const seen = new Map<string, number>();
  const summaries = messages.map(({ octets }) => summarise(octets));
  const calls = [...new Set(summaries.map(({ callId }) => callId))];
  return messages.map((message, i) => {
    const summary = summaries[i]!;
    const same = `${message.direction} ${peerKey(message)} ${message.octets}`;
    const repeats = seen.get(same) ?? 0;
    seen.set(same, repeats + 1);
    const gap = message.at - (messages[i - 1]?.at ?? begin);
    const call = calls.length === 1 ? 0 : calls.indexOf(summary.callId) + 1;
    return { message, summary, offset: message.at - begin, gap, repeats, call };
  });
}

/** Milliseconds for people. */
export function seconds(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
