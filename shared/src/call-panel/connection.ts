/** How far the panel has got in reaching its server. */
export type Connection =
  | { readonly kind: "signed-out"; readonly why: SignedOutReason | null }
  | { readonly kind: "connecting" }
  | { readonly kind: "ready" }
  /** The event stream or the SIP WebSocket is gone; the panel is trying again by itself. `since`: this browser's clock, in ms. */
  | { readonly kind: "lost"; readonly what: "events" | "sip"; readonly since: number };

/**
 * Why a session ended that the agent did not end: the same agent's desktop was opened in another place, an administrator
 * ended it, or it was too old. Null in `Connection`: the agent signed out, or was not signed in.
 */
export type SignedOutReason = "elsewhere" | "administrator" | "expired";
