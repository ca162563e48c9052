import { describe, expect, it } from "@jest/globals";
import { brand, type LegId, type QueueId, type RequestId, type SeatId } from "@legwork/shared/ids";
import type { InteractionEvent } from "@legwork/shared/interaction";
import type { InteractionPolicy } from "./interaction-state.js";
import { policyOf, replay } from "./replay.js";

const kept: InteractionPolicy = {
  consultEnd: "end-interaction",
  consultReturn: "automatic",
  transferAccept: "automatic",
  seatLost: "end",
};
const today: InteractionPolicy = { ...kept, seatLost: "queue" };
const [leg, owner] = [brand<LegId>("owner"), brand<SeatId>("owner")];
const arrived = (policy?: InteractionPolicy): InteractionEvent => ({
  type: "callArrived",
  seat: brand("customer"),
  leg: brand("customer"),
  number: "+47",
  name: "",
  entryPoint: brand("line"),
  queue: brand<QueueId>("support"),
  at: 1,
  ...(policy && { policy }),
});
const call = (policy?: InteractionPolicy): InteractionEvent[] => [
  arrived(policy),
  { type: "offerStarted", seat: owner, agent: brand("anna"), leg, at: 2 },
  { type: "legAnswered", leg, at: 3 },
  { type: "legGivenUp", leg, at: 4 },
];
const phases = (events: readonly InteractionEvent[]) => replay(events, today).map(({ phase }) => phase);

describe("a log that is replayed", () => {
  it("[SE-1] leads to the states that it led to under the policy of its time, and to today's if it does not say", () => {
    expect(policyOf(call(kept), today)).toEqual(kept);
    expect(phases(call(kept))).toEqual(["waiting", "offered", "connected", "ended"]);
    expect(phases(call())).toEqual(["waiting", "offered", "connected", "waiting"]);
    expect(replay([], today)).toEqual([]);
  });

  it("[CO-11] passes over a request that was refused", () => {
    const request = brand<RequestId>("r");
    const end: InteractionEvent = { type: "endRequested", request, by: owner, at: 4 };
    const connected = call().slice(0, 3);
    expect(phases([...connected, end])).toEqual(["waiting", "offered", "connected", "ended"]);
    const voided: InteractionEvent = { type: "requestVoided", request, at: 5 };
    expect(phases([...connected, end, voided]).at(-1)).toBe("connected");
    expect(replay([end, voided], today).map(({ phase }) => phase)).toEqual(["ended"]);
  });
});
