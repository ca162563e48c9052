import { startTimer, stay, stopTimer } from "../transaction/machine.js";
import type { Step, TimerAction, TimerValues } from "../transaction/machine.js";

/** A reliable provisional response waiting for its PRACK (RFC 3262 3). */
export type ReliableState = { readonly phase: "waiting"; readonly interval: number } | { readonly phase: "done" };

export type ReliableTimer = "resend" | "giveUp";

export type ReliableEvent =
  | { readonly type: "prackReceived" }
  | { readonly type: "finalSent" }
  | { readonly type: "timerFired"; readonly timer: ReliableTimer };

export type ReliableAction =
  | { readonly type: "resend" }
  | { readonly type: "acknowledged" }
  /** No PRACK within 64·T1: the INVITE is to be refused with a 5xx. */
  | { readonly type: "abandon" }
  | TimerAction<ReliableTimer>;

type ReliableStep = Step<ReliableState, ReliableAction>;

const DONE: ReliableState = { phase: "done" };

export function startReliable(timers: TimerValues): ReliableStep {
  return {
    state: { phase: "waiting", interval: timers.t1 },
    actions: [startTimer("resend", timers.t1), startTimer("giveUp", 64 * timers.t1)],
  };
}

export function stepReliable(state: ReliableState, event: ReliableEvent): ReliableStep {
  if (state.phase === "done") return stay(state);
  const stop = [stopTimer("resend"), stopTimer("giveUp")] as const;
  switch (event.type) {
    case "prackReceived":
      return { state: DONE, actions: [...stop, { type: "acknowledged" }] };
    case "finalSent":
      return { state: DONE, actions: stop };
    case "timerFired": {
      if (event.timer === "giveUp") return { state: DONE, actions: [...stop, { type: "abandon" }] };
      // RFC 3262 3: the interval doubles without the T2 cap of RFC 3261.
      const interval = state.interval * 2;
      return { state: { phase: "waiting", interval }, actions: [{ type: "resend" }, startTimer("resend", interval)] };
    }
  }
}
