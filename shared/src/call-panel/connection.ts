import type { SessionEnd } from "../api/index.js";

/** How far the panel has got in reaching its server. */
export type Connection =
  /** `why` is null for who signed out, or was not signed in. */
  | { readonly kind: "signed-out"; readonly why: SignedOutReason | null }
  | { readonly kind: "connecting" }
  | { readonly kind: "ready" }
  /** The event stream or the SIP WebSocket is gone; the panel is trying again by itself. `since`: this browser's clock, in ms. */
  | { readonly kind: "lost"; readonly what: "events" | "sip"; readonly since: number };

/**
 * Why a session ended that the agent did not end. `unknown`: the server does not know it any more, as after a restart. `other-tab`: it
 * goes on, in another tab of this browser; `restore()` brings it here. `other-tab-closed`: that tab was closed, or its session ended.
 */
export type SignedOutReason = Exclude<SessionEnd, "signed-out"> | "unknown" | "other-tab" | "other-tab-closed";
