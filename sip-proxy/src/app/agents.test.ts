import { describe, expect, it } from "@jest/globals";
import { brand, type AgentId, type InteractionId } from "@legwork/shared/ids";
import { Agents } from "./agents.js";

const kari = brand<AgentId>("kari");
const mine = brand<InteractionId>("mine");
const other = brand<InteractionId>("other");
const quiet = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => quiet,
};

function signedIn(): Agents {
  const agents = new Agents([{ id: kari, name: "Kari", role: "agent", extension: "2001", passwordHash: "" }], {
    clock: { now: () => 1, after: () => () => undefined },
    log: quiet,
    hasOpenWrapUps: () => false,
    changed: () => undefined,
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

  it("are found by name and by extension", () => {
    expect(signedIn().find("2001")?.id).toBe(kari);
    expect(signedIn().find("kari")?.id).toBe(kari);
    expect(signedIn().find("2002")).toBeUndefined();
  });
});
