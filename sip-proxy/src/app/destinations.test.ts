import { describe, expect, it } from "@jest/globals";
import { brand, type AgentId } from "@legwork/shared/ids";
import type { SiteData } from "@legwork/shared/store";
import type { Agents } from "./agents.js";
import { Destinations } from "./destinations.js";
import { dialing } from "./dialing.js";

const eva = { id: brand<AgentId>("eva"), name: "Eva", extension: "2001" };
const agents = {
  get: (id: string) => (id === "eva" ? { record: eva } : undefined),
  find: (user: string) => (user === "eva" || user === "2001" ? eva : undefined),
} as unknown as Agents;
const site = {
  queues: [{ id: brand("support"), name: "Support", agents: [] }],
  entryPoints: [
    { id: brand("line"), name: "Line", number: "+4780010001", queue: brand("support") },
    { id: brand("short"), name: "Short", number: "02800", queue: brand("support") },
    { id: brand("home"), name: "Home", number: "22 00 03 00", queue: brand("support") },
  ],
  dialNumbers: [{ id: "taxi", name: "Taxi", number: "22 00 02 01" }],
} satisfies Partial<SiteData>;
const experts = [
  { id: "nina", name: "Nina Dahl", role: "Electrician", department: "Field service", number: "22 00 01 01" },
  { id: "per", name: "Per Vik", role: "Senior claims handler", department: "Insurance", number: "2001" },
  { id: "lars", name: "Lars Vik", role: "Lawyer", department: "Legal", number: null },
];
const destinations = new Destinations(
  agents,
  site as Pick<SiteData, keyof typeof site>,
  { find: (id) => experts.find((expert) => expert.id === id) },
  dialing(agents, "NO"),
);

const outside = (number: string, name: string | null = null, digits = "") => ({
  ok: true,
  target: { kind: "outside", outside: { number, name }, digits },
});

describe("what is dialled on a station", () => {
  it.each([
    ["eva", { kind: "agent", agent: "eva" }],
    ["2001", { kind: "agent", agent: "eva" }],
    ["+4780010001", { kind: "entry-point", entryPoint: "line", queue: "support" }],
    ["80010001", { kind: "entry-point", entryPoint: "line", queue: "support" }], // our own number, written at home
    ["line", { kind: "entry-point", entryPoint: "line", queue: "support" }],
    ["support", { kind: "queue", queue: "support" }],
  ])("[SG-2] %s is one of us", (user, target) => {
    expect(destinations.dialled(user)).toEqual({ ok: true, target });
  });

  it.each([
    ["+4780010001", "line"],
    ["0047 80 01 00 01", "line"],
    ["80010001", "line"],
    ["02800", "short"],
    ["22000300", "home"],
    ["+47 22 00 03 00", "home"],
  ])("[DN-3] %s is our own entry point from a phone, from the dialog and in the API", (typed, entryPoint) => {
    const target = { kind: "entry-point", entryPoint, queue: "support" };
    expect(destinations.dialled(typed)).toEqual({ ok: true, target });
    expect(destinations.chosen({ kind: "number", number: typed })).toEqual({ ok: true, target });
  });

  it.each(["02800:5", "+4780010001:5", "2001:5"])(
    "[DN-5] refuses the digits in %s: nobody here would hear them",
    (typed) => {
      expect(destinations.dialled(typed)).toEqual({ ok: false, why: "number-not-possible" });
      expect(destinations.chosen({ kind: "number", number: typed })).toEqual({
        ok: false,
        why: "number-not-possible",
      });
      expect(destinations.check(typed)).toEqual({ ok: false, error: "digits-inside" });
    },
  );

  it("[IN-1] comes to a queue through an entry point of it, and to nobody else so", () => {
    const line = site.entryPoints[0];
    const ways = ["line", "+4780010001", "support", "2001", "22334455"].map((user) => {
      const dialled = destinations.dialled(user);
      return dialled.ok ? destinations.wayIn(dialled.target) : null;
    });
    expect(ways).toEqual([line, line, line, undefined, undefined]);
  });

  it("[DN-3] [DN-5] is a number otherwise, by the same rules as in the dialog", () => {
    expect(destinations.dialled("22334455")).toEqual(outside("+4722334455"));
    expect(destinations.dialled("004722334455:1:2#")).toEqual(outside("+4722334455", null, "1:2#"));
    expect(destinations.dialled("112")).toEqual(outside("112"));
    expect(destinations.chosen({ kind: "number", number: "tel. 22 33 44 55" })).toEqual(outside("+4722334455"));
  });

  it("[DF-4] [DF-2] is an expert, or a number the site keeps at hand, with the name", () => {
    expect(destinations.dialled("nina")).toEqual(outside("+4722000101", "Nina Dahl"));
    expect(destinations.dialled("lars")).toEqual({ ok: false, why: "target-not-reachable" });
    expect(destinations.dialled("+4722000201")).toEqual(outside("+4722000201", "Taxi"));
  });

  it("[DN-4] is refused when it can be nobody", () => {
    expect(destinations.dialled("12")).toEqual({ ok: false, why: "number-not-possible" });
    expect(destinations.dialled("nobody")).toEqual({ ok: false, why: "not-found" });
    expect(destinations.dialled("room22334455")).toEqual({ ok: false, why: "not-found" });
    expect(destinations.chosen({ kind: "number", number: "+47123" })).toEqual({
      ok: false,
      why: "number-not-possible",
    });
    for (const target of [
      { kind: "agent", agent: "nobody" },
      { kind: "queue", queue: "nowhere" },
      { kind: "entry-point", entryPoint: "nowhere" },
      { kind: "expert", expert: "lars" },
    ] as const) {
      expect(destinations.chosen(target)).toEqual({ ok: false, why: "target-not-reachable" });
    }
  });

  it("[DN-4] is told before it is dialled", () => {
    expect(destinations.check("22 33 44 55:1")).toEqual({
      ok: true,
      kind: "e164",
      number: "+4722334455",
      display: "+47 22 33 44 55",
      postDial: "1",
    });
    expect(destinations.check("2001")).toMatchObject({ ok: true, kind: "extension", display: "2001" });
    expect(destinations.check("1")).toEqual({ ok: false, error: "too-short" });
  });
});

describe("an expert", () => {
  it("[DF-4] is called by the work number, which may be one of our own telephones", () => {
    expect(destinations.chosen({ kind: "expert", expert: "nina" })).toEqual(outside("+4722000101", "Nina Dahl"));
    expect(destinations.chosen({ kind: "expert", expert: "per" })).toEqual({
      ok: true,
      target: { kind: "agent", agent: "eva" },
    });
  });
});
