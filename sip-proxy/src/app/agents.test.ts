import { describe, expect, it } from "@jest/globals";
import { brand, type AgentId, type InteractionId } from "@legwork/shared/ids";
import type { AgentRecord } from "@legwork/shared/store";
import { Agents } from "./agents.js";

const kari = brand<AgentId>("kari");
const mine = brand<InteractionId>("mine");
const other = brand<InteractionId>("other");
const record: AgentRecord = {
  id: kari,
  name: "Kari",
  role: "agent",
  extension: "2001",
  disabled: false,
  passwordHash: "",
  phoneHa1: null,
};
const quiet = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => quiet,
};

const left: AgentId[] = [];

let now = 1; // milliseconds since 1970

function signedIn(): Agents {
  left.length = 0;
  now = 1;
  const agents = new Agents([record], {
    clock: { now: () => now, after: () => () => undefined },
    log: quiet,
    hasOpenWrapUps: () => false,
    changed: () => undefined,
    left: (agent) => void left.push(agent),
  });
  agents.signedIn(kari);
  agents.setReachable(kari, true);
  return agents;
}

describe("the agents of a site", () => {
  it("[AG-3] are reserved for one interaction at a time, and given back by that one alone", () => {
    const agents = signedIn();
    expect(agents.reserve(kari, "consult", mine)).toBe(true);
    expect(agents.reserve(kari, "consult", other)).toBe(false);
    expect([agents.isTakenFor(kari, mine), agents.isTakenFor(kari, other)]).toEqual([true, false]);
    expect(agents.release(kari, other, "caller-gone")).toBe(false);
    expect(agents.inACall(kari)).toBe(true);
    expect(agents.release(kari, mine, "caller-gone")).toBe(true);
    expect(agents.inACall(kari)).toBe(false);
    expect(agents.release(kari, mine, "handled")).toBe(false);
  });

  it("[AG-3] cannot be called while their station is not registered", () => {
    const agents = signedIn();
    agents.setReachable(kari, false);
    expect([agents.mayBeCalled(kari, "consult"), agents.reserve(kari, "consult", mine)]).toEqual([false, false]);
  });

  it("[QU-1] are free for a queue when Available, since then", () => {
    const agents = signedIn();
    expect(agents.free([kari])).toEqual([]);
    expect(agents.choose(kari, { kind: "available" })).toBe(true);
    expect(agents.free([kari, brand<AgentId>("nobody")])).toEqual([{ agent: kari, availableSince: 1 }]);
  });

  it("[QU-1] keep their place among the available when a caller hangs up before the answer, and lose it by an answer", () => {
    const agents = signedIn();
    agents.choose(kari, { kind: "available" });
    const place = () => agents.free([kari]).map(({ availableSince }) => availableSince);
    now = 2;
    agents.reserve(kari, "queue", mine);
    now = 3;
    agents.release(kari, mine, "caller-gone");
    expect(place()).toEqual([1]);
    agents.reserve(kari, "consult", mine);
    agents.release(kari, mine, "caller-gone");
    expect(place()).toEqual([1]);
    agents.reserve(kari, "queue", other);
    agents.engage(kari, other);
    now = 4;
    agents.release(kari, other, "handled");
    expect(place()).toEqual([4]);
  });

  it("are found by name and by extension", () => {
    expect(signedIn().find("2001")?.id).toBe(kari);
    expect(signedIn().find("kari")?.id).toBe(kari);
    expect(signedIn().find("2002")).toBeUndefined();
  });

  it("[DI-1] show a change at once, and one who is disabled gets no further call", () => {
    const agents = signedIn();
    agents.put({ ...record, name: "Kari Moen", extension: "2009" });
    expect([agents.nameOf(kari), agents.find("2009")?.id, agents.find("2001")]).toEqual(["Kari Moen", kari, undefined]);
    agents.choose(kari, { kind: "available" });
    agents.put({ ...record, disabled: true });
    expect([agents.mayWork(kari), agents.free([kari]), agents.all()]).toEqual([false, [], []]);
    expect(agents.mayBeCalled(kari, "consult")).toBe(false);
    agents.put(record);
    expect(agents.free([kari])).toHaveLength(1);
  });

  it("[DI-1] are kept when removed in a call, until they are signed out", () => {
    const agents = signedIn();
    agents.reserve(kari, "consult", mine);
    agents.remove(kari);
    expect([agents.mayWork(kari), agents.inACall(kari), agents.find("kari")]).toEqual([false, true, undefined]);
    agents.release(kari, mine, "handled");
    expect([agents.get(kari)?.removed, left]).toEqual([true, []]);
    agents.signedOut(kari);
    expect([agents.get(kari), left]).toEqual([undefined, [kari]]);
    agents.remove(kari);
    agents.put(record);
    expect(agents.find("kari")).toBeDefined();
    agents.remove(kari);
    expect(agents.get(kari)).toBeUndefined();
  });
});
