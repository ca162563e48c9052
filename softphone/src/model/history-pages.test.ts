import { describe, expect, it } from "@jest/globals";
import type { HistoryEntry } from "@legwork/shared/api";
import { withNewest, withOlder } from "./history-pages.js";

const calls = (...ids: readonly number[]) =>
  ids.map((id) => ({ id: String(id), began: `2026-01-01T12:0${id}:00.000Z` }) as HistoryEntry);
const page = (more: boolean, ...ids: readonly number[]) => ({ entries: calls(...ids), more });

describe("the pages of the history", () => {
  it("keep the older ones when the newest is fetched again", () => {
    expect(withNewest(page(false, 4, 3, 2, 1), page(true, 5, 4))).toEqual(page(false, 5, 4, 3, 2, 1));
    expect(withNewest(page(true, 4, 3), page(true, 5, 4))).toEqual(page(true, 5, 4, 3));
  });

  it("begin again where the newest does not reach what is shown, or is all there is", () => {
    expect(withNewest(page(false, 2, 1), page(true, 6, 5))).toEqual(page(true, 6, 5));
    expect(withNewest(page(true, 4, 3), page(false, 5))).toEqual(page(false, 5));
  });

  it("take in older ones at their end only", () => {
    const [before = ""] = calls(3).map(({ began }) => began);
    expect(withOlder(page(true, 4, 3), before, page(false, 2, 1))).toEqual(page(false, 4, 3, 2, 1));
    expect(withOlder(page(true, 6, 5), before, page(false, 2, 1))).toEqual(page(true, 6, 5));
  });
});
