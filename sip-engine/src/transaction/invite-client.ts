import { ACKNOWLEDGE, DELIVER, SEND, TERMINATE, startTimer, stay, stopTimer } from "./machine.js";
import type { ClientAction, Link, Step } from "./machine.js";

/** INVITE client transaction: RFC 3261 17.1.1 as corrected by RFC 6026. */
export type InviteClientState =
  | { readonly phase: "calling"; readonly interval: number }
  | { readonly phase: "proceeding" }
  | { readonly phase: "completed" }
  | { readonly phase: "accepted" }
  | { readonly phase: "terminated" };

/** A, B and D as in RFC 3261, M as in RFC 6026; `cancel` is the wait of RFC 3261 9.1 after a CANCEL. */
export type InviteClientTimer = "A" | "B" | "D" | "M" | "cancel";

export type InviteClientEvent =
  | { readonly type: "responseReceived"; readonly status: number }
  | { readonly type: "cancelSent" }
  | { readonly type: "timerFired"; readonly timer: InviteClientTimer }
  | { readonly type: "transportFailed" };

type InviteClientStep = Step<InviteClientState, ClientAction<InviteClientTimer>>;

const END: InviteClientState = { phase: "terminated" };

export function startInviteClient(link: Link): InviteClientStep {
  const { t1, firstRepeat } = link.timers;
  const resend = link.reliable ? [] : [startTimer("A", firstRepeat)];
  return { state: { phase: "calling", interval: firstRepeat }, actions: [SEND, ...resend, startTimer("B", 64 * t1)] };
}

export function stepInviteClient(state: InviteClientState, event: InviteClientEvent, link: Link): InviteClientStep {
  switch (state.phase) {
    case "calling":
      return whileCalling(state, event, link);
    case "proceeding":
      return whileProceeding(state, event, link);
    case "completed":
      return whileCompleted(state, event);
    case "accepted":
      return whileAccepted(state, event);
    case "terminated":
      return stay(state);
  }
}

function whileCalling(
  state: Extract<InviteClientState, { phase: "calling" }>,
  event: InviteClientEvent,
  link: Link,
): InviteClientStep {
  switch (event.type) {
    case "responseReceived":
      return withActions(answered(event.status, link), stopTimer("A"), stopTimer("B"));
    case "timerFired": {
      if (event.timer === "A") {
        const interval = state.interval * 2;
        return { state: { phase: "calling", interval }, actions: [SEND, startTimer("A", interval)] };
      }
      return event.timer === "B" ? failed("timeout") : stay(state);
    }
    case "transportFailed":
      return failed("transport");
    case "cancelSent":
      return stay(state);
  }
}

function whileProceeding(state: InviteClientState, event: InviteClientEvent, link: Link): InviteClientStep {
  switch (event.type) {
    case "responseReceived":
      return event.status < 200
        ? { state, actions: [DELIVER] }
        : withActions(answered(event.status, link), stopTimer("cancel"));
    case "cancelSent":
      return { state, actions: [startTimer("cancel", 64 * link.timers.t1)] };
    case "timerFired":
      return event.timer === "cancel" ? failed("cancelled") : stay(state);
    case "transportFailed":
      return failed("transport");
  }
}

function whileCompleted(state: InviteClientState, event: InviteClientEvent): InviteClientStep {
  switch (event.type) {
    case "responseReceived":
      // A retransmitted final response means our ACK was lost (17.1.1.2).
      return event.status >= 300 ? { state, actions: [ACKNOWLEDGE] } : stay(state);
    case "timerFired":
      return event.timer === "D" ? { state: END, actions: [TERMINATE] } : stay(state);
    case "transportFailed":
      return { state: END, actions: [TERMINATE] };
    case "cancelSent":
      return stay(state);
  }
}

function whileAccepted(state: InviteClientState, event: InviteClientEvent): InviteClientStep {
  switch (event.type) {
    case "responseReceived":
      // RFC 6026 7.2: every 2xx goes up, be it a retransmission or another fork.
      return event.status >= 200 && event.status < 300 ? { state, actions: [DELIVER] } : stay(state);
    case "timerFired":
      return event.timer === "M" ? { state: END, actions: [TERMINATE] } : stay(state);
    case "transportFailed":
    case "cancelSent":
      return stay(state);
  }
}

function answered(status: number, link: Link): InviteClientStep {
  if (status < 200) return { state: { phase: "proceeding" }, actions: [DELIVER] };
  if (status < 300) {
    return { state: { phase: "accepted" }, actions: [DELIVER, startTimer("M", 64 * link.timers.t1)] };
  }
  if (link.reliable) return { state: END, actions: [ACKNOWLEDGE, DELIVER, TERMINATE] };
  return { state: { phase: "completed" }, actions: [ACKNOWLEDGE, DELIVER, startTimer("D", link.timers.d)] };
}

function failed(cause: "timeout" | "transport" | "cancelled"): InviteClientStep {
  return { state: END, actions: [{ type: "fail", cause }, TERMINATE] };
}

function withActions(step: InviteClientStep, ...first: ClientAction<InviteClientTimer>[]): InviteClientStep {
  return { state: step.state, actions: [...first, ...step.actions] };
}
