// Starts the whole product on this machine and watches over it.
import { randomBytes } from "node:crypto";
import dgram from "node:dgram";
import { EventEmitter, once } from "node:events";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { SetupError } from "./progress.mjs";
import { DATA, makeDataFolder, ROOT } from "./project.mjs";
import { SPEECH_DIR } from "./speech.mjs";
import { Supervised } from "./supervised.mjs";
import { DEFAULT_PORTS, newSecrets, OPEN_PORTS, PORT_USES, processes } from "./topology.mjs";

const READY_TIMEOUT_MS = 60_000; // the first start makes the database on a busy machine
const DRAIN_GRACE_MS = 8_000;

/** This machine's first address that other machines could reach, if it has one. */
export function firstOutsideAddress() {
  const all = Object.values(os.networkInterfaces()).flat();
  return all.find((one) => one.family === "IPv4" && !one.internal)?.address;
}

/**
 * Starts every process and waits until each is well. Options, all optional: dataDir, host, media (addresses that browsers
 * reach it at), ports (any of DEFAULT_PORTS), siteFile, passedOn (settings of single processes), logDir, demo (the demo customer too), demoLanguage, restarts, logLevel, onEvent.
 * Returns { urls, processes: name -> Supervised, stop() }; a failed start leaves nothing running.
 */
export async function startProduct(options = {}) {
  const setting = settingOf(options);
  makeDataFolder(setting.dataDir);
  await refuseTakenPorts(setting);
  const events = new EventEmitter();
  if (options.onEvent) events.on("event", options.onEvent);
  const running = new Map();
  const endAtOnce = () => running.forEach((child) => child.kill("SIGKILL"));
  process.on("exit", endAtOnce);
  const stop = async () => {
    await stopAll([...running.values()]);
    process.off("exit", endAtOnce);
  };
  try {
    // Each waits for its neighbours by itself, so they start together; the order of the table is that of stopping.
    for (const spec of processes(setting)) {
      const child = new Supervised(
        { ...spec, env: { ...inherited(), ...spec.env } },
        { logDir: setting.logDir, restarts: setting.restarts },
      );
      for (const type of ["started", "crashed", "error-line"]) {
        child.on(type, (detail) => events.emit("event", { type, name: spec.name, detail }));
      }
      running.set(spec.name, child);
      child.start();
    }
    await Promise.all([...running.values()].map((child) => child.ready(READY_TIMEOUT_MS)));
  } catch (error) {
    await stop();
    throw new SetupError(error.message);
  }
  return { setting, urls: urlsOf(setting), processes: running, stop };
}

function settingOf(options) {
  const host = options.host ?? "127.0.0.1";
  const outside = firstOutsideAddress();
  const dataDir = options.dataDir ?? DATA;
  return {
    root: ROOT,
    node: process.execPath,
    host,
    media: options.media ?? [host, ...(outside && outside !== host ? [outside] : [])],
    ports: { ...DEFAULT_PORTS, ...options.ports },
    secrets: newSecrets(() => randomBytes(24).toString("base64url")),
    dataDir,
    speechDir: SPEECH_DIR,
    logDir: options.logDir ?? path.join(dataDir, "logs"),
    siteFile: options.siteFile,
    passedOn: options.passedOn,
    demo: options.demo ?? true,
    demoLanguage: options.demoLanguage ?? "en",
    restarts: options.restarts ?? true,
    logLevel: options.logLevel ?? "info",
    imitate: options.imitate ?? process.env.LEGWORK_ENGINE_IMITATE,
  };
}

const urlsOf = ({ host, ports }) => ({
  page: `http://${host}:${ports.http}/`,
  sip: `sip:${host}:${ports.sip}`,
  ops: `http://127.0.0.1:${ports.ops}/`,
});

/** What of our own environment the processes need: not its LEGWORK_* settings, which the table states in full. */
function inherited() {
  const entries = Object.entries(process.env);
  return Object.fromEntries(entries.filter(([name]) => !name.startsWith("LEGWORK_") && name !== "NODE_OPTIONS"));
}

// Last in the table, first to stop: the call control drains while the engine and the media still carry its calls.
async function stopAll(children) {
  for (const child of children.reverse()) await child.stop(DRAIN_GRACE_MS);
}

async function refuseTakenPorts({ host, ports, demo }) {
  const complaints = [];
  for (const [name, { use, variable, transports }] of Object.entries(PORT_USES)) {
    if (!demo && name.startsWith("demo")) continue;
    for (const transport of transports) {
      const address = OPEN_PORTS.includes(name) ? host : "127.0.0.1";
      if (await isFree(transport, address, ports[name])) continue;
      complaints.push(`${transport.toUpperCase()} ${address}:${ports[name]}, for ${use}, is taken (${variable}).`);
    }
  }
  if (complaints.length === 0) return;
  throw new SetupError(
    `${complaints.join("\n")}\nStop the program that has ${complaints.length > 1 ? "them" : "it"} (is Legwork running already?), ` +
      "or choose another port with the variable in brackets, for example: LEGWORK_HTTP_PORT=8090 npm start",
  );
}

async function isFree(transport, host, port) {
  const socket = transport === "udp" ? dgram.createSocket("udp4") : net.createServer();
  const listening = once(socket, "listening");
  if (transport === "udp") socket.bind({ address: host, port, exclusive: true });
  else socket.listen({ host, port, exclusive: true });
  try {
    await listening;
    return true;
  } catch (error) {
    if (error.code === "EADDRINUSE") return false;
    throw new SetupError(`Cannot listen on ${transport} ${host}:${port}: ${error.message}`);
  } finally {
    await new Promise((resolve) => {
      if (transport === "udp" || socket.listening) socket.close(resolve);
      else resolve();
    });
  }
}
