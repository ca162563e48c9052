import { describe, expect, it } from "@jest/globals";
import { isTimeZone, startOfDay } from "./site-day.js";

const day = (at: string, zone: string): string => new Date(startOfDay(Date.parse(at), zone)).toISOString();

describe("the day of a site", () => {
  it("[DF-10] begins at midnight of the site's own clocks", () => {
    expect(day("2026-07-29T21:59:59.999Z", "Europe/Oslo")).toBe("2026-07-28T22:00:00.000Z");
    expect(day("2026-07-29T22:00:00Z", "Europe/Oslo")).toBe("2026-07-29T22:00:00.000Z");
    expect(day("2026-07-29T12:00:00Z", "America/New_York")).toBe("2026-07-29T04:00:00.000Z");
    expect(day("2026-07-29T12:00:00.500Z", "Asia/Kathmandu")).toBe("2026-07-28T18:15:00.000Z");
    expect(day("2026-07-29T12:00:00Z", "UTC")).toBe("2026-07-29T00:00:00.000Z");
  });

  it("[DF-10] begins there also on the days when the clocks change", () => {
    expect(day("2026-03-29T12:00:00Z", "Europe/Oslo")).toBe("2026-03-28T23:00:00.000Z");
    expect(day("2026-10-25T12:00:00Z", "Europe/Oslo")).toBe("2026-10-24T22:00:00.000Z");
    expect(day("2026-10-25T22:59:00Z", "Europe/Oslo")).toBe("2026-10-24T22:00:00.000Z");
    // Clocks went from 0:00 to 1:00 there: this day had no midnight.
    expect(day("2018-11-04T12:00:00Z", "America/Sao_Paulo")).toBe("2018-11-04T03:00:00.000Z");
  });

  it("knows a time zone from a word that is none", () => {
    expect([isTimeZone("Europe/Oslo"), isTimeZone("UTC"), isTimeZone("Oslo")]).toEqual([true, true, false]);
  });
});
