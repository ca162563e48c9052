import { dialogKey } from "../dialog/dialog.js";
import type { Dialog } from "../dialog/dialog.js";
import type { HeaderField } from "../sip/message.js";
import type { Acceptance } from "./acceptances.js";
import type { App, Flow } from "./ports.js";
import type { Route } from "./routing.js";

/** An ACK we sent, kept so that a retransmitted 2xx can be answered with it (RFC 3261 13.2.2.4). */
export interface SentAck {
  readonly text: string;
  readonly flow: Flow;
}

/** A 2xx to an INVITE of ours that the app has not acknowledged yet. */
export interface UnackedAnswer {
  readonly cseq: number;
  /** True for a 2xx to a re-INVITE. */
  readonly reinvite: boolean;
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
  /** How many re-INVITEs of the peer's the app has not answered. */
  peerReinvites = 0;
  readonly app: App;
  readonly unacked: UnackedAnswer[] = [];
  readonly acks = new Map<number, SentAck>();
  readonly acceptances = new Map<number, Acceptance>();
  /** Session description we sent last, for refreshing the session (RFC 4028 7.4). */
  localSdp: string | null = null;
  /** True once a BYE of the app's has been recorded: it may have to be sent again with credentials. */
  released = false;
  /** True once a reliable provisional response of its INVITE arrived, or one of ours was acknowledged. */
  reliable = false;
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
