import { describe, expect, it } from "@jest/globals";
import {
  answersTo,
  chosenIn,
  type Errand,
  found,
  matching,
  mayBeChosen,
  onlyChoiceIn,
  targetOf,
} from "./destination.js";

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

  it("[DF-3] is only an Available agent for a blind transfer, and an agent in any state for a consult", () => {
    const agent = (kind: "available" | "engaged" | "offline") =>
      ({ kind: "agent", id: kind, name: kind, state: { kind }, reachable: kind === "available" }) as const;
    const all = [agent("offline"), agent("engaged"), agent("available")];
    const ids = (errand: Errand) => found(all, { errand, query: "", language: "en" }).map(({ id }) => id);
    expect(ids("transfer")).toEqual(["available"]);
    expect(ids("consult")).toEqual(["available", "engaged", "offline"]);
  });

  it("[DF-3] [DF-5] is chosen only while its line is in sight and can be reached", () => {
    const line = (id: string, reachable: boolean) =>
      ({ kind: "agent", id, name: id, state: { kind: "idle", reason: "" }, reachable }) as const;
    const [ola, ingrid, away] = [line("ola", true), line("ingrid", true), line("away", false)];
    expect(chosenIn([ola, ingrid], "ola")).toBe(ola);
    expect(chosenIn([ingrid], "ola")).toBeNull(); // the search shows other lines now
    expect(chosenIn([away], "away")).toBeNull();
    expect(chosenIn([ola], null)).toBeNull();
    expect([[ola, away], [ola, ingrid], [away]].map(onlyChoiceIn)).toEqual([ola, null, null]);
  });

  it("[DF-4] is nobody of an answer to an older question about the organisation", () => {
    expect(answersTo("expert", "ola", "ingrid")).toBe(false);
    expect(answersTo("expert", "ingrid", " ingrid ")).toBe(true);
    expect(answersTo("agent", "", "ingrid")).toBe(true);
  });

  it("[DF-4] is every expert that the server found, whatever was typed", () => {
    const marit = {
      kind: "expert",
      id: "m",
      name: "Marit Lie",
      role: "Actuary",
      department: "",
      number: "1",
      presence: null,
    } as const;
    expect(found([marit], { errand: "consult", query: "actuary", language: "en" })).toEqual([marit]);
  });

  it("[DF-2] is sent as the server knows it", () => {
    const number = { kind: "number", id: "taxi", name: "Taxi", number: "+4722388000" } as const;
    const entryPoint = { kind: "entry-point", id: "main", name: "Main", number: "+47800", queue: "Q" } as const;
    expect([number, entryPoint].map(targetOf)).toEqual([
      { kind: "number", number: "+4722388000" },
      { kind: "entry-point", entryPoint: "main" },
    ]);
  });
});
