import { DELIVER, SEND, TERMINATE, startTimer, stay, stopTimer } from "./machine.js";
import type { ClientAction, Link, Step } from "./machine.js";

/** Non-INVITE client transaction: RFC 3261 17.1.2. */
export type NonInviteClientState =
  | { readonly phase: "trying"; readonly interval: number }
  | { readonly phase: "proceeding" }
  | { readonly phase: "completed" }
  | { readonly phase: "terminated" };

export type NonInviteClientTimer = "E" | "F" | "K";

export type NonInviteClientEvent =
  | { readonly type: "responseReceived"; readonly status: number }
  | { readonly type: "timerFired"; readonly timer: NonInviteClientTimer }
  | { readonly type: "transportFailed" };

type NonInviteClientStep = Step<NonInviteClientState, ClientAction<NonInviteClientTimer>>;

const END: NonInviteClientState = { phase: "terminated" };

export function startNonInviteClient(link: Link): NonInviteClientStep {
  const { t1, firstRepeat } = link.timers;
  const resend = link.reliable ? [] : [startTimer("E", firstRepeat)];
  return { state: { phase: "trying", interval: firstRepeat }, actions: [SEND, ...resend, startTimer("F", 64 * t1)] };
}

export function stepNonInviteClient(
  state: NonInviteClientState,
  event: NonInviteClientEvent,
  link: Link,
): NonInviteClientStep {
  switch (state.phase) {
    case "trying":
    case "proceeding":
      return whileWaiting(state, event, link);
    case "completed":
      return event.type === "transportFailed" || (event.type === "timerFired" && event.timer === "K")
        ? { state: END, actions: [TERMINATE] }
        : stay(state);
    case "terminated":
      return stay(state);
  }
}

function whileWaiting(
  state: Extract<NonInviteClientState, { phase: "trying" | "proceeding" }>,
  event: NonInviteClientEvent,
  link: Link,
): NonInviteClientStep {
  switch (event.type) {
    case "responseReceived":
      if (event.status < 200) return { state: { phase: "proceeding" }, actions: [DELIVER] };
      return answered(link);
    case "timerFired": {
      if (event.timer === "F") return failed("timeout");
      if (event.timer !== "E") return stay(state);
      // 17.1.2.2: doubling up to T2 while trying, always T2 once proceeding.
      const interval = state.phase === "trying" ? Math.min(state.interval * 2, link.timers.t2) : link.timers.t2;
      const next: NonInviteClientState = state.phase === "trying" ? { phase: "trying", interval } : state;
      return { state: next, actions: [SEND, startTimer("E", interval)] };
    }
    case "transportFailed":
      return failed("transport");
  }
}

function answered(link: Link): NonInviteClientStep {
  if (link.reliable) return { state: END, actions: [DELIVER, TERMINATE] };
  const actions = [stopTimer("E"), stopTimer("F"), DELIVER, startTimer("K", link.timers.t4)] as const;
  return { state: { phase: "completed" }, actions };
}

function failed(cause: "timeout" | "transport"): NonInviteClientStep {
  return { state: END, actions: [{ type: "fail", cause }, TERMINATE] };
}
