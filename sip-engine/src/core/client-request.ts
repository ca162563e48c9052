import { headerValue } from "../sip/message.js";
import type { HeaderField, SipRequest } from "../sip/message.js";
import type { Attempts } from "./attempts.js";
import type { DialogRecord } from "./dialogs.js";
import type { App, Flow } from "./ports.js";
import type { TimerSet } from "./timer-set.js";

export type Cancel =
  | { readonly stage: "none" }
  /** Asked for before the first provisional response: it has to wait for one (RFC 3261 9.1). */
  | { readonly stage: "wanted"; readonly headers: readonly HeaderField[] }
  | { readonly stage: "sent" };

/** A request of an app's on its way to a final response. */
export interface ClientRequest {
  readonly id: string;
  readonly app: App;
  request: SipRequest;
  flow: Flow;
  /** Dialog the request was sent in; null outside. */
  readonly record: DialogRecord | null;
  readonly dialogId: string;
  /** Dialogs its responses made, early and confirmed, by To tag: one for each fork. */
  readonly forks: Map<string, DialogRecord>;
  readonly timers: TimerSet<"ringing">;
  transaction: Attempts | null;
  cancel: Cancel;
  provisional: boolean;
  finished: boolean;
}

export function sequenceOf(request: SipRequest): number {
  return Number.parseInt(headerValue(request, "cseq") ?? "0", 10);
}
