import { beforeEach, describe, expect, it } from "@jest/globals";
import { brand, type AgentId, type InteractionId, type WrapUpId } from "@legwork/shared/ids";
import type { WrapUpRecord } from "@legwork/shared/store";
import { ManualClock } from "../ports/clock.test-support.js";
import { silentLog } from "../ports/log.test-support.js";
import { WrapUps } from "./wrap-ups.js";

const [anna, bo] = [brand<AgentId>("anna"), brand<AgentId>("bo")];
const call = brand<InteractionId>("i-1");
const kari = { name: "Kari", number: "+4722334455" };
const id = brand<WrapUpId>("w-1");

describe("a wrap-up", () => {
  let clock: ManualClock;
  let rows: Map<string, WrapUpRecord>;
  let broken: boolean;
  let changed: number;
  let done: AgentId[];
  let reasons: string[];
  let wrapUps: WrapUps;

  const open = () =>
    new WrapUps({
      store: {
        saveWrapUp: async (record) => {
          if (broken) throw new Error("the disk is full");
          rows.set(record.id, record);
        },
        openWrapUps: () => Promise.resolve([...rows.values()].filter((row) => row.submitted === null)),
      },
      clock,
      ids: { wrapUp: () => brand(`w-${rows.size + 1}`) } as never,
      log: silentLog,
      policy: {
        autoSeconds: 60,
        mayCancel: true,
        defaultReason: "solved",
        get reasons() {
          return reasons;
        },
      },
      changed: () => void changed++,
      allDone: (agent) => void done.push(agent),
    });

  beforeEach(async () => {
    clock = new ManualClock(1_000_000);
    [rows, broken, changed, done, reasons] = [new Map(), false, 0, [], ["solved", "sold"]];
    wrapUps = open();
    wrapUps.ownershipEnded(anna, call, kari);
    await clock.advance(0);
  });

  const stored = () => rows.get(id)?.submitted;

  it("[WU-1] is submitted by the server with the default reason when the agent did nothing", async () => {
    await clock.advance(59_999);
    expect(stored()).toBeNull();
    await clock.advance(1);
    expect(stored()).toEqual({ at: 1_060_000, reason: "solved", note: "", by: "server" });
    expect([wrapUps.openOf(anna), done]).toEqual([[], [anna]]);
  });

  it("[WU-1] is submitted by the server with what the agent had chosen and typed", async () => {
    await wrapUps.draft(anna, id, "sold", "two");
    expect(await wrapUps.draft(anna, id, "sold", "two lamps")).toBeNull();
    expect(wrapUps.openOf(anna)[0]?.draft).toEqual({ reason: "sold", note: "two lamps" });
    await clock.advance(60_000);
    expect(stored()).toMatchObject({ reason: "sold", note: "two lamps", by: "server" });
    expect(rows.get(id)?.draft).toBeNull();
  });

  it("[WU-1] has its draft after a restart, and the rest of its countdown", async () => {
    await clock.advance(30_000);
    await wrapUps.draft(anna, id, "sold", "half a word");
    const after = open();
    await after.restore(() => true);
    expect(after.openOf(anna)).toMatchObject([{ draft: { reason: "sold", note: "half a word" }, autoAt: 1_060_000 }]);
    rows.clear(); // what the first process would do does not count
    wrapUps = after;
    await clock.advance(30_000);
    expect(stored()).toMatchObject({ reason: "sold", note: "half a word" });
  });

  it("[WU-1] keeps the note of a draft whose reason was removed meanwhile", async () => {
    await wrapUps.draft(anna, id, "sold", "two lamps");
    reasons = ["solved"];
    await clock.advance(60_000);
    expect(stored()).toMatchObject({ reason: "solved", note: "two lamps" });
  });

  it("[WU-1] takes a draft of its own agent with a reason that there is, and tells nobody", async () => {
    const before = changed;
    expect(await wrapUps.draft(bo, id, "sold", "")).toBe("not-yours");
    expect(await wrapUps.draft(anna, brand("w-unknown"), "sold", "")).toBe("not-found");
    expect(await wrapUps.draft(anna, id, "no such reason", "")).toBe("bad-request");
    expect(await wrapUps.draft(anna, id, "sold", "")).toBeNull();
    expect(changed).toBe(before);
  });

  it("[WU-1] goes on counting down when the agent's submission could not be stored", async () => {
    broken = true;
    await expect(wrapUps.submit(anna, id, "sold", "two lamps")).rejects.toThrow("the disk is full");
    expect(wrapUps.openOf(anna)).toHaveLength(1);
    await clock.advance(60_000); // the countdown: the store is still broken
    expect(stored()).toBeNull();
    broken = false;
    await clock.advance(5_000);
    expect(stored()).toMatchObject({ reason: "solved", by: "server" });
    await clock.advance(600_000);
    expect([done, clock.timers]).toEqual([[anna], 0]);
  });

  it("[WU-1] whose countdown the agent stopped waits for the agent, also after a submission that failed", async () => {
    expect(wrapUps.cancelAuto(anna, id)).toBeNull();
    broken = true;
    await expect(wrapUps.submit(anna, id, "sold", "")).rejects.toThrow("the disk is full");
    broken = false;
    await clock.advance(3_600_000);
    expect(stored()).toBeNull();
    expect(await wrapUps.submit(anna, id, "sold", "")).toBeNull();
  });

  it("[WU-2] is not there while the agent owns the interaction again, and goes on afterwards with what was typed", async () => {
    await wrapUps.draft(anna, id, "sold", "so far");
    wrapUps.ownershipBegan(anna, call);
    await clock.advance(120_000);
    expect(await wrapUps.submit(anna, id, "sold", "")).toBe("not-found");
    expect(await wrapUps.draft(anna, id, "sold", "")).toBe("not-found");
    expect(wrapUps.cancelAuto(anna, id)).toBe("not-found");
    expect(stored()).toBeNull();
    wrapUps.ownershipEnded(anna, call, kari);
    await clock.advance(59_999);
    expect(wrapUps.openOf(anna)).toMatchObject([{ id, draft: { reason: "sold", note: "so far" } }]);
    await clock.advance(1);
    expect([rows.size, stored()]).toMatchObject([1, { reason: "sold", note: "so far" }]);
  });
});
