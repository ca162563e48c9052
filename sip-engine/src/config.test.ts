import { describe, expect, it } from "@jest/globals";
import { readFileSync } from "node:fs";
import { DEFAULTS, OPTIONS } from "./config-options.js";
import { loadConfig, redacted } from "./config.js";
import { drachtioServerBehaviour } from "./core/behaviours.js";

const noFile = (path: string): string => {
  throw new Error(`no such file: ${path}`);
};

describe("loadConfig", () => {
  it("has defaults for everything", () => {
    const result = loadConfig([], {}, noFile);
    if (!result.ok) throw new Error(result.mistakes.join());
    expect(result.config).toMatchObject({
      admin: { host: "127.0.0.1", port: 9022 },
      secret: "cymru",
      http: null,
      tls: null,
      engine: { timers: { t1: 500, t2: 4000, t4: 5000, d: 32_000 }, natDetection: true, defaultRefresher: "none" },
    });
    expect(result.config.sip.map(({ transport, port }) => `${transport} ${port}`)).toEqual(["udp 5060", "tcp 5060"]);
  });

  it("prefers the command line to the environment and that to the file", () => {
    const file = JSON.stringify({ sip: ["udp:10.0.0.1:1"], secret: "file", t1: 100, t2: 200, "nat-detection": false });
    const env = { LEGWORK_ENGINE_CONFIG: "f.json", LEGWORK_ENGINE_SECRET: "env", LEGWORK_ENGINE_T2: "300" };
    const result = loadConfig(["--secret=args", "--http", "127.0.0.1:80"], env, () => file);
    if (!result.ok) throw new Error(result.mistakes.join());
    expect(result.config).toMatchObject({
      secret: "args",
      http: { host: "127.0.0.1", port: 80 },
      engine: { timers: { t1: 100, t2: 300, d: 6400 }, natDetection: false },
    });
    expect(result.config.sip).toEqual([{ transport: "udp", host: "10.0.0.1", port: 1, external: null }]);
  });

  it("reads listeners: repeated, by comma in the environment, IPv6, external address", () => {
    const listeners = (argv: string[], env: Record<string, string> = {}): unknown => {
      const result = loadConfig(argv, env, noFile);
      return result.ok
        ? result.config.sip.map(({ transport, host, port, external }) => [transport, host, port, external])
        : result;
    };
    expect(listeners(["--sip", "udp:[::1]:5060", "--sip", "ws:0.0.0.0:8061;external=192.0.2.1"])).toEqual([
      ["udp", "::1", 5060, null],
      ["ws", "0.0.0.0", 8061, "192.0.2.1"],
    ]);
    expect(listeners([], { LEGWORK_ENGINE_SIP: "udp:127.0.0.1:1,tcp:127.0.0.1:2" })).toHaveLength(2);
  });

  it("takes what drachtio-server reads from its environment, unless told otherwise by name", () => {
    const env = { DRACHTIO_LOCAL_DOMAIN: "One.example, two.example", DRACHTIO_PRESERVE_HEADER_NAMES: "My-Header" };
    const read = (more: Record<string, string>): unknown => {
      const result = loadConfig([], { ...env, ...more }, noFile);
      return result.ok && [result.config.transport.localNames, [...result.config.engine.preservedHeaders]];
    };
    expect(read({})).toEqual([["one.example", "two.example"], ["my-header"]]);
    expect(read({ LEGWORK_ENGINE_LOCAL_NAMES: "three.example" })).toEqual([["three.example"], ["my-header"]]);
  });

  it("wants a sip URI as outbound proxy, and a certificate for apps that connect by TLS", () => {
    const result = loadConfig(["--outbound-proxy", "carrier", "--admin-tls", "127.0.0.1:0"], {}, noFile);
    expect(result.ok ? [] : result.mistakes.map((mistake) => mistake.split(":")[0])).toEqual([
      "tls-cert",
      "tls-key",
      "outbound-proxy",
    ]);
  });

  it("reports all mistakes at once", () => {
    const argv =
      "--sip sctp:x:1 --admin nowhere --t1 0 --cdr perhaps --log-level loud --secret a|b --dance --drain-ms -1".split(
        " ",
      );
    const result = loadConfig(argv, {}, noFile);
    const mistakes = result.ok ? [] : result.mistakes.map((mistake) => mistake.split(":")[0]);
    expect(new Set(mistakes)).toEqual(
      new Set(["sip", "admin", "t1", "cdr", "log-level", "secret", "unknown argument", "drain-ms"]),
    );
  });

  it("reads what the transports are told, and refuses what makes no sense", () => {
    const given =
      "--trusted 10.0.0.0/8 --trusted 2001:db8::/32 --dns-servers 192.0.2.53 --dns-servers [::1]:5353 --icmp false";
    const limits = "--max-messages 0 --stall-ms 1000 --udp-max-bytes 1300";
    const result = loadConfig(`${given} ${limits}`.split(" "), {}, noFile);
    if (!result.ok) throw new Error(result.mistakes.join());
    expect(result.config.transport).toEqual({
      limits: { messages: 0, connections: 10_000, sourceConnections: 1000, pendingBytes: 2 ** 26, stallMs: 1000 },
      trusted: ["10.0.0.0/8", "2001:db8::/32"],
      localNames: [],
      dnsServers: ["192.0.2.53", "[::1]:5353"],
      udpMaxBytes: 1300,
      icmp: false,
    });
    const env = { LEGWORK_ENGINE_TRUSTED: "192.0.2.1,::1", LEGWORK_ENGINE_DNS_SERVERS: "192.0.2.53,192.0.2.54" };
    const listed = loadConfig([], env, noFile);
    expect(listed.ok && [listed.config.transport.trusted, listed.config.transport.dnsServers]).toEqual([
      ["192.0.2.1", "::1"],
      ["192.0.2.53", "192.0.2.54"],
    ]);
    const nobody = loadConfig(["--trusted", "none"], {}, noFile);
    expect(nobody.ok && nobody.config.transport.trusted).toEqual([]);
    const wrong =
      "--trusted 10.0.0.0/99 --trusted home --dns-servers dns.example.com --stall-ms 1 --udp-max-bytes 99999 --icmp 1";
    const refused = loadConfig(wrong.split(" "), {}, noFile);
    expect(refused.ok ? [] : refused.mistakes).toHaveLength(6);
  });

  it("needs certificate and key for tls and wss, and never shows them", () => {
    const argv = ["--sip", "tls:127.0.0.1:5061"];
    const missing = loadConfig(argv, {}, noFile);
    expect(missing.ok ? [] : missing.mistakes).toEqual([
      "tls-cert: needed for tls, wss and admin-tls",
      "tls-key: needed for tls, wss and admin-tls",
    ]);
    const result = loadConfig([...argv, "--tls-cert", "c", "--tls-key", "k"], {}, (path) => `PEM ${path}`);
    if (!result.ok) throw new Error(result.mistakes.join());
    expect(result.config.tls).toEqual({ cert: "PEM c", key: "PEM k", verify: true });
    expect(JSON.stringify(redacted(result.config))).not.toContain("PEM");
    expect(JSON.stringify(redacted(result.config))).not.toContain("cymru");
  });

  it("takes drachtio-server's ways when told to imitate it, and logs that by name", () => {
    const result = loadConfig([], { LEGWORK_ENGINE_IMITATE: "drachtio-server" }, noFile);
    if (!result.ok) throw new Error(result.mistakes.join());
    expect(result.config.engine).toMatchObject({ behaviour: drachtioServerBehaviour, timers: { firstRepeat: 1000 } });
    expect(redacted(result.config)).toMatchObject({ engine: { behaviour: "drachtio-server" } });
    expect(loadConfig(["--imitate", "asterisk"], {}, noFile)).toEqual({
      ok: false,
      mistakes: ["imitate: need one of none, drachtio-server"],
    });
  });

  it("reports a file it cannot read or that is no object", () => {
    for (const text of ["[]", "{", '{"dance": 1}']) {
      expect(loadConfig(["--config", "f"], {}, () => text).ok).toBe(false);
    }
    expect(loadConfig(["--config", "f"], {}, noFile).ok).toBe(false);
  });
});

describe("the README", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const table = readme.slice(readme.indexOf("| option"), readme.indexOf("The WebSocket listener takes"));
  /** Option, its default as the table has it. */
  const rows = [...table.matchAll(/^\| (`[^|]+`) *\| ([^|]*?) *\|/gm)].flatMap(([, names = "", value = ""]) =>
    [...names.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => [name, value] as const),
  );

  it("lists every option and no other; the one that names the file is told above the table", () => {
    const named = rows.map(([name]) => name).filter((name) => !/^t[124]$/.test(name));
    expect([...named, "t1", "t2", "t4", "config"].sort()).toEqual(Object.keys(OPTIONS).sort());
    expect(readme).toContain("a JSON file given by `--config`");
  });

  it("tells their defaults", () => {
    for (const [name, value] of rows) {
      const values = DEFAULTS[name];
      if (values !== undefined && !/^t[124]$/.test(name))
        expect([name, value.replaceAll("`", "")]).toEqual([name, values.join(", ")]);
    }
  });
});
