import { describe, expect, it } from "@jest/globals";
import { ManualClock } from "../ports/clock.test-support.js";
import { heardLog } from "../ports/log.test-support.js";
import { Retention } from "./retention.js";

const DAY_MS = 86_400_000;
const NOW = 1_000 * DAY_MS;

function setUp(days: { logs: number; history: number }) {
  const clock = new ManualClock(NOW);
  const { heard, log } = heardLog();
  const asked: [string, number, number][] = [];
  const old = { logs: 120, history: 0 };
  let broken = false;
  const forget = async (what: "logs" | "history", before: number, limit: number): Promise<number> => {
    asked.push([what, Math.round((clock.now() - before) / DAY_MS), limit]);
    if (broken) throw new Error("the disk is full");
    const now = Math.min(limit, old[what]);
    old[what] -= now;
    return now;
  };
  const retention = new Retention({ store: { forget }, clock, log, days });
  return { asked, clock, heard, old, retention, breakStore: (is: boolean) => void (broken = is) };
}

describe("what a site does not keep any longer", () => {
  it("[DI-1] is deleted in small batches, once a day", async () => {
    const { asked, clock, old, heard } = setUp({ logs: 90, history: 365 });
    await clock.advance(DAY_MS / 2);
    expect(asked).toEqual([...Array(4).fill(["logs", 90, 50]), ["history", 365, 50]]);
    expect([old.logs, heard.map((e) => [e.message, (e.context as { deleted: number }).deleted])]).toEqual([
      0,
      [["deleted what was too old", 120]],
    ]);
    await clock.advance(DAY_MS);
    expect(asked).toHaveLength(7);
  });

  it("[DI-1] is kept for ever where the site says 0", async () => {
    const { asked, clock } = setUp({ logs: 0, history: 1 });
    await clock.advance(DAY_MS / 2);
    expect(asked).toEqual([["history", 1, 50]]);
  });

  it("[DI-1] is tried again the next day when it cannot be deleted, and left when the process closes", async () => {
    const { asked, breakStore, clock, heard, old, retention } = setUp({ logs: 90, history: 0 });
    breakStore(true);
    await clock.advance(DAY_MS / 2);
    expect([asked.length, heard[0]?.level]).toEqual([1, "error"]);
    breakStore(false);
    await clock.advance(DAY_MS);
    expect(old.logs).toBe(0);
    retention.stop();
    expect(clock.timers).toBe(0);
  });
});
