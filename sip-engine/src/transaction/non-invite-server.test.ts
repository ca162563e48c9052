import { describe, expect, it } from "@jest/globals";
import { DEFAULT_TIMERS } from "./machine.js";
import { brief } from "./machine.test-support.js";
import { startNonInviteServer, stepNonInviteServer } from "./non-invite-server.js";
import type { NonInviteServerEvent, NonInviteServerState } from "./non-invite-server.js";

const udp = { timers: DEFAULT_TIMERS, reliable: false };
const tcp = { timers: DEFAULT_TIMERS, reliable: true };

const STATES: Record<string, NonInviteServerState> = {
  trying: { phase: "trying" },
  proceeding: { phase: "proceeding" },
  completed: { phase: "completed" },
  terminated: { phase: "terminated" },
};
const EVENTS: Record<string, NonInviteServerEvent> = {
  request: { type: "requestReceived" },
  "send 100": { type: "responseSent", status: 100 },
  "send 200": { type: "responseSent", status: 200 },
  J: { type: "timerFired", timer: "J" },
  transport: { type: "transportFailed" },
};
const TABLE: Record<string, string> = {
  "trying send 100": "proceeding:",
  "trying send 200": "completed: +J32000",
  "trying transport": "terminated: fail(transport) terminate",
  "proceeding request": "proceeding: resend",
  "proceeding send 200": "completed: +J32000",
  "proceeding transport": "terminated: fail(transport) terminate",
  "completed request": "completed: resend",
  "completed J": "terminated: terminate",
  "completed transport": "terminated: fail(transport) terminate",
};

describe("non-INVITE server transaction (RFC 3261 17.2.2)", () => {
  for (const [phase, state] of Object.entries(STATES)) {
    for (const [name, event] of Object.entries(EVENTS)) {
      const expected = TABLE[`${phase} ${name}`] ?? `${phase}:`;
      it(`${phase} + ${name} -> ${expected}`, () => {
        expect(brief(stepNonInviteServer(state, event, udp))).toBe(expected);
      });
    }
  }

  it("starts trying without timers", () => {
    expect(brief(startNonInviteServer())).toBe("trying:");
  });

  it("ends with the final response over TCP: timer J is zero there", () => {
    expect(brief(stepNonInviteServer(STATES["trying"]!, EVENTS["send 200"]!, tcp))).toBe("terminated: terminate");
  });
});
