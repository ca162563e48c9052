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

  it("names what is there twice", () => {
    const { mistakes } = parseSite({
      ...demoSite,
      agents: [...demoSite.agents, { id: "kari", name: "Kari Lie", password: "secret-of-kari", extension: "2001" }],
      dialNumbers: [
        { id: "taxi", name: "Taxi", number: "02323" },
        { id: "taxi", name: "Cab", number: "08000" },
      ],
    }) as { mistakes: string };
    for (const part of ['"kari" is there already', '"2001" is there already', '"taxi" is there already'])
      expect(mistakes).toContain(part);
  });

  it("[CO-6] leaves the names of conferences to conferences", () => {
    const { mistakes } = parseSite({
      ...demoSite,
      agents: [...demoSite.agents, { id: "focus-me", name: "Kari Lie", password: "secret-of-kari", extension: "2909" }],
      queues: [...demoSite.queues, { id: "conference", name: "Conference", agents: [] }],
      entryPoints: [...demoSite.entryPoints, { id: "focus-i1", name: "Line", number: "+4780019999", queue: "support" }],
      experts: [{ id: "conference", name: "Nina", role: "", department: "", number: null }],
    }) as { mistakes: string };
    for (const kind of ["agents", "queues", "entryPoints", "experts"]) expect(mistakes).toContain(kind);
    expect(mistakes.match(/"(conference|focus-me|focus-i1)" is the name of a conference/g)).toHaveLength(4);
  });

  it("[TK-1] still takes a trunk of three settings, and lets nothing out that is not asked for", () => {
    const trunks = [{ name: "carrier", address: "192.0.2.10", port: 5060 }];
    expect(parseSite({ ...demoSite, trunks })).toMatchObject({
      site: {
        trunks: [{ transport: "udp", inbound: { addresses: null }, outbound: null, limits: { concurrent: 30 } }],
        calling: { allowed: ["home", "short"], forbidden: ["premium"], perAgent: { concurrent: 3, perMinute: 10 } },
      },
    });
  });

  it("[TK-1] [DF-4] reports all that is wrong with trunks, rules of calling and the directory", () => {
    const { mistakes } = parseSite({
      ...demoSite,
      trunks: [
        { name: "Carrier", address: "192.0.2.10", port: 0 },
        {
          name: "other",
          address: "sip.example.com",
          port: 5060,
          inbound: { addresses: ["anywhere"], credentials: { username: "us", password: "short" } },
          outbound: { numbers: ["abroad"], callerId: { number: "22334455" } },
        },
      ],
      calling: { allowed: ["neighbours"], perAgent: { concurrent: 0 } },
      experts: [{ id: "nina", name: "" }],
      dialNumbers: [{ id: "taxi", name: "Taxi" }],
    }) as { mistakes: string };
    for (const part of [
      "trunks[0].name",
      "trunks[0].port",
      "trunks[1].inbound.addresses[0]",
      "trunks[1].inbound.credentials.password",
      "trunks[1].outbound.numbers[0]",
      "trunks[1].outbound.callerId.number",
      "calling.allowed[0]",
      "calling.perAgent.concurrent",
      "experts[0].name",
      "dialNumbers[0].number",
    ])
      expect(mistakes).toContain(part);
  });

  it("[TK-1] has no trunk that authenticates with the name of an agent or an extension", () => {
    const inbound = (username: string) => ({ credentials: { username, password: "long-enough" } });
    const [agent] = demoSite.agents;
    const { mistakes } = parseSite({
      ...demoSite,
      agents: [{ ...agent, id: "carrier", extension: "4711" }],
      queues: [{ id: "q", name: "Q", agents: [] }],
      entryPoints: [{ id: "e", name: "E", number: "+4780010001", queue: "q" }],
      trunks: [
        { name: "one", address: "192.0.2.10", port: 5060, inbound: inbound("carrier") },
        { name: "two", address: "192.0.2.11", port: 5060, inbound: inbound("4711") },
        { name: "three", address: "192.0.2.12", port: 5060, inbound: inbound("elsewhere") },
      ],
    }) as { mistakes: string };
    expect(mistakes).toContain('"carrier" is the user name of a trunk');
    expect(mistakes).toContain('"4711" is the user name of a trunk');
    expect(mistakes).not.toContain("elsewhere");
  });

  it("[DN-4] has nothing of its own by an emergency number: who dials it means help", () => {
    const [agent] = demoSite.agents;
    const { mistakes } = parseSite({
      ...demoSite,
      agents: [{ ...agent, id: "110", extension: "112" }],
      queues: [{ id: "911", name: "Q", agents: [] }],
      entryPoints: [{ id: "999", name: "E", number: "+113", queue: "911" }],
      experts: [{ id: "116117", name: "N", role: "", department: "", number: null }],
    }) as { mistakes: string };
    for (const number of ["110", "112", "911", "999", "+113", "116117"])
      expect(mistakes).toContain(`"${number}" is an emergency number`);
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
