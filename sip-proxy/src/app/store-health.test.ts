import { describe, expect, it } from "@jest/globals";
import { ManualClock } from "../ports/clock.test-support.js";
import { heardLog } from "../ports/log.test-support.js";
import { StoreHealth } from "./store-health.js";

async function setUp() {
  const clock = new ManualClock();
  const { heard, log } = heardLog();
  const database = { answers: true, hangs: false };
  const ping = () =>
    database.hangs
      ? new Promise<never>(() => undefined)
      : database.answers
        ? Promise.resolve()
        : Promise.reject(new Error("no"));
  const health = new StoreHealth({ store: { ping }, clock, log });
  await new Promise(setImmediate); // the first answer
  return { clock, heard, database, health };
}

describe("the health of the database", () => {
  it("[SG-5] is asked for again and again, and told once when it changes", async () => {
    const { clock, database, health, heard } = await setUp();
    await clock.advance(20_000);
    expect([health.answers, heard]).toEqual([true, []]);
    database.answers = false;
    await clock.advance(20_000);
    expect(health.answers).toBe(false);
    database.answers = true;
    await clock.advance(5_000);
    expect(health.answers).toBe(true);
    expect(heard.map((entry) => [entry.level, entry.message])).toEqual([
      ["error", "the database does not answer"],
      ["info", "the database answers again"],
    ]);
  });

  it("[SG-5] is bad when nothing comes back at all", async () => {
    const { clock, database, health } = await setUp();
    database.hangs = true;
    await clock.advance(5_000 + 4_999);
    expect(health.answers).toBe(true);
    await clock.advance(1);
    expect(health.answers).toBe(false);
  });

  it("is asked for no more when the process closes", async () => {
    const { clock, health } = await setUp();
    health.stop();
    await clock.advance(60_000);
    expect(clock.timers).toBe(0);
  });
});
