import { RESEND, TERMINATE, startTimer, stay } from "./machine.js";
import type { Link, ServerAction, Step } from "./machine.js";

/** Non-INVITE server transaction: RFC 3261 17.2.2. */
export type NonInviteServerState =
  | { readonly phase: "trying" }
  | { readonly phase: "proceeding" }
  | { readonly phase: "completed" }
  | { readonly phase: "terminated" };

export type NonInviteServerTimer = "J";

export type NonInviteServerEvent =
  | { readonly type: "requestReceived" }
  | { readonly type: "responseSent"; readonly status: number }
  | { readonly type: "timerFired"; readonly timer: NonInviteServerTimer }
  | { readonly type: "transportFailed" };

type NonInviteServerStep = Step<NonInviteServerState, ServerAction<NonInviteServerTimer>>;

const END: NonInviteServerState = { phase: "terminated" };

export function startNonInviteServer(): NonInviteServerStep {
  return { state: { phase: "trying" }, actions: [] };
}

/** The shell has sent the response already when it reports `responseSent`; retransmissions are ordered here. */
export function stepNonInviteServer(
  state: NonInviteServerState,
  event: NonInviteServerEvent,
  link: Link,
): NonInviteServerStep {
  if (state.phase === "terminated") return stay(state);
  switch (event.type) {
    case "requestReceived":
      // 17.2.2: in "trying" a retransmission is discarded, nothing has been said yet.
      return state.phase === "trying" ? stay(state) : { state, actions: [RESEND] };
    case "responseSent":
      return state.phase === "completed" ? stay(state) : answered(event.status, link);
    case "timerFired":
      return state.phase === "completed" ? { state: END, actions: [TERMINATE] } : stay(state);
    case "transportFailed":
      return { state: END, actions: [{ type: "fail", cause: "transport" }, TERMINATE] };
  }
}

function answered(status: number, link: Link): NonInviteServerStep {
  if (status < 200) return { state: { phase: "proceeding" }, actions: [] };
  if (link.reliable) return { state: END, actions: [TERMINATE] };
  return { state: { phase: "completed" }, actions: [startTimer("J", 64 * link.timers.t1)] };
}
