import type { RequestEnvelope } from "../sip/envelope.js";
import type { DialogRecord } from "./dialogs.js";
import type { App, Flow } from "./ports.js";
import type { ReliableResponses } from "./reliable-responses.js";
import type { TimerSet } from "./timer-set.js";
import type { ServerTransaction } from "./server-transaction.js";

/** A request from the network that an app has to answer. */
export interface ServerRequest {
  readonly id: string;
  readonly app: App;
  readonly transaction: ServerTransaction;
  readonly envelope: RequestEnvelope;
  readonly flow: Flow;
  /** True for a request inside an existing dialog. */
  readonly inDialog: boolean;
  /** The dialog the request came in, or the one its answer makes. */
  record: DialogRecord | null;
  /** Our To tag: fixed by the first response. */
  localTag: string | null;
  readonly timers: TimerSet<"unanswered">;
  /** The dialog it came in is gone before the app has answered: nobody can any more. */
  readonly dialogEnded: () => void;
  reliable: ReliableResponses | null;
}

/** True until the app has given a first response. */
export function isUntouched(one: ServerRequest): boolean {
  return one.timers.names.includes("unanswered");
}
