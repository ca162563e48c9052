import { DEFAULT_TIMERS } from "./transaction/machine.js";

/** Options by name, each with the values given for it in order. */
export type Raw = Readonly<Record<string, readonly string[]>>;

/** Every option: `--name` on the command line, `LEGWORK_ENGINE_NAME` in the environment, `"name"` in the JSON file. */
export const OPTIONS: Readonly<Record<string, string>> = {
  sip: "transport:host:port to serve SIP on, repeatable; udp, tcp, tls, ws or wss; `;external=address` when peers know another",
  admin: "host:port to serve the drachtio protocol on",
  "admin-tls": "host:port to serve it on over TLS as well",
  secret: "secret an app must give",
  route:
    "METHOD=[POST ]URL, repeatable: who decides about new requests of a method; http(s):// or tcp://, tls:// of an app",
  http: "host:port for health, metrics, traces and the log level; bind it to loopback",
  "tls-cert": "PEM file with the certificate chain for tls, wss and admin-tls",
  "tls-key": "PEM file with its key",
  "tls-verify": "true or false: whether TLS peers we connect to must prove who they are",
  t1: "RFC 3261 T1, milliseconds",
  t2: "RFC 3261 T2, milliseconds",
  t4: "RFC 3261 T4, milliseconds",
  "timer-d": "RFC 3261 timer D, milliseconds; 64·T1 if not given",
  "outbound-proxy": "URI of the next hop of apps' requests outside dialogs, unless the app names one",
  "local-names": "domains that stand for this engine as its addresses do, repeatable",
  "preserve-headers": "header names of apps that go out as written, repeatable",
  "nat-detection": "true or false: answer NATed UDP peers where they come from",
  "orphaned-calls": "keep or end: what becomes of the calls of an app that disconnects",
  cdr: "true or false: send call detail records to apps that ask for them",
  "default-refresher": "none, uac or uas: session timer refresher when the caller names none",
  "min-se": "shortest session interval agreed on, seconds; RFC 4028 asks for 90 or more",
  imitate: "none or drachtio-server: whose ways to take where drachtio-server leaves the RFCs",
  "max-messages": "messages a second taken from one source address, 0 for any number",
  "max-connections": "connections peers may have open",
  "max-source-connections": "connections from one source address",
  "max-pending-bytes": "bytes of unfinished messages kept for all connections together",
  "stall-ms": "how long a connection may take for its first message, or to finish one, milliseconds",
  trusted: "addresses or networks no rate or number of connections is held against, repeatable",
  "dns-servers": "name servers to ask instead of the system's, address or address:port, repeatable",
  "udp-max-bytes": "larger requests go over TCP where their URI leaves that open, 0 for never",
  icmp: "true or false: find out at once that a UDP peer's port is closed",
  "drain-ms": "how long calls may go on after SIGTERM, milliseconds",
  "log-level": "fatal, error, warn, info, debug, trace or silent",
  config: "JSON file with any of these options",
};

/** What counts where nothing was given. */
export const DEFAULTS: Raw = {
  sip: ["udp:127.0.0.1:5060", "tcp:127.0.0.1:5060"],
  admin: ["127.0.0.1:9022"],
  secret: ["cymru"],
  "tls-verify": ["true"],
  t1: [String(DEFAULT_TIMERS.t1)],
  t2: [String(DEFAULT_TIMERS.t2)],
  t4: [String(DEFAULT_TIMERS.t4)],
  "nat-detection": ["true"],
  "orphaned-calls": ["keep"],
  cdr: ["true"],
  "default-refresher": ["none"],
  "min-se": ["90"],
  imitate: ["none"],
  "max-messages": ["5000"],
  "max-connections": ["10000"],
  "max-source-connections": ["1000"],
  "max-pending-bytes": [String(64 * 1024 * 1024)],
  "stall-ms": ["32000"],
  trusted: ["127.0.0.0/8", "::1"],
  "udp-max-bytes": ["0"],
  icmp: ["true"],
  "drain-ms": ["0"],
  "log-level": ["info"],
};

/** `--name value` and `--name=value`. */
export function readArguments(argv: readonly string[], mistakes: string[]): Raw {
  const raw: Record<string, string[]> = {};
  for (let i = 0; i < argv.length; i++) {
    const [name = "", inline] = split(argv[i] ?? "", "=");
    const option = name.startsWith("--") ? name.slice(2) : "";
    if (!(option in OPTIONS)) {
      mistakes.push(`unknown argument: ${argv[i]}`);
      continue;
    }
    const value = inline ?? argv[++i];
    if (value === undefined) mistakes.push(`--${option}: value missing`);
    else (raw[option] ??= []).push(value);
  }
  return raw;
}

/** Options whose values are separated by commas in the environment. */
const LISTS = new Set(["sip", "trusted", "dns-servers", "local-names", "preserve-headers"]);

/** What drachtio-server takes from its environment, by our names: a machine set up for it stays as it is. */
const DRACHTIO_NAMES: Readonly<Record<string, string>> = {
  "local-names": "DRACHTIO_LOCAL_DOMAIN",
  "preserve-headers": "DRACHTIO_PRESERVE_HEADER_NAMES",
};

/** `LEGWORK_ENGINE_NAME`, with underscores for dashes; else drachtio-server's own variable, where there is one. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Raw {
  const raw: Record<string, string[]> = {};
  for (const name of Object.keys(OPTIONS)) {
    const value = env[`LEGWORK_ENGINE_${name.toUpperCase().replace(/-/g, "_")}`] || env[DRACHTIO_NAMES[name] ?? ""];
    if (value !== undefined && value !== "") {
      raw[name] = LISTS.has(name) ? value.split(",").map((one) => one.trim()) : [value];
    }
  }
  return raw;
}

/** A JSON object with options by name. */
export function readConfigFile(path: string, readFile: (path: string) => string, mistakes: string[]): Raw {
  const raw: Record<string, string[]> = {};
  try {
    const parsed: unknown = JSON.parse(readFile(path));
    if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) throw new Error("not a JSON object");
    for (const [name, value] of Object.entries(parsed)) {
      if (!(name in OPTIONS) || name === "config") mistakes.push(`${path}: unknown option ${name}`);
      else raw[name] = (Array.isArray(value) ? value : [value]).map(String);
    }
  } catch (error) {
    mistakes.push(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return raw;
}

/** Reads single options and collects what is wrong with them. */
export class Reader {
  constructor(
    private readonly raw: Raw,
    private readonly mistakes: string[],
  ) {}

  all(name: string): readonly string[] {
    return this.raw[name] ?? [];
  }

  one(name: string): string {
    return this.all(name).at(-1) ?? "";
  }

  number(name: string, min: number, max: number): number {
    const value = Number(this.one(name));
    if (!Number.isInteger(value) || value < min || value > max) {
      this.mistakes.push(`${name}: need a number ${min}..${max}`);
    }
    return value;
  }

  choice<Choice extends string>(name: string, choices: readonly Choice[]): Choice {
    const value = choices.find((choice) => choice === this.one(name));
    if (value === undefined) this.mistakes.push(`${name}: need one of ${choices.join(", ")}`);
    return value ?? choices[0]!;
  }

  flag(name: string): boolean {
    return this.choice(name, ["false", "true"]) === "true";
  }
}

/** The text before and after the first separator. */
export function split(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
