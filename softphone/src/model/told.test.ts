import { describe, expect, it } from "@jest/globals";
import { tell, type Told } from "./told.js";

const error = (code: "transfer-declined" | "offline") => ({ content: { kind: "error", code } satisfies Told as Told });
const notice = {
  content: {
    kind: "notice",
    notice: { kind: "transfer-declined", interaction: "i1", who: "Ola", at: "2026-01-01T12:00:00.000Z" },
  } satisfies Told as Told,
};

describe("what the page tells", () => {
  it("[CO-5] is told once when a command failed for what a notice says, whichever comes first", () => {
    expect(tell([notice], error("transfer-declined"))).toEqual([notice]);
    expect(tell([error("transfer-declined")], notice)).toEqual([notice]);
  });

  it("is each failure anew, and at most three things", () => {
    const [a, b, c, d] = [1, 2, 3, 4].map(() => error("offline"));
    expect(tell([a!, b!, c!], d!)).toEqual([b, c, d]);
    expect(tell([notice], error("offline"))).toHaveLength(2);
  });
});
