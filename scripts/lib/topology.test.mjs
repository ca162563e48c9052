import { describe, expect, it } from "@jest/globals";
import { DEFAULT_PORTS, hostMistakes, newSecrets, OPEN_PORTS, passedOn, portsFrom, processes } from "./topology.mjs";

const setting = (more = {}) => ({
  root: "/clone",
  node: "node",
  host: "127.0.0.1",
  media: ["127.0.0.1", "10.99.0.1"],
  ports: DEFAULT_PORTS,
  secrets: newSecrets(() => "secret"),
  dataDir: "/data",
  speechDir: "/speech",
  demo: true,
  demoLanguage: "en",
  logLevel: "info",
  ...more,
});

describe("topology", () => {
  it("takes ports from the environment and tells all mistakes at once", () => {
    const { ports, mistakes } = portsFrom({
      LEGWORK_HTTP_PORT: "8090",
      LEGWORK_SIP_PORT: "x",
      LEGWORK_MEDIA_PORTS: "9-1",
    });
    expect(ports).toEqual({ ...DEFAULT_PORTS, http: 8090 });
    expect(mistakes).toHaveLength(2);
  });

  it.each(["0.0.0.0", "::", "example.com", "10.0.0.256", "127.0.0.1:80"])(
    "listens on one address, not on %s",
    (host) => {
      expect(hostMistakes({ LEGWORK_HOST: host, LEGWORK_SITE_FILE: "site.json" })).toEqual([
        expect.stringContaining("one IPv4 address"),
      ]);
    },
  );

  it("shows the demo site, whose passwords everybody knows, to nobody outside unless that is wanted", () => {
    const outside = { LEGWORK_HOST: "192.0.2.7" };
    expect(hostMistakes(outside)).toEqual([expect.stringContaining("LEGWORK_SITE_FILE")]);
    expect(hostMistakes({ ...outside, LEGWORK_DEMO_SITE: "1" })).toHaveLength(1);
    for (const env of [{}, { LEGWORK_HOST: "127.0.0.2" }, { ...outside, LEGWORK_SITE_FILE: "site.json" }])
      expect(hostMistakes(env)).toEqual([]);
    const wanted = { ...outside, LEGWORK_DEMO_SITE: "yes" };
    expect(hostMistakes(wanted)).toEqual([]);
    const proxy = processes(setting({ passedOn: passedOn(wanted) })).find(({ name }) => name === "sip-proxy");
    expect(proxy.env.LEGWORK_DEMO_SITE).toBe("yes");
  });

  it("gives every process a health check and no secret on its command line", () => {
    for (const { args, health, env } of processes(setting())) {
      expect(args.join(" ")).not.toContain("secret");
      expect(Object.values(env)).not.toContain(undefined);
      expect(health.http ?? health.tcp).toBeDefined();
    }
  });

  it("opens to others what phones, trunks and browsers need, and nothing else", () => {
    const host = "192.0.2.7";
    const told = JSON.stringify(processes(setting({ host })));
    const open = Object.keys(DEFAULT_PORTS).filter((name) => told.includes(`${host}:${DEFAULT_PORTS[name]}`));
    expect(open).toEqual(OPEN_PORTS);
  });

  it("passes on what only one process has to know, to that one alone", () => {
    const env = { LEGWORK_MEDIA_MUSIC: "/music", LEGWORK_DATABASE_URL: "postgres://x", LEGWORK_ELSE: "1" };
    const told = Object.fromEntries(processes(setting({ passedOn: passedOn(env) })).map((one) => [one.name, one.env]));
    expect(passedOn(env)).not.toHaveProperty("LEGWORK_ELSE");
    expect(told["media-server"]).toMatchObject({ LEGWORK_MEDIA_MUSIC: "/music" });
    expect(told["media-server"]).not.toHaveProperty("LEGWORK_DATABASE_URL");
    expect(told["sip-proxy"]).toMatchObject({ LEGWORK_DATABASE_URL: "postgres://x" });
    expect(told["sip-proxy"]).not.toHaveProperty("LEGWORK_TRUST_PROXY");
  });

  it("leaves out the demo customer, and every word of it, when it is not wanted", () => {
    const table = processes(setting({ demo: false }));
    expect(table.map(({ name }) => name)).toEqual(["sip-engine", "media-server", "sip-proxy"]);
    expect(table.find(({ name }) => name === "sip-proxy").env.LEGWORK_DEMO_TRUNK).toBe("");
  });
});
