import { describe, expect, it } from "@jest/globals";
import { isConsulting, matching, mayBeChosen } from "./destination.js";

const agents = ["Øyvind Ås", "Anna Berg-Dahl", "Bjørn Dahl"].map((name) => ({ id: name.slice(0, 2), name }));
const entryPoints = [
  { id: "main", name: "Main line", number: "+47 80 01 00 01" },
  { id: "second-line", name: "Second line", number: "+4780010002" },
];

describe("the search of the consult request", () => {
  const names = (query: string) => matching(agents, query, "nb").map(({ name }) => name);

  it("[DF-3] finds agents by the beginnings of their names, names ascending", () => {
    expect(names("")).toEqual(["Anna Berg-Dahl", "Bjørn Dahl", "Øyvind Ås"]);
    expect(names("dahl")).toEqual(["Anna Berg-Dahl", "Bjørn Dahl"]);
    expect(names("b dah")).toEqual(["Anna Berg-Dahl", "Bjørn Dahl"]);
    expect(names("øy å")).toEqual(["Øyvind Ås"]);
    expect(names("x")).toEqual([]);
  });

  it("[DF-2] finds entry points by part of their number too", () => {
    const ids = (query: string) => matching(entryPoints, query, "en").map(({ id }) => id);
    expect(ids("800100")).toEqual(["main", "second-line"]);
    expect(ids("+4780010002")).toEqual(["second-line"]);
    expect(ids("line 0001")).toEqual(["main"]);
    expect(ids("ine")).toEqual([]);
  });
});

describe("what may be chosen", () => {
  it("[DF-2] [CO-14] is a queue with nobody free, but no agent who cannot be reached", () => {
    expect(mayBeChosen({ kind: "queue", id: "q", name: "Q", waiting: 4, free: 0 })).toBe(true);
    const agent = { kind: "agent", id: "a", name: "A", state: { kind: "engaged" } } as const;
    expect([true, false].map((reachable) => mayBeChosen({ ...agent, reachable }))).toEqual([true, false]);
  });

  it("knows each kind of consult that is on its way", () => {
    expect(
      [["consultQueue"], ["consultEntryPoint"], ["consultAgent"], ["hold"]].map((p) => isConsulting(p as [])),
    ).toEqual([true, true, true, false]);
  });
});
