import { describe, expect, it } from "@jest/globals";
import { loadConfig, redacted } from "./config.js";

describe("the configuration", () => {
  it("has a default for everything but the secret", () => {
    const config = loadConfig({ LEGWORK_MEDIA_TOKEN: "s" });
    expect(config).toMatchObject({
      control: { host: "127.0.0.1", port: 7400 },
      listen: [{ ip: "127.0.0.1", announced: "127.0.0.1" }],
      rtp: { ip: "127.0.0.1", announced: "127.0.0.1" },
      ports: { min: 40000, max: 40999 },
      threads: 1,
      musicFolder: null,
    });
    expect(JSON.stringify(redacted(config))).not.toContain('"s"');
  });

  it("announces an address for each bound one, or several for one", () => {
    const env = {
      LEGWORK_MEDIA_TOKEN: "s",
      LEGWORK_MEDIA_BIND: "0.0.0.0",
      LEGWORK_MEDIA_ANNOUNCE: "127.0.0.1, 192.0.2.2",
    };
    expect(loadConfig(env)).toMatchObject({
      listen: [{ ip: "0.0.0.0", announced: "127.0.0.1" }, { ip: "0.0.0.0", announced: "192.0.2.2" }],
      rtp: { ip: "0.0.0.0", announced: "127.0.0.1" },
    }); // prettier-ignore
  });

  it("announces one address for all bound ones, and does not guess how two go with three", () => {
    const bound = { LEGWORK_MEDIA_TOKEN: "s", LEGWORK_MEDIA_BIND: "127.0.0.1,10.0.0.5,10.0.0.6" };
    expect(loadConfig({ ...bound, LEGWORK_MEDIA_ANNOUNCE: "192.0.2.2" })).toMatchObject({
      listen: ["127.0.0.1", "10.0.0.5", "10.0.0.6"].map((ip) => ({ ip, announced: "192.0.2.2" })),
      rtp: { ip: "127.0.0.1", announced: "192.0.2.2" },
    });
    expect(() => loadConfig({ ...bound, LEGWORK_MEDIA_ANNOUNCE: "192.0.2.2,192.0.2.3" })).toThrow(
      "LEGWORK_MEDIA_ANNOUNCE",
    );
  });

  it("names all mistakes in one error", () => {
    const env = {
      LEGWORK_MEDIA_BIND: "here",
      LEGWORK_MEDIA_PORTS: "9-1",
      LEGWORK_MEDIA_THREADS: "none",
      LEGWORK_MEDIA_CONTROL: "x",
    };
    expect(() => loadConfig(env)).toThrow(/TOKEN[^]*|BIND[^]*/);
    try {
      loadConfig(env);
    } catch (error) {
      for (const name of ["TOKEN", "BIND", "PORTS", "THREADS", "CONTROL"])
        expect(String(error)).toContain(`LEGWORK_MEDIA_${name}`);
    }
  });
});
