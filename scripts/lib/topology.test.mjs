import { describe, expect, it } from "@jest/globals";
import { DEFAULT_PORTS, newSecrets, portsFrom, processes } from "./topology.mjs";

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

  it("gives every process a health check and no secret on its command line", () => {
    for (const { args, health, env } of processes(setting())) {
      expect(args.join(" ")).not.toContain("secret");
      expect(Object.values(env)).not.toContain(undefined);
      expect(health.http ?? health.tcp).toBeDefined();
    }
  });

  it("tells the media server of a folder of music only where there is one", () => {
    const media = (more) => processes(setting(more)).find(({ name }) => name === "media-server").env;
    expect(media({ musicFolder: "/music" }).LEGWORK_MEDIA_MUSIC).toBe("/music");
    expect(media()).not.toHaveProperty("LEGWORK_MEDIA_MUSIC");
  });

  it("leaves out the demo customer, and every word of it, when it is not wanted", () => {
    const table = processes(setting({ demo: false }));
    expect(table.map(({ name }) => name)).toEqual(["sip-engine", "media-server", "sip-proxy"]);
    expect(table.find(({ name }) => name === "sip-proxy").env.LEGWORK_DEMO_TRUNK).toBe("");
  });
});
