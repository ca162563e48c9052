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

  it("is the newest failure in place of the one before, and at most three things", () => {
    const [a, b] = [error("offline"), error("transfer-declined")];
    expect(tell([a], b)).toEqual([b]);
    expect(tell([notice], a)).toEqual([notice, a]);
    const device = (label: string) => ({
      content: { kind: "device", news: { kind: "device-gone", role: "ring", label } } satisfies Told as Told,
    });
    const [c, d, e] = [device("c"), device("d"), device("e")];
    expect(tell([a, c, d], e)).toEqual([c, d, e]);
  });
});
