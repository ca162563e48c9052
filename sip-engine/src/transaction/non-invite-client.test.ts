import { describe, expect, it } from "@jest/globals";
import { DEFAULT_TIMERS } from "./machine.js";
import { brief } from "./machine.test-support.js";
import { startNonInviteClient, stepNonInviteClient } from "./non-invite-client.js";
import type { NonInviteClientEvent, NonInviteClientState } from "./non-invite-client.js";

const udp = { timers: DEFAULT_TIMERS, reliable: false };
const tcp = { timers: DEFAULT_TIMERS, reliable: true };

const STATES: Record<string, NonInviteClientState> = {
  trying: { phase: "trying", interval: 500 },
  proceeding: { phase: "proceeding" },
  completed: { phase: "completed" },
  terminated: { phase: "terminated" },
};
const EVENTS: Record<string, NonInviteClientEvent> = {
  "1xx": { type: "responseReceived", status: 100 },
  "2xx": { type: "responseReceived", status: 200 },
  "5xx": { type: "responseReceived", status: 503 },
  E: { type: "timerFired", timer: "E" },
  F: { type: "timerFired", timer: "F" },
  K: { type: "timerFired", timer: "K" },
  transport: { type: "transportFailed" },
};
const TABLE: Record<string, string> = {
  "trying 1xx": "proceeding: deliver",
  "trying 2xx": "completed: -E -F deliver +K5000",
  "trying 5xx": "completed: -E -F deliver +K5000",
  "trying E": "trying: send +E1000",
  "trying F": "terminated: fail(timeout) terminate",
  "trying transport": "terminated: fail(transport) terminate",
  "proceeding 1xx": "proceeding: deliver",
  "proceeding 2xx": "completed: -E -F deliver +K5000",
  "proceeding 5xx": "completed: -E -F deliver +K5000",
  "proceeding E": "proceeding: send +E4000",
  "proceeding F": "terminated: fail(timeout) terminate",
  "proceeding transport": "terminated: fail(transport) terminate",
  "completed K": "terminated: terminate",
  "completed transport": "terminated: terminate",
};

describe("non-INVITE client transaction (RFC 3261 17.1.2)", () => {
  for (const [phase, state] of Object.entries(STATES)) {
    for (const [name, event] of Object.entries(EVENTS)) {
      const expected = TABLE[`${phase} ${name}`] ?? `${phase}:`;
      it(`${phase} + ${name} -> ${expected}`, () => {
        expect(brief(stepNonInviteClient(state, event, udp))).toBe(expected);
      });
    }
  }

  it("starts timers E and F over UDP, only F over TCP", () => {
    expect(brief(startNonInviteClient(udp))).toBe("trying: send +E500 +F32000");
    expect(brief(startNonInviteClient(tcp))).toBe("trying: send +F32000");
  });

  it("doubles timer E up to T2 while trying", () => {
    let state: NonInviteClientState = { phase: "trying", interval: 500 };
    const waits: number[] = [];
    for (let i = 0; i < 5; i++) {
      const step = stepNonInviteClient(state, { type: "timerFired", timer: "E" }, udp);
      state = step.state;
      for (const action of step.actions) if (action.type === "startTimer") waits.push(action.ms);
    }
    expect(waits).toEqual([1000, 2000, 4000, 4000, 4000]);
  });

  it("ends with the final response over TCP: timer K is zero there", () => {
    expect(brief(stepNonInviteClient(STATES["trying"]!, EVENTS["2xx"]!, tcp))).toBe("terminated: deliver terminate");
  });
});
