import { DEFAULTS, Reader, readArguments, readConfigFile, readEnvironment, split } from "./config-options.js";
import { BEHAVIOURS } from "./core/behaviours.js";
import type { EngineOptions } from "./core/context.js";
import type { Address, Transport } from "./core/ports.js";
import { parseRule } from "./protocol/routing.js";
import type { RouteRule, RouteTable } from "./protocol/routing.js";
import { bareHost, parseUri } from "./sip/uri.js";
import { isNetwork } from "./transport/guard.js";
import type { ListenSpec, TlsFiles, TransportOptions } from "./transport/listener.js";

/** Everything the process is told from outside. */
export interface Config {
  readonly sip: readonly ListenSpec[];
  readonly admin: Address;
  /** Where it is served over TLS as well; null for nowhere. */
  readonly adminTls: Address | null;
  readonly secret: string;
  /** Health, debug and metrics endpoint; null for none. */
  readonly http: Address | null;
  /** For tls, wss and apps that connect by TLS; null when there are none. */
  readonly tls: TlsFiles | null;
  /** Methods whose new requests are not simply offered to connected apps. */
  readonly routes: RouteTable;
  readonly engine: EngineOptions;
  readonly transport: Omit<TransportOptions, "tls">;
  readonly logLevel: string;
  /** How long calls may go on after SIGTERM, milliseconds. */
  readonly drainMs: number;
}

export type ConfigResult =
  { readonly ok: true; readonly config: Config } | { readonly ok: false; readonly mistakes: readonly string[] };

/**
 * Reads the configuration: command line over environment over file over defaults. Pure but for `readFile`.
 * All mistakes are reported together.
 */
export function loadConfig(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string,
): ConfigResult {
  const mistakes: string[] = [];
  const fromArgs = readArguments(argv, mistakes);
  const fromEnv = readEnvironment(env);
  const path = fromArgs["config"]?.[0] ?? fromEnv["config"]?.[0];
  const fromFile = path === undefined ? {} : readConfigFile(path, readFile, mistakes);
  const read = new Reader({ ...DEFAULTS, ...fromFile, ...fromEnv, ...fromArgs }, mistakes);
  const sip = read.all("sip").map((text) => listenSpec(text, mistakes));
  if (sip.length === 0) mistakes.push("sip: need at least one listener");
  const secret = read.one("secret");
  if (secret === "" || /[|\r\n]/.test(secret)) mistakes.push("secret: must not be empty or hold | or a line end");
  const adminTls = read.all("admin-tls").length === 0 ? null : address("admin-tls", read.one("admin-tls"), mistakes);
  const secure = adminTls !== null || sip.some(({ transport }) => transport === "tls" || transport === "wss");
  const config: Config = {
    sip,
    admin: address("admin", read.one("admin"), mistakes),
    adminTls,
    secret,
    http: read.all("http").length === 0 ? null : address("http", read.one("http"), mistakes),
    tls: secure ? readTls(read, readFile, mistakes) : null,
    routes: routeTable(read.all("route"), mistakes),
    engine: engineOptions(read, mistakes),
    transport: transportOptions(read, mistakes),
    logLevel: read.choice("log-level", LEVELS),
    drainMs: read.number("drain-ms", 0, 86_400_000),
  };
  return mistakes.length === 0 ? { ok: true, config } : { ok: false, mistakes };
}

function engineOptions(read: Reader, mistakes: string[]): EngineOptions {
  const t1 = read.number("t1", 1, 60_000);
  const d = read.all("timer-d").length === 0 ? 64 * t1 : read.number("timer-d", 1, 600_000);
  const behaviour = BEHAVIOURS[read.choice("imitate", ["none", "drachtio-server"])];
  const outboundProxy = read.all("outbound-proxy").at(-1) ?? null;
  if (outboundProxy !== null && (parseUri(outboundProxy)?.scheme ?? "tel") === "tel") {
    mistakes.push(`outbound-proxy: need a sip or sips URI, got "${outboundProxy}"`);
  }
  const firstRepeat = behaviour.firstRepeat * t1;
  return {
    behaviour,
    timers: { t1, t2: read.number("t2", 1, 600_000), t4: read.number("t4", 1, 600_000), d, firstRepeat },
    preservedHeaders: new Set(read.all("preserve-headers").map((name) => name.toLowerCase())),
    outboundProxy,
    natDetection: read.flag("nat-detection"),
    orphanedCalls: read.choice("orphaned-calls", ["keep", "end"]),
    cdr: read.flag("cdr"),
    defaultRefresher: read.choice("default-refresher", ["none", "uac", "uas"]),
    minSe: read.number("min-se", 1, 86_400),
  };
}

function transportOptions(read: Reader, mistakes: string[]): Config["transport"] {
  const trusted = read.all("trusted").filter((text) => text !== "none");
  for (const text of trusted) if (!isNetwork(text)) mistakes.push(`trusted: need an address or network, got "${text}"`);
  const dnsServers = read.all("dns-servers");
  for (const text of dnsServers) {
    if (!SERVER.test(text)) mistakes.push(`dns-servers: need address or address:port, got "${text}"`);
  }
  return {
    limits: {
      messages: read.number("max-messages", 0, 1_000_000),
      connections: read.number("max-connections", 1, 1_000_000),
      sourceConnections: read.number("max-source-connections", 1, 1_000_000),
      pendingBytes: read.number("max-pending-bytes", 65_536, 2 ** 40),
      stallMs: read.number("stall-ms", 100, 3_600_000),
    },
    trusted,
    localNames: read.all("local-names").map((name) => name.toLowerCase()),
    dnsServers,
    udpMaxBytes: read.number("udp-max-bytes", 0, 65_535),
    icmp: read.flag("icmp"),
  };
}

const SERVER = /^(\d+(\.\d+){3}(:\d+)?|[0-9a-fA-F:]+|\[[0-9a-fA-F:]+\](:\d+)?)$/;

/** What pino knows, most urgent first. */
export const LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"];

function routeTable(texts: readonly string[], mistakes: string[]): RouteTable {
  const table = new Map<string, RouteRule>();
  for (const text of texts) {
    const parsed = parseRule(text);
    if (parsed === null) mistakes.push(`route: need METHOD=URL, got "${text}"`);
    else table.set(parsed.method, parsed.rule);
  }
  return table;
}

function readTls(read: Reader, readFile: (path: string) => string, mistakes: string[]): TlsFiles {
  const pem = (name: string): string => {
    try {
      if (read.one(name) === "") throw new Error("needed for tls, wss and admin-tls");
      return readFile(read.one(name));
    } catch (error) {
      mistakes.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      return "";
    }
  };
  return { cert: pem("tls-cert"), key: pem("tls-key"), verify: read.flag("tls-verify") };
}

function address(name: string, text: string, mistakes: string[]): Address {
  const match = /^(.+):(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  if (match === null || port > 65_535) mistakes.push(`${name}: need host:port, got "${text}"`);
  return { host: bareHost(match?.[1] ?? ""), port };
}

function listenSpec(text: string, mistakes: string[]): ListenSpec {
  const [place = "", option] = text.split(";");
  const [transport = "", rest] = split(place, ":");
  if (!["udp", "tcp", "tls", "ws", "wss"].includes(transport)) mistakes.push(`sip: unknown transport in "${text}"`);
  if (option !== undefined && !/^external=.+$/.test(option)) mistakes.push(`sip: unknown option in "${text}"`);
  const { host, port } = address("sip", rest ?? "", mistakes);
  return { transport: transport as Transport, host, port, external: option?.slice("external=".length) ?? null };
}

/** The configuration as it may be logged. */
export function redacted(config: Config): Record<string, unknown> {
  return {
    ...config,
    engine: {
      ...config.engine,
      behaviour: config.engine.behaviour.name,
      preservedHeaders: [...config.engine.preservedHeaders],
    },
    routes: Object.fromEntries(config.routes),
    secret: "***",
    tls: config.tls === null ? null : "***",
  };
}
