import { RESEND, TERMINATE, startTimer, stay, stopTimer } from "./machine.js";
import type { Link, ServerAction, Step } from "./machine.js";

/** INVITE server transaction: RFC 3261 17.2.1 as corrected by RFC 6026. */
export type InviteServerState =
  | { readonly phase: "proceeding" }
  | { readonly phase: "completed"; readonly interval: number }
  | { readonly phase: "confirmed" }
  | { readonly phase: "accepted" }
  | { readonly phase: "terminated" };

/** G, H and I as in RFC 3261, L as in RFC 6026. */
export type InviteServerTimer = "G" | "H" | "I" | "L";

export type InviteServerEvent =
  | { readonly type: "requestReceived" }
  | { readonly type: "ackReceived" }
  | { readonly type: "responseSent"; readonly status: number }
  | { readonly type: "timerFired"; readonly timer: InviteServerTimer }
  | { readonly type: "transportFailed" };

type InviteServerStep = Step<InviteServerState, ServerAction<InviteServerTimer>>;

const END: InviteServerState = { phase: "terminated" };

export function startInviteServer(): InviteServerStep {
  return { state: { phase: "proceeding" }, actions: [] };
}

/** The shell has sent the response already when it reports `responseSent`; retransmissions are ordered here. */
export function stepInviteServer(state: InviteServerState, event: InviteServerEvent, link: Link): InviteServerStep {
  switch (state.phase) {
    case "proceeding":
      return whileProceeding(state, event, link);
    case "completed":
      return whileCompleted(state, event, link);
    case "confirmed":
      return event.type === "timerFired" && event.timer === "I" ? { state: END, actions: [TERMINATE] } : stay(state);
    case "accepted":
      // RFC 6026 7.1: retransmitted INVITEs are absorbed; the 2xx is retransmitted by the dialog, not from here.
      return event.type === "timerFired" && event.timer === "L" ? { state: END, actions: [TERMINATE] } : stay(state);
    case "terminated":
      return stay(state);
  }
}

function whileProceeding(state: InviteServerState, event: InviteServerEvent, link: Link): InviteServerStep {
  switch (event.type) {
    case "requestReceived":
      return { state, actions: [RESEND] };
    case "responseSent":
      return answered(state, event.status, link);
    case "transportFailed":
      return { state: END, actions: [{ type: "fail", cause: "transport" }, TERMINATE] };
    case "ackReceived":
    case "timerFired":
      return stay(state);
  }
}

function answered(state: InviteServerState, status: number, link: Link): InviteServerStep {
  const { t1 } = link.timers;
  if (status < 200) return stay(state);
  if (status < 300) return { state: { phase: "accepted" }, actions: [startTimer("L", 64 * t1)] };
  const resend = link.reliable ? [] : [startTimer("G", t1)];
  return { state: { phase: "completed", interval: t1 }, actions: [...resend, startTimer("H", 64 * t1)] };
}

function whileCompleted(
  state: Extract<InviteServerState, { phase: "completed" }>,
  event: InviteServerEvent,
  link: Link,
): InviteServerStep {
  switch (event.type) {
    case "requestReceived":
      return { state, actions: [RESEND] };
    case "ackReceived":
      if (link.reliable) return { state: END, actions: [TERMINATE] };
      return {
        state: { phase: "confirmed" },
        actions: [stopTimer("G"), stopTimer("H"), startTimer("I", link.timers.t4)],
      };
    case "timerFired": {
      if (event.timer === "H") return { state: END, actions: [{ type: "fail", cause: "timeout" }, TERMINATE] };
      if (event.timer !== "G") return stay(state);
      const interval = Math.min(state.interval * 2, link.timers.t2);
      return { state: { phase: "completed", interval }, actions: [RESEND, startTimer("G", interval)] };
    }
    case "transportFailed":
      return { state: END, actions: [{ type: "fail", cause: "transport" }, TERMINATE] };
    case "responseSent":
      return stay(state);
  }
}
