import { startAcceptance, stepAcceptance } from "../dialog/acceptance.js";
import type { AcceptanceAction, AcceptanceEvent, AcceptanceState, AcceptanceTimer } from "../dialog/acceptance.js";
import { dialogKey } from "../dialog/dialog.js";
import type { Dialog } from "../dialog/dialog.js";
import type { HeaderField } from "../sip/message.js";
import type { Step, TimerValues } from "../transaction/machine.js";
import type { App, Clock, Flow } from "./ports.js";
import type { Route } from "./routing.js";
import { TimerSet } from "./timer-set.js";

/** An ACK we sent, kept so that a retransmitted 2xx can be answered with it (RFC 3261 13.2.2.4). */
export interface SentAck {
  readonly text: string;
  readonly flow: Flow;
}

/** A 2xx to an INVITE of ours that the app has not acknowledged yet. */
export interface UnackedAnswer {
  readonly cseq: number;
  /** Authorization headers of the INVITE, which its ACK repeats (RFC 3261 22.1). */
  readonly credentials: readonly HeaderField[];
  /** After the ACK the call must be ended at once, and why. */
  readonly release: "cancelled" | "no-contact" | null;
}

/** A dialog and everything the engine keeps beside it. */
export class DialogRecord {
  dialog: Dialog;
  stage: "early" | "confirmed" = "early";
  /** Connection the dialog lives on, or over UDP the peer's address when NAT hides its Contact. */
  flow: Flow | null;
  /** The next hop's path, kept while the next hop stays the same; a promise while its name is being resolved. */
  resolved: { readonly nextHop: string; readonly route: Route } | null = null;
  /** Transaction id of our re-INVITE without a final response; null when there is none. */
  reinvite: string | null = null;
  readonly app: App;
  readonly unacked: UnackedAnswer[] = [];
  readonly acks = new Map<number, SentAck>();
  readonly acceptances = new Map<number, Acceptance>();
  /** Session description we sent last, for refreshing the session (RFC 4028 7.4). */
  localSdp: string | null = null;
  /** Last RSeq taken from the peer (RFC 3262 4). */
  lastRseq: number | null = null;
  /** Called once when the dialog is gone. */
  readonly onEnd = new Set<() => void>();

  constructor(dialog: Dialog, app: App, flow: Flow | null) {
    this.dialog = dialog;
    this.app = app;
    this.flow = flow;
  }

  get key(): string {
    return dialogKey(this.dialog.callId, this.dialog.localTag, this.dialog.remoteTag);
  }
}

/** Runs the retransmission of one 2xx until its ACK comes (RFC 3261 13.3.1.4). */
export class Acceptance {
  readonly transactionId: string;
  readonly #timers: TimerSet<AcceptanceTimer>;
  readonly #values: TimerValues;
  readonly #send: () => void;
  readonly #abandon: () => void;
  #state: AcceptanceState;

  constructor(clock: Clock, values: TimerValues, transactionId: string, send: () => void, abandon: () => void) {
    this.transactionId = transactionId;
    this.#values = values;
    this.#send = send;
    this.#abandon = abandon;
    this.#timers = new TimerSet(clock, (timer) => this.#feed({ type: "timerFired", timer }));
    const first = startAcceptance(values);
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
      if (action.type === "resend") this.#send();
      else if (action.type === "abandon") this.#abandon();
      else if (action.type !== "settle") this.#timers.run(action);
    }
  }
}

/** All dialogs, by drachtio id (for apps) and by tags (for the network). */
export class Dialogs {
  readonly #byId = new Map<string, DialogRecord>();
  readonly #byKey = new Map<string, DialogRecord>();

  get all(): Iterable<DialogRecord> {
    return this.#byKey.values();
  }

  get size(): number {
    return this.#byKey.size;
  }

  /** Adds a dialog; of two early forks with one id the later is the one apps reach. */
  add(record: DialogRecord): void {
    this.#byKey.set(record.key, record);
    this.#byId.set(record.dialog.id, record);
  }

  /** True when another confirmed dialog already holds this record's id: a fork answered twice (RFC 3261 8.2.2.2). */
  taken(id: string, except: DialogRecord | null): boolean {
    const holder = this.#byId.get(id);
    return holder !== undefined && holder !== except && holder.stage === "confirmed";
  }

  byId(id: string): DialogRecord | undefined {
    return this.#byId.get(id);
  }

  byTags(callId: string, localTag: string, remoteTag: string): DialogRecord | undefined {
    return this.#byKey.get(dialogKey(callId, localTag, remoteTag));
  }

  end(record: DialogRecord): void {
    if (this.#byKey.get(record.key) === record) this.#byKey.delete(record.key);
    if (this.#byId.get(record.dialog.id) === record) this.#byId.delete(record.dialog.id);
    for (const acceptance of record.acceptances.values()) acceptance.dialogEnded();
    const listeners = [...record.onEnd];
    record.onEnd.clear();
    for (const listener of listeners) listener();
  }
}
