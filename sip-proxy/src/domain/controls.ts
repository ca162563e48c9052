import type { SeatId } from "@legwork/shared/ids";
import type { Control, Controls, ErrorCode } from "@legwork/shared/api";
import type { InteractionState } from "./interaction-state.js";

const HIDDEN: Control = { visible: false, enabled: false, reason: null };
const ON: Control = { visible: true, enabled: true, reason: null };
const off = (reason: ErrorCode): Control => ({ visible: true, enabled: false, reason });

/** Nothing can be pressed. */
export const NO_CONTROLS: Controls = {
  hold: HIDDEN,
  unhold: HIDDEN,
  consult: HIDDEN,
  resume: HIDDEN,
  "blind-transfer": HIDDEN,
  transfer: HIDDEN,
  "accept-transfer": HIDDEN,
  "decline-transfer": HIDDEN,
  conference: HIDDEN,
  "end-consult": HIDDEN,
  "back-to-customer": HIDDEN,
  leave: HIDDEN,
  end: HIDDEN,
  dtmf: HIDDEN,
};

/** What one seat can press now, with the reason where it can see but not press (DF-6). The server refuses the rest whatever is asked (CO-11). */
export function controlsFor(s: InteractionState, seat: SeatId): Controls {
  switch (s.phase) {
    case "ended":
    case "waiting":
    case "offered":
    case "unowned":
      return NO_CONTROLS;
    case "dialling":
      return seat === s.caller.seat ? { ...NO_CONTROLS, end: ON } : NO_CONTROLS;
    case "blind-transferring":
      return seat === s.from?.seat ? { ...NO_CONTROLS, "back-to-customer": ON } : NO_CONTROLS;
    default:
      return ownedControls(s, seat);
  }
}

function ownedControls(s: Extract<InteractionState, { owner: unknown }>, seat: SeatId): Controls {
  if (seat !== s.owner.seat)
    return "consult" in s && seat === s.consult.consulted?.seat ? consultedControls(s) : NO_CONTROLS;
  switch (s.phase) {
    case "connected":
      return connectedControls(s.hold.kind);
    case "consulting":
      return consultingControls(s.stage.kind === "answered");
    case "asking":
    case "transferring":
    case "joining":
      return moving;
    case "conference":
      return {
        ...NO_CONTROLS,
        hold: off("in-conference"),
        consult: off("in-conference"),
        leave: ON,
        end: ON,
        dtmf: ON,
      };
  }
}

function connectedControls(hold: "none" | "starting" | "in-force"): Controls {
  const base = { ...NO_CONTROLS, consult: ON, "blind-transfer": ON, end: ON, dtmf: ON };
  switch (hold) {
    case "none":
      return { ...base, hold: ON };
    case "starting":
      return { ...base, hold: off("busy-with-request") };
    case "in-force":
      return { ...base, unhold: ON };
  }
}

function consultingControls(answered: boolean): Controls {
  const talk = answered ? ON : off("target-not-answered");
  return {
    ...NO_CONTROLS,
    resume: talk,
    transfer: talk,
    conference: talk,
    "end-consult": ON,
    "back-to-customer": ON,
    dtmf: answered ? ON : HIDDEN,
  };
}

const busy = off("busy-with-request");
const moving: Controls = {
  ...NO_CONTROLS,
  resume: busy,
  transfer: busy,
  conference: busy,
  "end-consult": busy,
  "back-to-customer": busy,
};

/** The consulted party can leave, and nothing else, until it owns the interaction (CO-10, CO-11). */
function consultedControls(s: InteractionState): Controls {
  if (s.phase === "transferring" || s.phase === "joining") return NO_CONTROLS;
  const answer = s.phase === "asking" ? ON : HIDDEN; // CO-5
  return { ...NO_CONTROLS, "accept-transfer": answer, "decline-transfer": answer, leave: ON, dtmf: ON };
}
