// The processes of the product on one machine: ONE table that `npm start` and the end-to-end tests share. Pure.

/** Where each part listens unless told otherwise; `mediaRange` is [first, last] of the UDP ports for media. */
export const DEFAULT_PORTS = {
  http: 8080,
  ops: 8081,
  sip: 5060,
  sipWs: 5066,
  admin: 9022,
  engineHttp: 5067,
  media: 7400,
  demoSip: 5070,
  demoAdmin: 9023,
  demoEngineHttp: 5071,
  demoHttp: 7401,
  mediaRange: [40000, 40999],
};

/** What each port is for, in words for an error message, and the variable that changes it. */
export const PORT_USES = {
  http: { use: "the page, the API and SIP over WebSocket", variable: "LEGWORK_HTTP_PORT", transports: ["tcp"] },
  ops: { use: "health and metrics for operators", variable: "LEGWORK_OPS_PORT", transports: ["tcp"] },
  sip: { use: "SIP for phones and trunks", variable: "LEGWORK_SIP_PORT", transports: ["tcp", "udp"] },
  sipWs: { use: "the SIP engine's WebSocket", variable: "LEGWORK_SIP_WS_PORT", transports: ["tcp"] },
  admin: { use: "the SIP engine's control", variable: "LEGWORK_ADMIN_PORT", transports: ["tcp"] },
  engineHttp: { use: "the SIP engine's health", variable: "LEGWORK_ENGINE_HTTP_PORT", transports: ["tcp"] },
  media: { use: "the media server's control", variable: "LEGWORK_MEDIA_PORT", transports: ["tcp"] },
  demoSip: { use: "the demo customer's SIP", variable: "LEGWORK_DEMO_SIP_PORT", transports: ["udp"] },
  demoAdmin: { use: "the demo customer's SIP control", variable: "LEGWORK_DEMO_ADMIN_PORT", transports: ["tcp"] },
  demoEngineHttp: { use: "the demo customer's SIP health", variable: "LEGWORK_DEMO_ENGINE_PORT", transports: ["tcp"] },
  demoHttp: { use: "the demo customer's own API", variable: "LEGWORK_DEMO_HTTP_PORT", transports: ["tcp"] },
};

const MEDIA_RANGE = "LEGWORK_MEDIA_PORTS";

/** Ports as the environment sets them. All mistakes come back in one list. */
export function portsFrom(env) {
  const ports = { ...DEFAULT_PORTS };
  const mistakes = [];
  for (const [name, { variable }] of Object.entries(PORT_USES)) {
    if (!env[variable]) continue;
    const port = Number(env[variable]);
    if (Number.isInteger(port) && port > 0 && port < 65536) ports[name] = port;
    else mistakes.push(`${variable} is ${JSON.stringify(env[variable])}; it must be a port number`);
  }
  const range = env[MEDIA_RANGE];
  if (range) {
    const [, first, last] = /^(\d+)-(\d+)$/.exec(range) ?? [];
    if (first && Number(first) < Number(last) && Number(last) < 65536) ports.mediaRange = [Number(first), Number(last)];
    else mistakes.push(`${MEDIA_RANGE} is ${JSON.stringify(range)}; it must be a range such as 40000-40999`);
  }
  return { ports, mistakes };
}

/**
 * What is wrong with the address that the product is to listen on, in one list: it is told to phones and browsers, so it is
 * one address; and whoever reaches it knows the demo site's passwords.
 */
export function hostMistakes(env) {
  const host = env.LEGWORK_HOST;
  if (!host) return [];
  if (!isIPv4(host) || host === "0.0.0.0") {
    return [
      `LEGWORK_HOST is ${JSON.stringify(host)}; it must be one IPv4 address of this machine, which browsers, phones and trunks can reach`,
    ];
  }
  if (host.startsWith("127.") || env.LEGWORK_SITE_FILE || env.LEGWORK_DEMO_SITE === "yes") return [];
  return [
    `LEGWORK_HOST is ${host}, where others can reach the demo site, and its passwords are known to everybody. ` +
      "Name a site of your own with LEGWORK_SITE_FILE (docs/site-file.md), or set LEGWORK_DEMO_SITE=yes if all who reach that address may sign in",
  ];
}

const isIPv4 = (text) => /^(\d{1,3})(\.\d{1,3}){3}$/.test(text) && text.split(".").every((part) => Number(part) < 256);

/** Settings of a process that are passed on as they are, where they are set. */
const PASSED_ON = {
  "media-server": ["LEGWORK_MEDIA_ANNOUNCE", "LEGWORK_MEDIA_GRACE_MS", "LEGWORK_MEDIA_MUSIC", "LEGWORK_MEDIA_THREADS"],
  "sip-proxy": [
    "LEGWORK_DATABASE_URL",
    "LEGWORK_DEMO_SITE",
    "LEGWORK_INTEGRATION_TOKEN",
    "LEGWORK_SECURE_COOKIES",
    "LEGWORK_TRUST_PROXY",
  ],
};

/** What of an environment is passed on to some process. */
export const passedOn = (env) =>
  Object.fromEntries(
    Object.values(PASSED_ON)
      .flat()
      .filter((name) => env[name])
      .map((name) => [name, env[name]]),
  );

/** Secrets that the processes share for one run; `random()` makes one. */
export const newSecrets = (random) => ({ engine: random(), media: random(), demoEngine: random(), demo: random() });

/** V8 collects garbage twice over whenever the engine pauses, and drops compiled code: a quarter of its CPU at 50 calls/s. */
const NODE_FLAGS = { "sip-engine": ["--no-memory-reducer"] };

/** What the processes say to each other is nobody else's business. */
const inside = (port) => `127.0.0.1:${port}`;

/** The ports that others reach, at the host's address. */
export const OPEN_PORTS = ["http", "sip", "demoSip"];

/**
 * The table: what runs, with what environment, and how one sees that it is well. `setting` is
 * { root, node, host, media: addresses for media, ports, secrets, dataDir, speechDir, siteFile?, passedOn?, demo, demoLanguage, logLevel }.
 */
export function processes(setting) {
  const { host, ports, secrets } = setting;
  const at = (port) => `${host}:${port}`;
  const common = { NODE_ENV: "production", LEGWORK_LOG_LEVEL: setting.logLevel };
  const passed = (workspace) =>
    Object.fromEntries(Object.entries(setting.passedOn ?? {}).filter(([name]) => PASSED_ON[workspace].includes(name)));
  const main = (workspace, ...args) => ({
    command: setting.node,
    args: [...(NODE_FLAGS[workspace] ?? []), `${setting.root}/${workspace}/dist/main.js`, ...args],
    cwd: setting.root,
  });
  const table = [
    {
      name: "sip-engine",
      ...main(
        "sip-engine",
        ...["--sip", `udp:${at(ports.sip)}`, "--sip", `tcp:${at(ports.sip)}`, "--sip", `ws:${inside(ports.sipWs)}`],
        ...["--admin", inside(ports.admin), "--http", inside(ports.engineHttp), "--orphaned-calls", "end"],
      ),
      env: {
        ...common,
        LEGWORK_ENGINE_SECRET: secrets.engine,
        ...(setting.imitate ? { LEGWORK_ENGINE_IMITATE: setting.imitate } : {}),
      },
      health: { http: `http://${inside(ports.engineHttp)}/health` },
    },
    {
      name: "media-server",
      ...main("media-server"),
      env: {
        ...common,
        LEGWORK_MEDIA_CONTROL: inside(ports.media),
        LEGWORK_MEDIA_TOKEN: secrets.media,
        LEGWORK_MEDIA_BIND: setting.media.join(","),
        LEGWORK_MEDIA_RTP_IP: host,
        LEGWORK_MEDIA_PORTS: ports.mediaRange.join("-"),
        ...passed("media-server"),
      },
      health: { http: `http://${inside(ports.media)}/health` },
    },
    {
      name: "sip-proxy",
      ...main("sip-proxy"),
      env: {
        ...common,
        LEGWORK_HTTP_LISTEN: at(ports.http),
        LEGWORK_OPS_LISTEN: inside(ports.ops),
        LEGWORK_ENGINE: inside(ports.admin),
        LEGWORK_ENGINE_SECRET: secrets.engine,
        LEGWORK_SIP_WS: `ws://${inside(ports.sipWs)}`,
        LEGWORK_MEDIA_URL: `ws://${inside(ports.media)}/control`,
        LEGWORK_MEDIA_TOKEN: secrets.media,
        LEGWORK_DATA_DIR: setting.dataDir,
        LEGWORK_PAGE_DIR: `${setting.root}/softphone/dist/page`,
        LEGWORK_DEMO_URL: setting.demo ? `http://${inside(ports.demoHttp)}` : "",
        LEGWORK_DEMO_TOKEN: setting.demo ? secrets.demo : "",
        LEGWORK_DEMO_TRUNK: setting.demo ? at(ports.demoSip) : "",
        ...(setting.siteFile ? { LEGWORK_SITE_FILE: setting.siteFile } : {}),
        ...passed("sip-proxy"),
      },
      health: { http: `http://${at(ports.http)}/health` },
    },
  ];
  return setting.demo ? [...table, ...demoProcesses(setting, main, common)] : table;
}

// The demo customer is a SIP user agent of its own, on a SIP engine of its own: to the product it is one more trunk.
function demoProcesses({ host, ports, secrets, speechDir, demoLanguage }, main, common) {
  const at = (port) => `${host}:${port}`;
  return [
    {
      name: "demo-sip-engine",
      ...main(
        "sip-engine",
        ...[
          "--sip",
          `udp:${at(ports.demoSip)}`,
          "--admin",
          inside(ports.demoAdmin),
          "--http",
          inside(ports.demoEngineHttp),
        ],
      ),
      env: { ...common, LEGWORK_ENGINE_SECRET: secrets.demoEngine },
      health: { http: `http://${inside(ports.demoEngineHttp)}/health` },
    },
    {
      name: "demo-customer",
      ...main("demo-customer"),
      env: {
        ...common,
        LEGWORK_DEMO_LISTEN: inside(ports.demoHttp),
        LEGWORK_DEMO_ADDRESS: host,
        LEGWORK_DEMO_TOKEN: secrets.demo,
        LEGWORK_ENGINE: inside(ports.demoAdmin),
        LEGWORK_ENGINE_SECRET: secrets.demoEngine,
        LEGWORK_TARGET: `sip:${at(ports.sip)}`,
        LEGWORK_SPEECH_DIR: speechDir,
        LEGWORK_DEMO_LANGUAGE: demoLanguage,
      },
      health: { http: `http://${inside(ports.demoHttp)}/health` },
    },
  ];
}
