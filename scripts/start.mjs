#!/usr/bin/env node
// `npm start`: sets up what is missing, starts every process, says where the page is, and watches over them until
// Ctrl-C. Ports and addresses: LEGWORK_HTTP_PORT, LEGWORK_SIP_PORT, LEGWORK_MEDIA_BIND, music: LEGWORK_MEDIA_MUSIC, and more (scripts/lib/topology.mjs).
import path from "node:path";
import { lockData, noteChildren, unlockData } from "./lib/data-lock.mjs";
import { startProduct } from "./lib/product.mjs";
import { duration, fail, say, SetupError, step } from "./lib/progress.mjs";
import { DATA, inRoot } from "./lib/project.mjs";
import { passedOn, portsFrom } from "./lib/topology.mjs";
import { setUp } from "./setup.mjs";

const ONE_KEYPRESS_MS = 1000; // npm passes a Ctrl-C on that the terminal has sent already

async function main() {
  const started = Date.now();
  const { ports, mistakes } = portsFrom(process.env);
  if (mistakes.length > 0) throw new SetupError(mistakes.join("\n"));
  const dataDir = path.resolve(process.env.LEGWORK_DATA_DIR || DATA);
  await lockData(dataDir);
  const stopping = new AbortController();
  const ask = onStopSignals(stopping);
  try {
    await setUp();
    const product = await start({ dataDir, ports });
    noteChildren(dataDir, pids(product));
    say(
      `\nLegwork is running (${duration(Date.now() - started)}).\n\n  Page  ${product.urls.page}\n  SIP   ${product.urls.sip}`,
    );
    say(`${await demoText()}\n  Logs  ${product.setting.logDir}\n\nCtrl-C stops it.`);
    ask.ready();
    await aborted(stopping.signal);
    say("\nStopping: calls in progress may end first. Ctrl-C again stops at once.");
    await product.stop();
    say("Stopped.");
  } finally {
    unlockData(dataDir);
  }
}

async function start({ dataDir, ports }) {
  let product;
  await step("start", async () => {
    product = await startProduct({
      dataDir,
      ports,
      host: process.env.LEGWORK_HOST || undefined,
      media: process.env.LEGWORK_MEDIA_BIND?.split(",").filter(Boolean),
      siteFile: process.env.LEGWORK_SITE_FILE || undefined,
      passedOn: passedOn(process.env),
      demo: process.env.LEGWORK_DEMO !== "0",
      demoLanguage: process.env.LEGWORK_DEMO_LANGUAGE || undefined,
      logLevel: process.env.LEGWORK_LOG_LEVEL || undefined,
      onEvent: (event) => {
        tell(event);
        if (event.type === "started" && product) noteChildren(dataDir, pids(product));
      },
    });
    return [...product.processes.keys()].join(", ");
  });
  return product;
}

const pids = (product) => [...product.processes.values()].map((child) => child.pid).filter(Boolean);

function tell({ type, name, detail }) {
  if (type === "error-line") say(`[${name}] ${detail}`);
  if (type !== "crashed") return;
  const how = detail.signal ? `was ended by ${detail.signal}` : `ended with exit code ${detail.code}`;
  say(`[${name}] ${how}${detail.again === null ? "" : `; starting it again in ${duration(detail.again)}`}`);
}

/** How to sign in to the demo site, which is there when no site file is. */
async function demoText() {
  if (process.env.LEGWORK_SITE_FILE) return "";
  const { demoSite } = await import(inRoot("sip-proxy/dist/domain/demo-site.js"));
  const width = Math.max(...demoSite.agents.map(({ id }) => id.length));
  const lines = demoSite.agents.map(({ id, password, name }) => `    ${id.padEnd(width)}  ${password}  (${name})`);
  return `\n  Sign in to the demo site in one browser for each agent:\n${lines.join("\n")}\n`;
}

/** The first signal asks to stop, the second stops at once; before everything is up the first does. */
function onStopSignals(stopping) {
  let isReady = false;
  let askedAt = 0;
  const exitCodes = { SIGINT: 130, SIGTERM: 143 };
  for (const [signal, code] of Object.entries(exitCodes)) {
    process.on(signal, () => {
      if (!isReady) process.exit(code);
      if (!stopping.signal.aborted) askedAt = Date.now();
      else if (Date.now() - askedAt > ONE_KEYPRESS_MS) process.exit(code);
      stopping.abort();
    });
  }
  return {
    ready: () => {
      isReady = true;
    },
  };
}

const aborted = (signal) => new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));

main().catch(fail);
