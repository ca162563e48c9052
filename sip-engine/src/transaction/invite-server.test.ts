import { describe, expect, it } from "@jest/globals";
import { startInviteServer, stepInviteServer } from "./invite-server.js";
import type { InviteServerEvent, InviteServerState } from "./invite-server.js";
import { DEFAULT_TIMERS } from "./machine.js";
import { brief } from "./machine.test-support.js";

const udp = { timers: DEFAULT_TIMERS, reliable: false };
const tcp = { timers: DEFAULT_TIMERS, reliable: true };

const STATES: Record<string, InviteServerState> = {
  proceeding: { phase: "proceeding" },
  completed: { phase: "completed", interval: 500 },
  confirmed: { phase: "confirmed" },
  accepted: { phase: "accepted" },
  terminated: { phase: "terminated" },
};
const EVENTS: Record<string, InviteServerEvent> = {
  INVITE: { type: "requestReceived" },
  ACK: { type: "ackReceived" },
  "send 180": { type: "responseSent", status: 180 },
  "send 200": { type: "responseSent", status: 200 },
  "send 486": { type: "responseSent", status: 486 },
  G: { type: "timerFired", timer: "G" },
  H: { type: "timerFired", timer: "H" },
  I: { type: "timerFired", timer: "I" },
  L: { type: "timerFired", timer: "L" },
  transport: { type: "transportFailed" },
};
const TABLE: Record<string, string> = {
  "proceeding INVITE": "proceeding: resend",
  "proceeding send 200": "accepted: +L32000",
  "proceeding send 486": "completed: +G500 +H32000",
  "proceeding transport": "terminated: fail(transport) terminate",
  "completed INVITE": "completed: resend",
  "completed ACK": "confirmed: -G -H +I5000",
  "completed G": "completed: resend +G1000",
  "completed H": "terminated: fail(timeout) terminate",
  "completed transport": "terminated: fail(transport) terminate",
  "confirmed I": "terminated: terminate",
  "accepted L": "terminated: terminate",
};

describe("INVITE server transaction (RFC 3261 17.2.1, RFC 6026)", () => {
  for (const [phase, state] of Object.entries(STATES)) {
    for (const [name, event] of Object.entries(EVENTS)) {
      const expected = TABLE[`${phase} ${name}`] ?? `${phase}:`;
      it(`${phase} + ${name} -> ${expected}`, () => {
        expect(brief(stepInviteServer(state, event, udp))).toBe(expected);
      });
    }
  }

  it("starts proceeding without timers", () => {
    expect(brief(startInviteServer())).toBe("proceeding:");
  });

  it("repeats a refusal at G doubling up to T2", () => {
    let state: InviteServerState = { phase: "completed", interval: 500 };
    const waits: number[] = [];
    for (let i = 0; i < 5; i++) {
      const step = stepInviteServer(state, { type: "timerFired", timer: "G" }, udp);
      state = step.state;
      for (const action of step.actions) if (action.type === "startTimer") waits.push(action.ms);
    }
    expect(waits).toEqual([1000, 2000, 4000, 4000, 4000]);
  });

  it("does not repeat a refusal over TCP and ends with its ACK", () => {
    expect(brief(stepInviteServer(STATES["proceeding"]!, EVENTS["send 486"]!, tcp))).toBe("completed: +H32000");
    expect(brief(stepInviteServer(STATES["completed"]!, EVENTS["ACK"]!, tcp))).toBe("terminated: terminate");
  });
});
