import { describe, expect, it } from "@jest/globals";
import { brand, type QueueId, type SeatId } from "@legwork/shared/ids";
import type { SeatPlan } from "@legwork/shared/media";
import { HearingLog } from "./hearing-log.js";

const customer = brand<SeatId>("customer");
const owner = brand<SeatId>("owner");
const music = { kind: "music", queue: brand<QueueId>("q") } as const;

describe("since when somebody hears what they hear", () => {
  it("[HO-1] counts one wait on hold from its beginning, whatever happens to others meanwhile", () => {
    const log = new HearingLog();
    const held = (other: SeatPlan): SeatPlan => new Map([[customer, music], ...other]);
    log.note(new Map([[customer, { kind: "parties", parties: [owner] }]]), 1);
    log.note(held(new Map()), 2);
    log.note(held(new Map([[owner, { kind: "ringback", country: "NO" }]])), 3);
    expect([log.since(customer), log.since(owner)]).toEqual([2, 3]);
    log.note(new Map([[customer, { kind: "parties", parties: [owner] }]]), 4);
    expect(log.since(customer)).toBe(4);
  });
});
