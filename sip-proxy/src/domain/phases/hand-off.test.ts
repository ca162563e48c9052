import { describe, expect, it } from "@jest/globals";
import { brand, type AgentId, type LegId, type RequestId, type SeatId } from "@legwork/shared/ids";
import { decide } from "../decide.js";
import type { In } from "../interaction-state.js";
import { agentSeat, wire } from "./steps.js";

const [owner, old, next] = [brand<SeatId>("owner"), brand<LegId>("old"), brand<LegId>("next")];
const policy = {
  consultEnd: "end-interaction",
  consultReturn: "automatic",
  transferAccept: "automatic",
  seatLost: "queue",
} as const;

const asked = {
  type: "handOffRequested",
  named: old,
  leg: next,
  by: owner,
  request: brand<RequestId>("r"),
  at: 1,
} as const;

/** A call on hold; `by`: whose telephone holds it by its own key. */
function held(by: "owner" | "customer" | "nobody"): In<"connected"> {
  const seat = agentSeat(owner, brand<AgentId>("kari"), old);
  const customer = brand<LegId>("customer");
  return {
    phase: "connected",
    queue: null,
    entryPoint: null,
    customer: { seat: brand("customer"), wire: { ...wire(customer), held: by === "customer" } },
    owner: { ...seat, wire: { ...seat.wire, held: by === "owner" } },
    hold: { kind: "in-force" },
    since: 0,
  };
}

/** The owner hands the customer over unseen, and is still there. */
function transferring(): In<"blind-transferring"> {
  const { owner: from, customer, since } = held("nobody");
  const callee = agentSeat(brand<SeatId>("callee"), brand<AgentId>("ola"), brand<LegId>("ringing"));
  const rest = { queue: null, entryPoint: null, digits: "", referral: null };
  return { phase: "blind-transferring", customer, from, callee, since, ...rest };
}

describe("moving a call that is on hold to another telephone", () => {
  it.each([
    ["owner", "none"],
    ["customer", "in-force"],
    ["nobody", "in-force"],
  ] as const)("[SG-3] [HO-2] with the key of the %s pressed leaves the hold %s", (by, kind) => {
    const { state } = decide(held(by), asked, policy);
    expect(state).toMatchObject({ phase: "connected", hold: { kind }, owner: { wire: wire(next) } });
  });

  it.each([
    ["a hold begins", { ...held("nobody"), hold: { kind: "starting", request: brand<RequestId>("h") } }],
    ["a blind transfer is under way", transferring()],
  ] as const)("[SG-3] is refused while %s, and nothing changes", (_what, state) => {
    const { state: after, commands } = decide(state as In<"connected">, asked, policy);
    expect(after).toBe(state);
    expect(commands).toContainEqual({ type: "refuseRequest", request: asked.request, why: "busy-with-request" });
    expect(commands).not.toContainEqual(expect.objectContaining({ leg: old }));
  });
});
