/** The states an agent can rest in: nobody calls, nothing rings. */
export type Resting =
  | { readonly kind: "available" }
  | { readonly kind: "idle"; readonly reason: string }
  | { readonly kind: "rona" }
  | { readonly kind: "wrap-up"; readonly after: After };

/** Where wrap-up leads. */
type After =
  { readonly kind: "available" } | { readonly kind: "idle"; readonly reason: string } | { readonly kind: "rona" };

/** What an agent is taken for: an offer of a queue, a consult or transfer, a call of their own (OB-1), a call of a colleague (IN-1). */
export type ReservedFor = "queue" | "consult" | "outbound" | "internal";

/** AG-1. A call, offered or taken, remembers the state it interrupted (AG-3). */
export type AgentState =
  | { readonly kind: "offline" }
  | Resting
  | { readonly kind: "reserved"; readonly by: ReservedFor; readonly former: Resting }
  | { readonly kind: "engaged"; readonly former: Resting };

export type AgentEvent =
  | { readonly type: "signedIn"; readonly openWrapUps: boolean }
  | { readonly type: "signedOut" }
  | { readonly type: "choseAvailable" }
  | { readonly type: "choseIdle"; readonly reason: string }
  | { readonly type: "reserved"; readonly by: ReservedFor }
  | { readonly type: "engaged" }
  | {
      readonly type: "released";
      readonly how: "handled" | "consulted" | "not-answered" | "caller-gone";
      readonly openWrapUps: boolean;
    }
  | { readonly type: "wrapUpsDone" };

/** The reason an agent starts the day with: nobody is offered a call by surprise. */
export const NOT_READY = "not-ready";

/** Pure. An event that makes no sense in the present state leaves it as it is. */
export function nextAgentState(s: AgentState, e: AgentEvent): AgentState {
  switch (e.type) {
    case "signedIn":
      if (s.kind !== "offline") return s;
      return e.openWrapUps ? wrapUp({ kind: "available" }) : { kind: "idle", reason: NOT_READY };
    case "signedOut":
      return { kind: "offline" };
    case "choseAvailable":
      return mayChoose(s) ? { kind: "available" } : s;
    case "choseIdle":
      return mayChoose(s) ? { kind: "idle", reason: e.reason } : s;
    case "reserved":
      return isResting(s) && mayBeReserved(s, e.by) ? { kind: "reserved", by: e.by, former: s } : s;
    case "engaged":
      return s.kind === "reserved" ? { kind: "engaged", former: s.former } : s;
    case "released":
      return s.kind === "reserved" || s.kind === "engaged" ? afterCall(s, e) : s;
    case "wrapUpsDone":
      if (s.kind === "wrap-up") return s.after;
      return (s.kind === "reserved" || s.kind === "engaged") && s.former.kind === "wrap-up"
        ? { ...s, former: s.former.after }
        : s;
  }
}

const isResting = (s: AgentState): s is Resting =>
  s.kind === "available" || s.kind === "idle" || s.kind === "rona" || s.kind === "wrap-up";

/** By hand, between calls: RONA is left only this way (AG-1); wrap-up is left by submitting it. */
export const mayChoose = (s: AgentState): boolean => s.kind === "available" || s.kind === "idle" || s.kind === "rona";

/** AG-1: a queue offers calls to Available agents only. AG-3: everything else may take every resting one. */
export const mayBeReserved = (s: AgentState, by: ReservedFor): boolean =>
  by === "queue" ? s.kind === "available" : isResting(s);

/** The agent has a call, or one rings: no sign-out, no change of state. */
export const inACall = (s: AgentState): boolean => s.kind === "reserved" || s.kind === "engaged";

function afterCall(
  s: Extract<AgentState, { former: Resting }>,
  e: Extract<AgentEvent, { type: "released" }>,
): AgentState {
  if (e.how === "not-answered") return s.kind === "reserved" && s.by === "queue" ? { kind: "rona" } : s.former;
  if (e.how !== "handled") return s.former;
  const after = s.former.kind === "wrap-up" ? s.former.after : s.former;
  return e.openWrapUps ? wrapUp(after) : after;
}

const wrapUp = (after: After): AgentState => ({ kind: "wrap-up", after });
