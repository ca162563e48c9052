/**
 * The call panel's own API: what a page that hosts the panel can ask of it and hears from it. The desktop uses nothing else.
 * Every command resolves when it is in force, not when it was sent, and rejects with a `CallPanelError` whose code is the server's.
 */
import type {
  AgentListing,
  AgentStateView,
  Desktop,
  DialNumberListing,
  EntryPointListing,
  ErrorCode,
  ExpertListing,
  History,
  HistoryQuery,
  NumberCheck,
  QueueListing,
  SessionEnd,
  Station,
  Target,
} from "../api/index.js";
import type { CallPanelAudio } from "./audio.js";
import type { Connection } from "./connection.js";
import type { CallPanelEvent, CallPanelEvents } from "./events.js";
import type { CallQuality } from "./quality.js";

export type * from "./audio.js";
export type * from "./connection.js";
export type * from "./events.js";
export type * from "./language.js";
export type * from "./quality.js";

export interface CallPanelState {
  readonly connection: Connection;
  /** The last desktop the server sent; null before the first. */
  readonly desktop: Desktop | null;
  /** The microphone is muted, in this browser, on every leg of this call; also after a reload, and in another tab. */
  readonly muted: boolean;
  /** A call is ringing in this browser and can be accepted or declined here. */
  readonly incoming: { readonly from: string } | null;
  /** Commands on their way, so that their buttons show it. */
  readonly pending: readonly CallPanelCommand[];
  /** Server clock minus this browser's clock, in ms: add it to Date.now() before showing a timer. */
  readonly clockOffsetMs: number;
  /** Of the agent's own calls in this browser, each 2 s; absent before the first measurement, and at a desk phone. */
  readonly quality: { readonly customer?: CallQuality; readonly consult?: CallQuality };
}

/** A list as the server had it at `asOf`, ISO 8601 in UTC. */
export interface Listed<T> {
  readonly all: readonly T[];
  readonly asOf: string;
}

export interface CallPanelCommands {
  signIn(request: { agent: string; password: string; station: Station; takeOver: boolean }): Promise<void>;
  signOut(): Promise<void>;
  setState(state: Extract<AgentStateView, { kind: "available" | "idle" }>): Promise<void>;
  accept(): Promise<void>;
  decline(): Promise<void>;
  hold(): Promise<void>;
  unhold(): Promise<void>;
  mute(muted: boolean): Promise<void>;
  sendDigits(digits: string): Promise<void>;
  listAgents(): Promise<Listed<AgentListing>>;
  listQueues(): Promise<Listed<QueueListing>>;
  listEntryPoints(): Promise<Listed<EntryPointListing>>;
  listDialNumbers(): Promise<Listed<DialNumberListing>>;
  /** DF-4: by first name, role, department or whole number; everybody for an empty text, as far as the server lists them. */
  listExperts(search: string): Promise<Listed<ExpertListing>>;
  /** DN: what a typed number would be dialled as, or what is wrong with it. */
  checkNumber(typed: string): Promise<NumberCheck>;
  /** The agent's own calls that have ended, newest first; today's without a query. `desktop.historyRevision` says when to ask again. */
  listHistory(query?: Partial<HistoryQuery>): Promise<History>;
  /** OB-1, IN-1: in force when the far end is being called; at a desk phone, when that phone is. */
  placeCall(target: Target): Promise<void>;
  /** In force when the target is being called. CO-14: for a queue or an entry point when the queue has taken it, not when an agent answers. */
  consult(target: Target): Promise<void>;
  /** BT-1: in force when the target is being called; what comes of it is in the desktop and its notices. */
  blindTransfer(target: Target): Promise<void>;
  /** CO-3: to the other side, and back when pressed again. */
  resume(): Promise<void>;
  transfer(): Promise<void>;
  /** CO-5: the consulted agent's answer to a transfer. */
  acceptTransfer(): Promise<void>;
  declineTransfer(): Promise<void>;
  conference(): Promise<void>;
  endConsult(): Promise<void>;
  backToCustomer(): Promise<void>;
  leave(): Promise<void>;
  end(): Promise<void>;
  submitWrapUp(wrapUp: string, reason: string, note: string): Promise<void>;
  /** WU-1: what the agent has chosen and typed so far, which the server submits when the countdown is over. */
  draftWrapUp(wrapUp: string, reason: string, note: string): Promise<void>;
  cancelAutoWrapUp(wrapUp: string): Promise<void>;
  demoCall(): Promise<void>;
}

export type CallPanelCommand = keyof CallPanelCommands;

export interface CallPanel extends CallPanelCommands {
  readonly state: CallPanelState;
  /** Devices and sound of this browser. */
  readonly audio: CallPanelAudio;
  /** Called after each change of `state`; returns the way to stop it. */
  subscribe(listener: (state: CallPanelState) => void): () => void;
  /** Called once per event of this type; returns the way to stop it. */
  on<Type extends CallPanelEvent>(type: Type, listener: (event: CallPanelEvents[Type]) => void): () => void;
  /**
   * Takes up the session that this browser's cookie names, if there is one. Never rejects: see `state.connection`. While the server cannot
   * be reached it is tried again, and this has not resolved yet.
   */
  restore(): Promise<void>;
  /**
   * Lets go of everything in this page: event stream, telephone, devices, listeners. The session goes on, and so does a call, as after a
   * reload. A closed panel is of no more use; another can be made.
   */
  close(): Promise<void>;
}

/** Why a command did not happen. `no-microphone`, `sip-failed` and `offline` come from this browser, the others from the server. */
export class CallPanelError extends Error {
  constructor(
    readonly code: ErrorCode | "no-microphone" | "sip-failed" | "offline",
    message: string,
    /** With `not-signed-in`, where the server knows: why there is no session. */
    readonly ended?: SessionEnd,
  ) {
    super(message);
    this.name = "CallPanelError";
  }
}
