import { isIP } from "node:net";
import type { StoreLocation } from "./adapters/store/open-store.js";

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface Config {
  readonly http: Address;
  /** Health, dump and metrics for operators; null: not offered. Not published: what it tells is for operators only. */
  readonly ops: Address | null;
  readonly engine: Address & { readonly secret: string };
  /** The engine's SIP WebSocket, which the page reaches as `/sip` under its own origin. */
  readonly sipWs: string;
  readonly media: { readonly url: string; readonly token: string };
  readonly store: StoreLocation;
  readonly pageDir: string | null;
  readonly siteFile: string | null;
  readonly demo: { readonly url: string; readonly token: string; readonly trunk: Address } | null;
  /** The page is served over TLS: cookies are Secure. */
  readonly secureCookies: boolean;
  /** What another system authenticates with when it tells us something (DF-4); null: none may. */
  readonly integrationToken: string | null;
  /** Reverse proxies whose X-Forwarded-For is believed: addresses, networks, or Express's names of some; empty: nobody's is. */
  readonly trustProxy: readonly string[];
  readonly logLevel: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/** Reads the environment once. All mistakes come in one error. */
export function loadConfig(env: Env): Config {
  const mistakes: string[] = [];
  const address = (name: string, fallback: string): Address => {
    const match = /^(.+):(\d{1,5})$/.exec(env[name] || fallback);
    if (match?.[1] && Number(match[2]) < 65536) return { host: match[1], port: Number(match[2]) };
    mistakes.push(`${name} must be host:port, not ${JSON.stringify(env[name])}`);
    return { host: "", port: 0 };
  };
  const required = (name: string): string => {
    const value = env[name];
    if (!value) mistakes.push(`${name} is missing`);
    return value ?? "";
  };
  const integrationToken = (): string | null => {
    const token = env["LEGWORK_INTEGRATION_TOKEN"] || null;
    if (token !== null && !/^[A-Za-z0-9._~+/-]{32,}=*$/.test(token))
      mistakes.push("LEGWORK_INTEGRATION_TOKEN must have at least 32 letters, digits or any of ._~+/-");
    return token;
  };
  const trustProxy = (): string[] => {
    const proxies = (env["LEGWORK_TRUST_PROXY"] ?? "").split(",").map((proxy) => proxy.trim());
    const named = proxies.filter((proxy) => proxy !== "");
    for (const proxy of named.filter((one) => !isNetwork(one)))
      mistakes.push(
        `LEGWORK_TRUST_PROXY: ${JSON.stringify(proxy)} is no address, no network and none of ${NETWORKS.join(", ")}`,
      );
    return named;
  };
  const http = address("LEGWORK_HTTP_LISTEN", "127.0.0.1:8080");
  if (!env["LEGWORK_SITE_FILE"] && !isLoopback(http.host) && env["LEGWORK_DEMO_SITE"] !== "yes")
    mistakes.push(
      "LEGWORK_SITE_FILE is missing: the demo site, whose passwords are published, would be open to other machines at " +
        `${http.host}. Name the site file (docs/site-file.md), or set LEGWORK_DEMO_SITE=yes if that is wanted`,
    );
  const config: Config = {
    http,
    ops: env["LEGWORK_OPS_LISTEN"] ? address("LEGWORK_OPS_LISTEN", "") : null,
    engine: { ...address("LEGWORK_ENGINE", "127.0.0.1:9022"), secret: required("LEGWORK_ENGINE_SECRET") },
    sipWs: env["LEGWORK_SIP_WS"] ?? "ws://127.0.0.1:5066",
    media: {
      url: env["LEGWORK_MEDIA_URL"] ?? "ws://127.0.0.1:7400/control",
      token: required("LEGWORK_MEDIA_TOKEN"),
    },
    store: storeLocation(env),
    pageDir: env["LEGWORK_PAGE_DIR"] || null,
    siteFile: env["LEGWORK_SITE_FILE"] || null,
    demo: env["LEGWORK_DEMO_URL"]
      ? {
          url: env["LEGWORK_DEMO_URL"],
          token: required("LEGWORK_DEMO_TOKEN"),
          trunk: address("LEGWORK_DEMO_TRUNK", ""),
        }
      : null,
    secureCookies: env["LEGWORK_SECURE_COOKIES"] === "1",
    integrationToken: integrationToken(),
    trustProxy: trustProxy(),
    logLevel: env["LEGWORK_LOG_LEVEL"] || "info",
  };
  if (mistakes.length > 0) throw new Error(`The environment of sip-proxy is not right:\n- ${mistakes.join("\n- ")}`);
  return config;
}

/** Reached from this machine only. Empty: it was no address, which is a mistake of its own. */
const isLoopback = (host: string): boolean => /^(127(\.\d{1,3}){3}|\[?::1\]?|localhost|)$/.test(host);

/** Names that Express knows: 127.0.0.0/8 and ::1; link-local; private. */
const NETWORKS = ["loopback", "linklocal", "uniquelocal"];

function isNetwork(text: string): boolean {
  const [address = "", prefix, ...rest] = text.split("/");
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address) as 0 | 4 | 6];
  if (NETWORKS.includes(text) || (bits >= 0 && prefix === undefined)) return true;
  return rest.length === 0 && /^\d{1,3}$/.test(prefix ?? "") && Number(prefix) > 0 && Number(prefix) <= bits;
}

function storeLocation(env: Env): StoreLocation {
  if (env["LEGWORK_DATABASE_URL"]) return { kind: "server", url: env["LEGWORK_DATABASE_URL"] };
  return env["LEGWORK_DATA_DIR"] ? { kind: "folder", path: `${env["LEGWORK_DATA_DIR"]}/database` } : { kind: "memory" };
}
