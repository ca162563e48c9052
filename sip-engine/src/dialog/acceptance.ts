import { startTimer, stay, stopTimer } from "../transaction/machine.js";
import type { Step, TimerAction, TimerValues } from "../transaction/machine.js";

/** A 2xx to INVITE waiting for its ACK (RFC 3261 13.3.1.4): resent T1, 2·T1 … T2 until 64·T1 have passed. */
export type AcceptanceState =
  | { readonly phase: "waiting"; readonly interval: number }
  | { readonly phase: "acknowledged" }
  | { readonly phase: "abandoned" };

export type AcceptanceTimer = "resend" | "giveUp";

export type AcceptanceEvent =
  | { readonly type: "ackReceived" }
  | { readonly type: "timerFired"; readonly timer: AcceptanceTimer }
  /** The dialog ended first, for example by BYE. */
  | { readonly type: "dialogEnded" };

export type AcceptanceAction =
  | { readonly type: "resend" }
  | { readonly type: "abandon" }
  | { readonly type: "settle" }
  | TimerAction<AcceptanceTimer>;

/** How a 2xx is looked after: sent again until its ACK, only waited for, or neither. */
export type AcceptanceManner = "repeated" | "awaited" | "unguarded";

type AcceptanceStep = Step<AcceptanceState, AcceptanceAction>;

export function startAcceptance(timers: TimerValues, manner: AcceptanceManner): AcceptanceStep {
  const resend = manner === "repeated" ? [startTimer("resend", timers.t1)] : [];
  const giveUp = manner === "unguarded" ? [] : [startTimer("giveUp", 64 * timers.t1)];
  return { state: { phase: "waiting", interval: timers.t1 }, actions: [...resend, ...giveUp] };
}

export function stepAcceptance(state: AcceptanceState, event: AcceptanceEvent, timers: TimerValues): AcceptanceStep {
  if (state.phase !== "waiting") return stay(state);
  switch (event.type) {
    case "ackReceived":
    case "dialogEnded":
      return {
        state: { phase: "acknowledged" },
        actions: [stopTimer("resend"), stopTimer("giveUp"), { type: "settle" }],
      };
    case "timerFired": {
      if (event.timer === "giveUp") {
        return { state: { phase: "abandoned" }, actions: [stopTimer("resend"), { type: "abandon" }] };
      }
      const interval = Math.min(state.interval * 2, timers.t2);
      return { state: { phase: "waiting", interval }, actions: [{ type: "resend" }, startTimer("resend", interval)] };
    }
  }
}
