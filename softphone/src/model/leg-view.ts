/** What the model knows of one SIP dialog of this browser. */
export interface LegView {
  readonly callId: string;
  /** Who sent the first INVITE. */
  readonly origin: "incoming" | "outgoing";
  readonly stage: "ringing" | "established";
  /** This browser holds it in SDP (RFC 3264 8.4), and the server has accepted that. */
  readonly held: boolean;
}

/** The agent's dialogs by their place in the interaction. */
export interface Sides {
  readonly customer: LegView | undefined;
  readonly consult: LegView | undefined;
}

/**
 * The server says which Call-ID is which side. Before it does, a call that came in is the customer side, and one
 * that this browser placed is the consult.
 */
export function sidesOf(
  legs: readonly LegView[],
  named: readonly { readonly side: "customer" | "consult"; readonly callId: string }[],
): Sides {
  const known = new Map(named.map(({ callId, side }) => [callId, side]));
  const sideOf = (leg: LegView) => known.get(leg.callId) ?? (leg.origin === "incoming" ? "customer" : "consult");
  return {
    customer: legs.findLast((leg) => sideOf(leg) === "customer"),
    consult: legs.findLast((leg) => sideOf(leg) === "consult"),
  };
}
