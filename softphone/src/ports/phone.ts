import type { Session } from "@legwork/shared/api";
import type { CallQuality } from "@legwork/shared/call-panel";
import type { LegView } from "../model/leg-view.js";

/** The account a browser registers with: short-lived, from the session. */
export type PhoneAccount = NonNullable<Session["sip"]>;

/** What the phone tells. */
export interface PhoneEvents {
  /** Registered with the server, or no longer. */
  linkChanged(up: boolean): void;
  legsChanged(legs: readonly LegView[]): void;
  /** A call rings and waits for accept or decline; null when none does. */
  ringingChanged(ringing: { readonly callId: string; readonly from: string } | null): void;
  /** By Call-ID, every 2 s during calls; empty when there are none. */
  qualityChanged(qualities: ReadonlyMap<string, CallQuality>): void;
  /** A call that was to answer itself could not. */
  autoAnswerFailed(error: unknown): void;
  /** The registrar refused the account: asks for a fresh one; null when the session is over, rejected when nobody can be asked. */
  accountRefused(): Promise<PhoneAccount | null>;
}

/**
 * The browser's telephone. Each request resolves when the other side has accepted it and rejects with a CallPanelError.
 * Legs are named by their Call-ID.
 */
export interface Phone {
  start(): void;
  /**
   * Closes the connection and says nothing: the server ends a registration with its session, and calls that are still
   * there go on elsewhere.
   */
  close(): Promise<void>;
  accept(): Promise<void>;
  decline(): Promise<void>;
  setHold(callId: string, hold: boolean): Promise<void>;
  /** Calls a user part of the site's domain: an agent, a queue, a number. Resolves when it rings or has answered. */
  invite(user: string): Promise<void>;
  hangUp(callId: string): Promise<void>;
  /** REFER with Replaces: resolves at the final NOTIFY with 2xx. */
  referReplacing(callId: string, replaced: string): Promise<void>;
  referToFocus(callId: string, focusUri: string): Promise<void>;
  sendDigits(callId: string, digits: string): Promise<void>;
  mute(muted: boolean): void;
  /** Drops legs from before a lost connection that the server no longer names. */
  keepOnly(callIds: readonly string[]): void;
}
