/** What the process is told by its environment. */
export interface Config {
  readonly control: { readonly host: string; readonly port: number };
  readonly token: string;
  /** Addresses that WebRTC media comes in on, each with the one that peers are told. */
  readonly listen: readonly { readonly ip: string; readonly announced: string }[];
  readonly rtp: { readonly ip: string; readonly announced: string };
  readonly ports: { readonly min: number; readonly max: number };
  readonly threads: number;
  readonly musicFolder: string | null;
  /** How long legs outlive a lost control connection, in ms. */
  readonly graceMs: number;
  readonly logLevel: string;
}

type Env = Readonly<Record<string, string | undefined>>;

const IPV4 = /^(\d{1,3}\.){3}\d{1,3}$/;
const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];

/** Reads the environment; all mistakes are in one error. */
export function loadConfig(env: Env): Config {
  const mistakes: string[] = [];
  const bind = addresses(env, "LEGWORK_MEDIA_BIND", ["127.0.0.1"], mistakes);
  const announce = addresses(env, "LEGWORK_MEDIA_ANNOUNCE", bind, mistakes);
  const rtpIp = addresses(env, "LEGWORK_MEDIA_RTP_IP", [bind[0]!], mistakes)[0]!;
  const listen = paired(bind, announce, mistakes);
  const config: Config = {
    control: hostAndPort(env["LEGWORK_MEDIA_CONTROL"] ?? "127.0.0.1:7400", mistakes),
    token: env["LEGWORK_MEDIA_TOKEN"] ?? "",
    listen,
    rtp: { ip: rtpIp, announced: listen.find((l) => l.ip === rtpIp)?.announced ?? rtpIp },
    ports: portRange(env["LEGWORK_MEDIA_PORTS"] ?? "40000-40999", mistakes),
    threads: wholeNumber(env, "LEGWORK_MEDIA_THREADS", 1, 1, 64, mistakes),
    musicFolder: env["LEGWORK_MEDIA_MUSIC"] || null,
    graceMs: wholeNumber(env, "LEGWORK_MEDIA_GRACE_MS", 60_000, 0, 3_600_000, mistakes),
    logLevel: env["LEGWORK_LOG_LEVEL"] ?? "info",
  };
  if (config.token === "") mistakes.push("LEGWORK_MEDIA_TOKEN is missing: the secret that sip-proxy shows");
  if (!LOG_LEVELS.includes(config.logLevel)) mistakes.push(`LEGWORK_LOG_LEVEL: one of ${LOG_LEVELS.join(", ")}`);
  if (mistakes.length > 0) throw new Error(`bad configuration:\n- ${mistakes.join("\n- ")}`);
  return config;
}

/** The configuration as it may be logged. */
export const redacted = (config: Config): Config => ({ ...config, token: "***" });

function addresses(env: Env, name: string, fallback: readonly string[], mistakes: string[]): readonly string[] {
  const list = (env[name] ?? "")
    .split(",")
    .map((a) => a.trim())
    .filter((a) => a !== "");
  const bad = list.filter((a) => !IPV4.test(a));
  if (bad.length > 0) mistakes.push(`${name}: not IPv4 addresses: ${bad.join(", ")}`);
  return list.length > 0 ? list : fallback;
}

/** One announced address for each bound one, several for a single one (0.0.0.0), or one for all, as behind a NAT. */
function paired(bind: readonly string[], announce: readonly string[], mistakes: string[]): Config["listen"] {
  if (bind.length === announce.length) return bind.map((ip, i) => ({ ip, announced: announce[i]! }));
  if (bind.length === 1) return announce.map((announced) => ({ ip: bind[0]!, announced }));
  if (announce.length === 1) return bind.map((ip) => ({ ip, announced: announce[0]! }));
  mistakes.push(
    "LEGWORK_MEDIA_ANNOUNCE: one address for all, as many as LEGWORK_MEDIA_BIND has, or any number for a single one there",
  );
  return [];
}

function hostAndPort(value: string, mistakes: string[]): Config["control"] {
  const match = /^(.+):(\d+)$/.exec(value);
  const port = Number(match?.[2]);
  if (match && port <= 65535) return { host: match[1]!, port };
  mistakes.push(`LEGWORK_MEDIA_CONTROL: address:port, not ${value}`);
  return { host: "", port: 0 };
}

function portRange(value: string, mistakes: string[]): Config["ports"] {
  const match = /^(\d+)-(\d+)$/.exec(value);
  const [min, max] = [Number(match?.[1]), Number(match?.[2])];
  if (match && min >= 1 && max <= 65535 && max - min >= 3) return { min, max };
  mistakes.push(`LEGWORK_MEDIA_PORTS: first-last, at least four ports, not ${value}`);
  return { min: 0, max: 0 };
}

function wholeNumber(env: Env, name: string, fallback: number, min: number, max: number, mistakes: string[]): number {
  const value = env[name] === undefined || env[name] === "" ? fallback : Number(env[name]);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  mistakes.push(`${name}: a whole number from ${min} to ${max}`);
  return fallback;
}
