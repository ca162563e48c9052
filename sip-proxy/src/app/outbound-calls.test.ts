import { describe, expect, it } from "@jest/globals";
import { brand, type AgentId, type LegId } from "@legwork/shared/ids";
import { callingSchema, trunkSchema } from "../domain/trunk-schema.js";
import { heardLog } from "../ports/log.test-support.js";
import { OutboundCalls } from "./outbound-calls.js";

const agent = (id: string) => brand<AgentId>(id);
const leg = (id: string) => brand<LegId>(id);

function setUp(limits: object, perAgent: object) {
  const clock = { ms: 1_000_000, now: () => clock.ms, after: () => () => undefined };
  const { heard, log } = heardLog();
  const trunk = {
    name: "carrier",
    address: "192.0.2.10",
    port: 5060,
    outbound: { callerId: { number: "+4780010000" } },
  };
  const outbound = new OutboundCalls({
    clock,
    log,
    rules: {
      country: "NO",
      calling: callingSchema.parse({ perAgent }),
      trunks: [trunkSchema.parse({ ...trunk, limits })],
    },
  });
  const call = (by: string, number = "+4722334455") => ({ agent: agent(by), number, customer: null });
  return { clock, outbound, heard, call };
}

describe("calls that go out", () => {
  it("[TK-1] count until their leg is over, per trunk and per agent", () => {
    const { outbound, call } = setUp({ concurrent: 2 }, { concurrent: 1 });
    expect(outbound.take(leg("1"), call("kari"))).toMatchObject({ trunk: { name: "carrier" } });
    expect(outbound.check(call("kari"))).toBe("too-many-calls");
    expect(outbound.take(leg("2"), call("ola"))).not.toBeNull();
    expect(outbound.take(leg("3"), call("sofie"))).toBeNull();
    outbound.over(leg("1"));
    outbound.over(leg("unknown"));
    expect(outbound.check(call("kari"))).toBeNull();
    expect(outbound.take(leg("3"), call("sofie"))).not.toBeNull();
  });

  it("[TK-1] count for a minute from their beginning, also when they were over at once", () => {
    const { outbound, call, clock } = setUp({ perMinute: 2 }, { perMinute: 2 });
    for (const id of ["1", "2"]) {
      outbound.take(leg(id), call("kari"));
      outbound.over(leg(id));
      clock.ms += 20_000;
    }
    expect(outbound.check(call("kari"))).toBe("too-many-calls");
    expect(outbound.check(call("kari", "112"))).toBeNull();
    clock.ms += 20_001;
    expect(outbound.check(call("kari"))).toBeNull();
  });

  it("[TK-1] are counted and logged when they are refused", () => {
    const { outbound, call, heard } = setUp({}, {});
    expect(outbound.check(call("kari", "+46812345678"))).toBe("calling-not-allowed");
    expect(outbound.dump()).toEqual({ up: 0, refused: 1 });
    const everyDay = heard.filter(({ level }) => level !== "debug");
    expect(everyDay).toMatchObject([
      { level: "warn", context: { agent: "kari", number: "…78", why: "calling-not-allowed", limit: null } },
    ]);
    outbound.take(leg("1"), call("kari"));
    expect(heard.filter(({ level }) => level === "info")).toMatchObject([{ context: { leg: "1", number: "…55" } }]);
    expect(JSON.stringify(everyDay)).not.toContain("46812345678"); // the whole number is for who looks for a fault
    expect(heard.filter(({ level }) => level === "debug").map((e) => (e.context as { number: string }).number)).toEqual(
      ["+46812345678", "+4722334455"],
    );
  });
});
