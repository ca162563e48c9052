// npm run bench:registrations -- [--phones 2000] [--period 60] [--seconds 300]: what registered telephones cost the engine and sip-proxy.
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { runPhones } from "./phones.mjs";

const { values } = parseArgs({
  options: {
    phones: { type: "string", default: "2000" },
    period: { type: "string", default: "60" },
    seconds: { type: "string", default: "300" },
  },
});
const [count, period, seconds] = [values.phones, values.period, values.seconds].map(Number);
const DOMAIN = "bench.test";
const PASSWORD = "telephone";
const TICKS_PER_S = 100; // USER_HZ of Linux

const site = {
  domain: DOMAIN,
  country: "NO",
  policy: { "wrap-up.default": "resolved" },
  agents: [{ id: "agent-0", name: "Agent 000000", password: "none-at-all" }],
  queues: [{ id: "all", name: "All", agents: ["agent-0"] }],
  entryPoints: [{ id: "line", name: "Line", number: "+4780010001", queue: "all" }],
  wrapUpReasons: [{ id: "resolved", label: "Resolved", labelNb: "Løst" }],
  idleReasons: [{ id: "not-ready", label: "Not ready", labelNb: "Ikke klar" }],
  trunks: [],
};

const root = fileURLToPath(new URL("../..", import.meta.url));
const dir = fs.mkdtempSync(path.join(os.tmpdir(), "legwork-registrations-"));
fs.writeFileSync(path.join(dir, "site.json"), JSON.stringify(site));
const ports = await freePorts(5);
const [sip, admin, engineHttp, http, ops] = ports;
const children = [];

try {
  const seed = run("sip-proxy/bench/seed.mjs", [dir, JSON.stringify(site), String(count), PASSWORD]);
  if ((await once(seed, "exit"))[0] !== 0) throw new Error("the database could not be filled");
  const common = { LEGWORK_ENGINE_SECRET: "bench-secret", LEGWORK_LOG_LEVEL: "error" };
  const engineArgs = [
    "--sip",
    `udp:127.0.0.1:${sip}`,
    "--admin",
    `127.0.0.1:${admin}`,
    "--http",
    `127.0.0.1:${engineHttp}`,
  ];
  const engine = run("sip-engine/dist/main.js", engineArgs, common, ["--no-memory-reducer"]);
  const proxy = run("sip-proxy/dist/main.js", [], {
    ...common,
    LEGWORK_HTTP_LISTEN: `127.0.0.1:${http}`,
    LEGWORK_OPS_LISTEN: `127.0.0.1:${ops}`,
    LEGWORK_ENGINE: `127.0.0.1:${admin}`,
    LEGWORK_MEDIA_URL: "ws://127.0.0.1:9/control", // nobody is there, and nobody is needed
    LEGWORK_MEDIA_TOKEN: "none",
    LEGWORK_SITE_FILE: path.join(dir, "site.json"),
    LEGWORK_DATA_DIR: dir,
  });
  await answers(sip);
  const processes = { "sip-engine": engine.pid, "sip-proxy": proxy.pid };
  const before = Object.fromEntries(Object.entries(processes).map(([name, pid]) => [name, usage(pid)]));
  const load = os.loadavg()[0];
  const began = performance.now();
  const result = await runPhones({ count, seconds, period, port: sip, domain: DOMAIN, password: PASSWORD });
  const elapsed = (performance.now() - began) / 1000;
  const registered = await registeredNow();
  result.times.sort((a, b) => a - b);
  const at = (share) => result.times[Math.floor(share * (result.times.length - 1))]?.toFixed(1);
  console.log(
    `\n${count} telephones, each every ${period} s, for ${elapsed.toFixed(0)} s (load ${load?.toFixed(1)} before)`,
  );
  console.table([
    {
      registrations: result.registered,
      failed: result.failed,
      "REGISTERs sent again": result.retransmitted,
      "registered at the end": registered,
      "ms, median": at(0.5),
      "ms, 99 %": at(0.99),
    },
  ]);
  console.table(
    Object.entries(processes).map(([name, pid]) => {
      const [now, then] = [usage(pid), before[name]];
      const cpuMs = now.cpuMs - then.cpuMs;
      return {
        process: name,
        "CPU, % of a core": (cpuMs / elapsed / 10).toFixed(1),
        "CPU ms per registration": (cpuMs / result.registered).toFixed(2),
        "MB before": then.mb.toFixed(0),
        "MB after": now.mb.toFixed(0),
        "MB at most": now.peakMb.toFixed(0),
      };
    }),
  );
  if (result.failed > 0) console.log("failed:", result.statuses);
  process.exitCode = result.failed > 0 || registered !== count ? 1 : 0;
} finally {
  for (const child of children) child.kill("SIGKILL");
  fs.rmSync(dir, { recursive: true, force: true });
}

function run(file, args, env = {}, flags = []) {
  const child = spawn(process.execPath, [...flags, path.join(root, file), ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "inherit", "inherit"],
  });
  children.push(child);
  return child;
}

/** CPU time since the start and resident memory, from /proc. */
function usage(pid) {
  const fields = fs.readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  const status = fs.readFileSync(`/proc/${pid}/status`, "utf8");
  const mb = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
  return {
    cpuMs: ((Number(fields[11]) + Number(fields[12])) / TICKS_PER_S) * 1000,
    mb: mb("VmRSS"),
    peakMb: mb("VmHWM"),
  };
}

async function registeredNow() {
  const text = await (await fetch(`http://127.0.0.1:${ops}/metrics`)).text();
  return Number(/^legwork_registrations\{transport="rtp"\} (\d+)/m.exec(text)?.[1] ?? 0);
}

/** Waits until a telephone is challenged: engine and sip-proxy are both there. */
async function answers(port) {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const one = { count: 1, seconds: 1, period: 1, expires: 0 };
    const { statuses } = await runPhones({ ...one, port, domain: DOMAIN, password: PASSWORD });
    if (statuses["200"]) return;
    if (Date.now() > deadline) throw new Error("the engine and sip-proxy do not answer");
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function freePorts(n) {
  const servers = await Promise.all(
    Array.from({ length: n }, async () => {
      const server = net.createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      return server;
    }),
  );
  const found = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return found;
}
