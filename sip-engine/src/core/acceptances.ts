import { startAcceptance, stepAcceptance } from "../dialog/acceptance.js";
import type {
  AcceptanceAction,
  AcceptanceEvent,
  AcceptanceManner,
  AcceptanceState,
  AcceptanceTimer,
} from "../dialog/acceptance.js";
import type { RequestEnvelope } from "../sip/envelope.js";
import { serialise } from "../sip/message.js";
import type { SipResponse } from "../sip/message.js";
import type { Step, TimerValues } from "../transaction/machine.js";
import type { Context } from "./context.js";
import type { DialogRecord } from "./dialogs.js";
import { releaseDialog } from "./dialog-requests.js";
import { isReliable } from "./ports.js";
import type { Clock, Flow } from "./ports.js";
import type { ServerRequest } from "./server-request.js";
import { TimerSet } from "./timer-set.js";

const ACK_TIMEOUT = 'SIP ;cause=200 ;text="ACK timeout"';

/** What an acceptance asks of its call. */
interface Outlet {
  resend(): void;
  abandon(): void;
}

/** Runs the retransmission of one 2xx until its ACK comes (RFC 3261 13.3.1.4). */
export class Acceptance {
  /** Transaction id the app gets its ACK with. */
  readonly transactionId: string;
  readonly #timers: TimerSet<AcceptanceTimer>;
  readonly #values: TimerValues;
  readonly #outlet: Outlet;
  #state: AcceptanceState;

  constructor(clock: Clock, values: TimerValues, manner: AcceptanceManner, transactionId: string, outlet: Outlet) {
    this.transactionId = transactionId;
    this.#values = values;
    this.#outlet = outlet;
    this.#timers = new TimerSet(clock, (timer) => this.#feed({ type: "timerFired", timer }));
    const first = startAcceptance(values, manner);
    this.#state = first.state;
    this.#run(first);
  }

  get waiting(): boolean {
    return this.#state.phase === "waiting";
  }

  acknowledge(): void {
    this.#feed({ type: "ackReceived" });
  }

  dialogEnded(): void {
    this.#feed({ type: "dialogEnded" });
  }

  #feed(event: AcceptanceEvent): void {
    this.#run(stepAcceptance(this.#state, event, this.#values));
  }

  #run(step: Step<AcceptanceState, AcceptanceAction>): void {
    this.#state = step.state;
    for (const action of step.actions) {
      if (action.type === "resend") this.#outlet.resend();
      else if (action.type === "abandon") this.#outlet.abandon();
      else if (action.type !== "settle") this.#timers.run(action);
    }
  }
}

/** Keeps the 2xx to an INVITE going until its ACK comes; without one the call is ended. */
export function awaitAck(context: Context, one: ServerRequest, response: SipResponse): void {
  const { record } = one;
  if (record === null) return;
  const { clock, ids, options, transactions } = context;
  const transactionId = one.inDialog ? ids.uuid() : one.id;
  const acceptance = new Acceptance(clock, options.timers, mannerOf(context, one), transactionId, {
    resend: () => transactions.transmit(one.flow, serialise(response), () => undefined),
    abandon: () => {
      record.acceptances.delete(one.envelope.cseq);
      releaseDialog(context, record, ACK_TIMEOUT);
    },
  });
  record.acceptances.set(one.envelope.cseq, acceptance);
}

function mannerOf(context: Context, one: ServerRequest): AcceptanceManner {
  const { behaviour } = context.options;
  if (one.inDialog && behaviour.reinviteAnswer === "once") return "unguarded";
  return isReliable(one.flow.transport) && behaviour.streamAnswer === "once" ? "awaited" : "repeated";
}

/** ACK to a 2xx (RFC 3261 13.3.1.4): settles the retransmission and goes to the app once. */
export function ackReceived(context: Context, record: DialogRecord, envelope: RequestEnvelope, flow: Flow): boolean {
  const acceptance = record.acceptances.get(envelope.cseq);
  if (acceptance?.waiting !== true) return acceptance !== undefined;
  acceptance.acknowledge();
  record.acceptances.delete(envelope.cseq);
  if (record.app.connected) {
    const text = serialise(envelope.message);
    context.courier.network(record.app, flow, acceptance.transactionId, record.dialog.id, text);
  }
  return true;
}
