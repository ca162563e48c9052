import { beforeEach, describe, expect, it } from "@jest/globals";
import { brand, type AgentId } from "@legwork/shared/ids";
import type { Agents } from "./agents.js";
import { dialing } from "./dialing.js";
import { Experts } from "./experts.js";
import { SiteDirectory } from "./site-directory.js";

const eva = { id: brand<AgentId>("eva"), name: "Eva", extension: "2001" };
const site = {
  experts: [
    { id: "nina", name: "Nina Dahl", role: "Electrician", department: "Field service", number: "22 00 01 01" },
    { id: "per", name: "Per Vik", role: "Senior claims handler", department: "Insurance", number: "2001" },
    { id: "lars", name: "Lars Vik", role: "Lawyer", department: "Legal", number: null },
  ],
};
const MINUTE = 60_000;

describe("experts", () => {
  let now: number;
  let entry: { state: { kind: string }; reachable: boolean };
  let own: SiteDirectory;
  let experts: Experts;

  beforeEach(() => {
    now = Date.parse("2026-07-29T12:00:00Z");
    entry = { state: { kind: "available" }, reachable: true };
    const clock = { now: () => now, after: () => () => undefined };
    const agents = {
      get: () => entry,
      find: (user: string) => (user === "2001" ? eva : undefined),
    } as unknown as Agents;
    own = new SiteDirectory(site, clock);
    const other = {
      experts: () => [
        { id: "nina", name: "Another Nina", role: "", department: "", number: "22000999" },
        { id: "ali", name: "Ali", role: "Surveyor", department: "Partner company", number: "+4722000777" },
      ],
      presenceOf: () => ({ state: "busy" as const, at: now - 20 * MINUTE }),
    };
    const parse = dialing(agents, "NO");
    experts = new Experts({ directories: [own, other], agents, clock, staleMs: 15 * MINUTE, parse });
  });

  const found = (search: string) => experts.search(search).map((e) => e.id);
  const presence = (id: string) => experts.search("").find((e) => e.id === id)?.presence;

  it("[DF-4] are found by first name, role and department, and only with a work number", () => {
    expect(found("")).toEqual(["nina", "per", "ali"]);
    expect(found("nin")).toEqual(["nina"]);
    expect(found("DAHL")).toEqual([]);
    expect(found("claims")).toEqual(["per"]);
    expect(found("field")).toEqual(["nina"]);
    expect(found("legal")).toEqual([]);
  });

  it("[DF-4] are found by number only when it is typed in full, however it is written", () => {
    expect(found("22000101")).toEqual(["nina"]);
    expect(found("+47 22 00 01 01")).toEqual(["nina"]);
    expect(found("220001")).toEqual([]);
  });

  it("[DF-4] come from every directory that has joined; of two with the same id the first counts", () => {
    expect(experts.find("nina")?.name).toBe("Nina Dahl");
    expect(experts.find("ali")?.number).toBe("+4722000777");
    expect(experts.find("nobody")).toBeUndefined();
    expect(presence("ali")).toEqual({ state: "busy", asOf: "2026-07-29T11:40:00.000Z", stale: true });
  });

  it("[DF-4] are shown as they are now when they have a station here", () => {
    const asOf = "2026-07-29T12:00:00.000Z";
    const shown = (kind: string, reachable = true) => {
      entry = { state: { kind }, reachable };
      return presence("per");
    };
    expect(shown("available")).toEqual({ state: "available", asOf, stale: false });
    const states = ["idle", "rona", "reserved", "engaged", "wrap-up", "offline"].map((kind) => shown(kind)?.state);
    expect(states).toEqual(["away", "away", "busy", "busy", "busy", "away"]);
    expect(["available", "idle", "offline", "engaged"].map((kind) => shown(kind, false)?.state)).toEqual([
      "offline",
      "offline",
      "offline",
      "busy",
    ]);
    own.tell("per", { state: "offline" });
    expect(shown("available")?.state).toBe("available"); // what we see ourselves counts
  });

  it("[DF-4] are shown as another system told, with the time, and as old after a while", () => {
    expect(presence("nina")).toBeNull();
    expect(own.tell("nina", { state: "available" })).toBe("told");
    expect(presence("nina")).toEqual({ state: "available", asOf: "2026-07-29T12:00:00.000Z", stale: false });
    now += 15 * MINUTE + 1;
    expect(presence("nina")).toMatchObject({ state: "available", stale: true });
    expect(own.tell("nina", { state: "busy", at: "2026-07-29T12:10:00Z" })).toBe("told");
    expect(own.tell("nina", { state: "away", at: "2026-07-29T12:09:59Z" })).toBe("late");
    expect(presence("nina")).toEqual({ state: "busy", asOf: "2026-07-29T12:10:00.000Z", stale: false });
  });

  it("[DF-4] are not shown as somebody says they will be, and nobody is told of who is no expert", () => {
    expect(own.tell("nina", { state: "away", at: "2026-07-29T12:01:01Z" })).toBe("in-the-future");
    expect(presence("nina")).toBeNull();
    // Two systems' clocks may differ a little: then it was now.
    expect(own.tell("nina", { state: "away", at: "2026-07-29T12:00:59Z" })).toBe("told");
    expect(presence("nina")?.asOf).toBe("2026-07-29T12:00:00.000Z");
    expect(own.tell("nobody", { state: "away" })).toBe("not-found");
  });
});
