import { describe, expect, it } from "@jest/globals";
import fs from "node:fs";
import { parse } from "yaml";
import { inRoot } from "./project.mjs";
import { DEFAULT_PORTS, newSecrets, processes } from "./topology.mjs";

const { services } = parse(fs.readFileSync(inRoot("docker-compose.yml"), "utf8"), { merge: true });
const table = processes({
  root: "/legwork",
  node: "node",
  host: "127.0.0.1",
  media: [],
  ports: DEFAULT_PORTS,
  secrets: newSecrets(() => "secret"),
  dataDir: "/data",
  speechDir: "/speech",
  demo: false,
  logLevel: "info",
});
const ONLY_AT_SCALE = ["LEGWORK_DATABASE_URL", "LEGWORK_MEDIA_ANNOUNCE"];

describe("docker-compose.yml", () => {
  it("has the parts of the product, with drachtio-server as the SIP engine", () => {
    expect(Object.keys(services)).toEqual(["front", "sip-proxy", "sip-engine", "media-server", "database"]);
    expect(services["sip-engine"].image).toMatch(/^drachtio\/drachtio-server:/);
  });

  it.each(["sip-proxy", "media-server"])("sets for %s only what the process reads", (name) => {
    const known = Object.keys(table.find((one) => one.name === name).env);
    const set = Object.keys(services[name].environment).filter((variable) => !ONLY_AT_SCALE.includes(variable));
    expect(set.filter((variable) => !known.includes(variable))).toEqual([]);
  });

  it("shows browsers one origin", () => {
    expect(services.front.command).toContain("--to sip-proxy:8080");
    expect(services["sip-proxy"].ports).toBeUndefined();
  });

  it("has no secret of its own", () => {
    for (const { environment = {} } of Object.values(services)) {
      const secrets = Object.entries(environment).filter(([name]) => /SECRET|TOKEN|PASSWORD/.test(name));
      for (const [, value] of secrets) expect(value).toMatch(/^\$\{\w+:\?\}$/);
    }
  });
});
