import { describe, expect, it } from "@jest/globals";
import { loadConfig } from "./config.js";

const secrets = { LEGWORK_ENGINE_SECRET: "s", LEGWORK_MEDIA_TOKEN: "t" };
const load = (env: Record<string, string>) => loadConfig({ ...secrets, ...env });

describe("the environment of sip-proxy", () => {
  it("needs the secrets and nothing else, and trusts nobody by default", () => {
    expect(load({})).toMatchObject({
      http: { host: "127.0.0.1", port: 8080 },
      store: { kind: "memory" },
      trustProxy: [],
      integrationToken: null,
      secureCookies: false,
    });
  });

  it("is refused with all that is wrong with it at once", () => {
    const env = {
      LEGWORK_HTTP_LISTEN: "8080",
      LEGWORK_TRUST_PROXY: "true, 10.0.0.0/33, 10.0.0.0/0, ::1/64, everybody",
      LEGWORK_INTEGRATION_TOKEN: "short",
    };
    const mistakes = /LEGWORK_HTTP_LISTEN.*LEGWORK_ENGINE_SECRET.*32 letters.*"true".*\/33".*\/0".*"everybody"/s;
    expect(() => loadConfig({ ...env, LEGWORK_MEDIA_TOKEN: "t" })).toThrow(mistakes);
    expect(() => loadConfig({ ...env, LEGWORK_MEDIA_TOKEN: "t" })).not.toThrow("::1/64");
  });

  it.each(["0.0.0.0:80", "192.0.2.1:80", "[::]:80", "desk.example:80"])(
    "refuses the demo site at %s unless it is told that this is wanted",
    (listen) => {
      const open = { LEGWORK_HTTP_LISTEN: listen };
      expect(() => load(open)).toThrow(/LEGWORK_SITE_FILE is missing.*LEGWORK_DEMO_SITE=yes/s);
      expect(() => load({ ...open, LEGWORK_DEMO_SITE: "1" })).toThrow("LEGWORK_DEMO_SITE=yes");
      expect(load({ ...open, LEGWORK_DEMO_SITE: "yes" }).siteFile).toBeNull();
      expect(load({ ...open, LEGWORK_SITE_FILE: "site.json" }).siteFile).toBe("site.json");
    },
  );

  it.each(["127.0.0.2:80", "[::1]:80", "localhost:80"])("takes the demo site at %s", (listen) => {
    expect(load({ LEGWORK_HTTP_LISTEN: listen }).siteFile).toBeNull();
  });

  it("names the reverse proxies that are believed", () => {
    const { trustProxy } = load({ LEGWORK_TRUST_PROXY: " loopback,10.1.0.0/16, 192.0.2.1,fd00::/8" });
    expect(trustProxy).toEqual(["loopback", "10.1.0.0/16", "192.0.2.1", "fd00::/8"]);
  });

  it("[DF-4] takes an integration token that nobody guesses", () => {
    const token = "0123456789abcdefghijklmnopqrstuv";
    expect(load({ LEGWORK_INTEGRATION_TOKEN: token }).integrationToken).toBe(token);
  });
});
