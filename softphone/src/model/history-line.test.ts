import { describe, expect, it } from "@jest/globals";
import type { HistoryEntry, HistoryParty } from "@legwork/shared/api";
import { lineOf } from "./history-line.js";

const party = (label: string): HistoryParty => ({ label, callBack: null });
const entry = (changes: Partial<HistoryEntry>): HistoryEntry => ({
  id: "h1",
  call: "i1",
  direction: "in",
  role: "owner",
  other: party("Ingrid"),
  about: null,
  from: null,
  queue: null,
  entryPoint: null,
  began: "2026-01-01T12:00:00.000Z",
  answered: "2026-01-01T12:00:05.000Z",
  ended: "2026-01-01T12:03:05.400Z",
  outcome: "answered",
  transferredTo: null,
  consults: [],
  wrapUp: null,
  ...changes,
});
const consult = (who: string, answered = true): HistoryEntry["consults"][number] => ({
  with: party(who),
  kind: "agent",
  began: "2026-01-01T12:01:00.000Z",
  answered: answered ? "2026-01-01T12:01:10.000Z" : null,
  ended: "2026-01-01T12:01:30.000Z",
  conference: false,
});

describe("a line of the call history", () => {
  it("says for how long they talked, from the answer on, or that they never did", () => {
    expect(lineOf(entry({})).talked).toBe(180);
    expect(lineOf(entry({ answered: null, outcome: "abandoned" })).talked).toBeNull();
  });

  it.each([
    [{}, "in"],
    [{ direction: "out" }, "out"],
    [{ outcome: "not-answered", answered: null }, "missed"],
    [{ outcome: "not-answered", answered: null, direction: "out" }, "out"],
    [{ outcome: "abandoned", answered: null, role: "consulted" }, "missed"],
    [{ outcome: "declined", answered: null }, "in"],
    [{ role: "consulted" }, "consulted"],
    [{ role: "internal", direction: "out" }, "internal"],
  ] as const)("marks %j as %s", (changes, mark) => {
    expect(lineOf(entry(changes)).mark).toBe(mark);
  });

  it("names each colleague who was consulted once, and whom the customer came from and went to", () => {
    const { notes } = lineOf(
      entry({
        from: party("Cecilie"),
        consults: [consult("Bjørn"), consult("Second line"), consult("Bjørn")],
        outcome: "transferred",
        transferredTo: party("Bjørn"),
      }),
    );
    expect(notes).toEqual([
      { key: "from", who: ["Cecilie"] },
      { key: "consults", who: ["Bjørn", "Second line"] },
      { key: "transferredTo", who: ["Bjørn"] },
    ]);
  });

  it("does not call it a consultation when nobody answered", () => {
    const consults = [consult("Bjørn", false), consult("Cecilie", false), consult("Bjørn")];
    expect(lineOf(entry({ consults })).notes).toEqual([
      { key: "consults", who: ["Bjørn"] },
      { key: "triedToConsult", who: ["Cecilie"] },
    ]);
    const unanswered = { role: "consulted", answered: null, outcome: "not-answered" } as const;
    expect(lineOf(entry({ ...unanswered, about: party("Ingrid") })).notes).toEqual([
      { key: "wantedToConsultAbout", who: ["Ingrid"] },
    ]);
    expect(lineOf(entry(unanswered)).notes).toEqual([{ key: "wantedToConsult", who: [] }]);
  });

  it("says about whom a consulted agent was asked, where there is a name", () => {
    expect(lineOf(entry({ role: "consulted", about: party("Ingrid") })).notes).toEqual([
      { key: "consultedAbout", who: ["Ingrid"] },
    ]);
    expect(lineOf(entry({ role: "consulted", about: party("") })).notes).toEqual([{ key: "consulted", who: [] }]);
    expect(lineOf(entry({ role: "internal" })).notes).toEqual([{ key: "internal", who: [] }]);
  });
});
