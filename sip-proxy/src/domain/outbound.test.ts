import { describe, expect, it } from "@jest/globals";
import { brand, type AgentId } from "@legwork/shared/ids";
import { chooseRoute, type OutboundRules, type OutsideCall, type Usage } from "./outbound.js";
import { callingSchema, trunkSchema, type Calling } from "./trunk-schema.js";

const kari = brand<AgentId>("kari");
const NONE: Usage = { concurrent: 0, lastMinute: 0 };
const callerId = { number: "+4780010000", name: "Legwork" };

const trunk = (name: string, outbound: object | null = {}, more: object = {}) =>
  trunkSchema.parse({
    name,
    address: "192.0.2.10",
    port: 5060,
    outbound: outbound && { callerId, ...outbound },
    ...more,
  });
const rules = (trunks = [trunk("carrier")], calling: object = {}): OutboundRules => ({
  country: "NO",
  calling: callingSchema.parse(calling) as Calling,
  trunks,
});
const call = (number: string, customer: OutsideCall["customer"] = null): OutsideCall => ({
  agent: kari,
  number,
  customer,
});
const choose = (number: string, r = rules(), used: { trunk?: Usage; agent?: Usage } = {}) => {
  const outcome = chooseRoute(call(number), r, {
    ofTrunk: (name) => (name === "full" ? (used.trunk ?? NONE) : name === "carrier" ? (used.trunk ?? NONE) : NONE),
    ofAgent: () => used.agent ?? NONE,
  });
  return outcome.ok ? outcome.route.trunk.name : outcome.why;
};

describe("where a call to a number goes out", () => {
  it.each([
    ["+4722334455", "carrier"],
    ["116117", "carrier"],
    ["02222", "carrier"],
    ["+46812345678", "calling-not-allowed"], // abroad
    ["+4782000000", "calling-not-allowed"], // premium rate
    ["*21#", "calling-not-allowed"], // a service code may forward the trunk's calls to anywhere
  ])(
    "[TK-1] lets agents call the home country and nothing that costs extra, unless told otherwise: %s is %s",
    (number, to) => {
      expect(choose(number)).toBe(to);
    },
  );

  it.each([
    [{ allowed: ["all"] }, "+46812345678", "carrier"],
    [{ allowed: ["home", "+46"] }, "+46812345678", "carrier"],
    [{ allowed: ["home", "+46"] }, "+4512345678", "calling-not-allowed"],
    [{ allowed: ["all"], forbidden: ["+468"] }, "+46812345678", "calling-not-allowed"],
    [{ allowed: ["all"], forbidden: [] }, "+4782000000", "carrier"],
    [{ allowed: ["codes"] }, "*21#", "carrier"],
    [{ allowed: ["+47"] }, "02222", "calling-not-allowed"],
  ])("[TK-1] follows the site's rules %j for %s", (calling, number, to) => {
    expect(choose(number, rules(undefined, calling))).toBe(to);
  });

  it.each([
    [{ allowed: ["all"] }, "+46939123456#"], // premium rate in Sweden
    [{ allowed: ["all"] }, "+4782912345#"],
    [{ allowed: ["all"] }, "+47829*12345"],
    [{ allowed: ["all"] }, "+4782912345*1"],
    [{ allowed: ["all"] }, "82912345*"],
    [{ allowed: ["all"] }, "#31#82912345"], // hides the caller's number in many networks, and calls
    [{ allowed: ["codes"] }, "*21*004782912345#"], // and this forwards the trunk's calls
    [{ allowed: ["all"], forbidden: ["+46"] }, "0046812345678*"],
    [{ allowed: ["home", "codes"] }, "+46812345678*"], // no code: a number abroad with a key behind it
    [{ allowed: ["home"] }, "+4722334455*"],
  ])("[TK-1] [DN-4] lets no key hide a number: %j for %s", (calling, number) => {
    expect(choose(number, rules(undefined, calling))).toBe("calling-not-allowed");
  });

  it.each(["*21#", "#31#22334455", "*21*22334455#", "+4722334455*1"])(
    "[DN-4] lets a service code go out whose numbers may be called: %s",
    (number) => {
      expect(choose(number, rules(undefined, { allowed: ["home", "codes"] }))).toBe("carrier");
    },
  );

  it("[TK-1] takes the first trunk that serves the number", () => {
    const trunks = [
      trunk("inbound-only", null),
      trunk("off", { enabled: false }),
      trunk("sweden", { numbers: ["+46"] }),
      trunk("short-numbers", { numbers: ["112", "02222"] }),
      trunk("carrier", { numbers: ["+47"] }),
    ];
    const r = rules(trunks, { allowed: ["all"] });
    expect(choose("+4722334455", r)).toBe("carrier");
    expect(choose("+46812345678", r)).toBe("sweden");
    expect(choose("02222", r)).toBe("short-numbers");
    expect(choose("02800", r)).toBe("no-trunk");
    expect(choose("+4512345678", r)).toBe("no-trunk");
  });

  it("[TK-1] holds to the limits of the trunk and of the agent, and goes on to a trunk with room", () => {
    const r = rules([trunk("carrier", {}, { limits: { concurrent: 2, perMinute: 5 } })], {
      perAgent: { concurrent: 1, perMinute: 3 },
    });
    expect(choose("+4722334455", r, { trunk: { concurrent: 1, lastMinute: 4 } })).toBe("carrier");
    expect(choose("+4722334455", r, { trunk: { concurrent: 2, lastMinute: 2 } })).toBe("too-many-calls");
    expect(choose("+4722334455", r, { trunk: { concurrent: 0, lastMinute: 5 } })).toBe("too-many-calls");
    expect(choose("+4722334455", r, { agent: { concurrent: 1, lastMinute: 1 } })).toBe("too-many-calls");
    expect(choose("+4722334455", r, { agent: { concurrent: 0, lastMinute: 3 } })).toBe("too-many-calls");
    const two = rules([trunk("full", {}, { limits: { concurrent: 1 } }), trunk("spare")]);
    expect(choose("+4722334455", two, { trunk: { concurrent: 1, lastMinute: 1 } })).toBe("spare");
  });

  it("[TK-1] [DN-4] never refuses a call for help for a rule or a limit, and finds any trunk for it", () => {
    const full = { concurrent: 1000, lastMinute: 1000 };
    const r = rules([trunk("carrier", { numbers: ["+47"] })], { allowed: [], forbidden: ["112"] });
    expect(choose("112", r, { trunk: full, agent: full })).toBe("carrier");
    expect(choose("112", rules([trunk("in", null)]))).toBe("no-trunk");
  });
});

describe("whom a called number sees", () => {
  const shown = (outbound: object, customer: OutsideCall["customer"]) => {
    const outcome = chooseRoute(call("+4722334455", customer), rules([trunk("carrier", outbound)]), {
      ofTrunk: () => NONE,
      ofAgent: () => NONE,
    });
    return outcome.ok ? { from: outcome.route.callerId, asserted: outcome.route.asserted } : null;
  };
  const anne = { name: "Anne Holm", number: "+4799999999" };

  it("[OB-1] sees the site's number, or the agent's own", () => {
    expect(shown({}, anne)).toEqual({ from: { name: "Legwork", number: "+4780010000" }, asserted: "+4780010000" });
    expect(shown({ callerId: { ...callerId, agents: { kari: "+4780010007" } } }, null)).toEqual({
      from: { name: "Legwork", number: "+4780010007" },
      asserted: "+4780010007",
    });
  });

  it("[OB-1] sees the customer a consult is about only where the trunk allows it, and never one without a number", () => {
    const allowed = { callerId: { ...callerId, customer: true } };
    expect(shown(allowed, anne)).toEqual({ from: anne, asserted: "+4780010000" });
    expect(shown(allowed, { name: "", number: "anonymous" })).toMatchObject({ from: { number: "+4780010000" } });
    expect(shown(allowed, null)).toMatchObject({ from: { number: "+4780010000" } });
  });
});
