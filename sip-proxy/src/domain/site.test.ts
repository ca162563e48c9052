import { describe, expect, it } from "@jest/globals";
import { demoSite } from "./demo-site.js";
import { parseSite, timerLengths } from "./site.js";

describe("the site file", () => {
  it("accepts the demo site and fills in the policies", () => {
    const parsed = parseSite(demoSite);
    expect(parsed).toMatchObject({
      site: { policy: { "consult.end": "end-interaction", "consult.return": "automatic", "ring.seconds": 20 } },
    });
  });

  it("reports all mistakes at once", () => {
    const parsed = parseSite({
      ...demoSite,
      country: "Norway",
      policy: { "wrap-up.default": "nothing" },
      queues: [{ id: "support", name: "Support", agents: ["nobody"] }],
      entryPoints: [{ id: "line", name: "Line", number: "+4780010001", queue: "sales" }],
    });
    const { mistakes } = parsed as { mistakes: string };
    expect(mistakes).toContain("country");
    expect(parseSite({ ...demoSite, surprise: 1 })).toHaveProperty("mistakes");
  });

  it("names what refers to nothing", () => {
    const { mistakes } = parseSite({
      ...demoSite,
      policy: { "wrap-up.default": "nothing" },
      queues: [{ id: "support", name: "Support", agents: ["nobody"] }],
    }) as { mistakes: string };
    for (const part of ['no agent "nobody"', 'no queue "billing"', "not one of wrapUpReasons"])
      expect(mistakes).toContain(part);
  });

  it("[HO-4] [CO-4] [QU-1] gives every timer its length", () => {
    const { site } = parseSite({ ...demoSite, policy: { ...demoSite.policy, "ring.seconds": 7 } }) as Extract<
      ReturnType<typeof parseSite>,
      { site: unknown }
    >;
    expect(timerLengths(site.policy)).toMatchObject({
      ring: 7_000,
      hold: 2_000,
      "transfer-plan": 1_000,
      "transfer-up": 5_000,
    });
  });
});
