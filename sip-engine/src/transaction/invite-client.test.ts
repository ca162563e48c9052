import { describe, expect, it } from "@jest/globals";
import { startInviteClient, stepInviteClient } from "./invite-client.js";
import type { InviteClientEvent, InviteClientState } from "./invite-client.js";
import { DEFAULT_TIMERS } from "./machine.js";
import { brief } from "./machine.test-support.js";

const udp = { timers: DEFAULT_TIMERS, reliable: false };
const tcp = { timers: DEFAULT_TIMERS, reliable: true };

const STATES: Record<string, InviteClientState> = {
  calling: { phase: "calling", interval: 500 },
  proceeding: { phase: "proceeding" },
  completed: { phase: "completed" },
  accepted: { phase: "accepted" },
  terminated: { phase: "terminated" },
};
const EVENTS: Record<string, InviteClientEvent> = {
  "1xx": { type: "responseReceived", status: 180 },
  "2xx": { type: "responseReceived", status: 200 },
  "4xx": { type: "responseReceived", status: 486 },
  A: { type: "timerFired", timer: "A" },
  B: { type: "timerFired", timer: "B" },
  D: { type: "timerFired", timer: "D" },
  M: { type: "timerFired", timer: "M" },
  cancel: { type: "timerFired", timer: "cancel" },
  transport: { type: "transportFailed" },
  cancelSent: { type: "cancelSent" },
};

/** Every phase meets every event over UDP; what is not listed changes nothing. */
const TABLE: Record<string, string> = {
  "calling 1xx": "proceeding: -A -B deliver",
  "calling 2xx": "accepted: -A -B deliver +M32000",
  "calling 4xx": "completed: -A -B acknowledge deliver +D32000",
  "calling A": "calling: send +A1000",
  "calling B": "terminated: fail(timeout) terminate",
  "calling transport": "terminated: fail(transport) terminate",
  "proceeding 1xx": "proceeding: deliver",
  "proceeding 2xx": "accepted: -cancel deliver +M32000",
  "proceeding 4xx": "completed: -cancel acknowledge deliver +D32000",
  "proceeding cancel": "terminated: fail(cancelled) terminate",
  "proceeding cancelSent": "proceeding: +cancel32000",
  "proceeding transport": "terminated: fail(transport) terminate",
  "completed 4xx": "completed: acknowledge",
  "completed D": "terminated: terminate",
  "completed transport": "terminated: terminate",
  "accepted 2xx": "accepted: deliver",
  "accepted M": "terminated: terminate",
};

describe("INVITE client transaction (RFC 3261 17.1.1, RFC 6026)", () => {
  for (const [phase, state] of Object.entries(STATES)) {
    for (const [name, event] of Object.entries(EVENTS)) {
      const expected = TABLE[`${phase} ${name}`] ?? `${phase}:`;
      it(`${phase} + ${name} -> ${expected}`, () => {
        expect(brief(stepInviteClient(state, event, udp))).toBe(expected);
      });
    }
  }

  it("starts timers A and B over UDP, only B over TCP", () => {
    expect(brief(startInviteClient(udp))).toBe("calling: send +A500 +B32000");
    expect(brief(startInviteClient(tcp))).toBe("calling: send +B32000");
  });

  it("doubles timer A without limit (17.1.1.2)", () => {
    let state: InviteClientState = { phase: "calling", interval: 500 };
    const waits: number[] = [];
    for (let i = 0; i < 6; i++) {
      const step = stepInviteClient(state, { type: "timerFired", timer: "A" }, udp);
      state = step.state;
      for (const action of step.actions) if (action.type === "startTimer") waits.push(action.ms);
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000]);
  });

  it("ends at once after a refusal over TCP: timer D is zero there", () => {
    expect(brief(stepInviteClient(STATES["proceeding"]!, EVENTS["4xx"]!, tcp))).toBe(
      "terminated: -cancel acknowledge deliver terminate",
    );
  });
});
