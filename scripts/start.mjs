#!/usr/bin/env node
// `npm start`: sets up what is missing, starts every process, says where the page is, and watches over them until
// Ctrl-C. Ports and addresses: LEGWORK_HTTP_PORT, LEGWORK_SIP_PORT, LEGWORK_MEDIA_BIND, music: LEGWORK_MEDIA_MUSIC, and more (scripts/lib/topology.mjs).
import fs from "node:fs";
import path from "node:path";
import { lockData } from "./lib/data-lock.mjs";
import { startProduct } from "./lib/product.mjs";
import { duration, fail, say, SetupError, step } from "./lib/progress.mjs";
import { DATA, inRoot } from "./lib/project.mjs";
import { onStopSignals } from "./lib/start-signals.mjs";
import { hostMistakes, passedOn, portsFrom } from "./lib/topology.mjs";
import { setUp } from "./setup.mjs";

async function main() {
  const started = Date.now();
  const { ports, mistakes } = portsFrom(process.env);
  mistakes.push(...hostMistakes(process.env), ...siteFileMistakes(process.env.LEGWORK_SITE_FILE));
  if (mistakes.length > 0) throw new SetupError(mistakes.join("\n"));
  const dataDir = path.resolve(process.env.LEGWORK_DATA_DIR || DATA);
  const stop = onStopSignals();
  const lock = await lockData(dataDir);
  process.on("exit", lock.unlock);
  const { demo } = await setUp({ demo: process.env.LEGWORK_DEMO !== "0" });
  const product = await start({ dataDir, ports, demo, lock });
  say(
    `\nLegwork is running (${duration(Date.now() - started)}).\n\n  Page  ${product.urls.page}\n  SIP   ${product.urls.sip}`,
  );
  say(`${await demoText()}\n  Logs  ${product.setting.logDir}\n\nCtrl-C stops it.`);
  stop.ready();
  await stop.asked;
  say("\nStopping: calls in progress may end first. Ctrl-C again stops at once.");
  await product.stop();
  say("Stopped.");
}

function siteFileMistakes(file) {
  try {
    if (file) fs.accessSync(file, fs.constants.R_OK);
    return [];
  } catch (error) {
    return [`LEGWORK_SITE_FILE is ${file}, which cannot be read: ${error.message}`];
  }
}

async function start({ dataDir, ports, demo, lock }) {
  let product;
  const children = new Map();
  await step("start", async () => {
    product = await startProduct({
      dataDir,
      ports,
      host: process.env.LEGWORK_HOST || undefined,
      media: process.env.LEGWORK_MEDIA_BIND?.split(",").filter(Boolean),
      siteFile: process.env.LEGWORK_SITE_FILE || undefined,
      passedOn: passedOn(process.env),
      demo,
      demoLanguage: process.env.LEGWORK_DEMO_LANGUAGE || undefined,
      logLevel: process.env.LEGWORK_LOG_LEVEL || undefined,
      onEvent: (event) => {
        tell(event);
        if (event.type !== "started") return;
        children.set(event.name, event.detail);
        lock.note([...children.values()]);
      },
    });
    return [...product.processes.keys()].join(", ");
  });
  return product;
}

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

main().catch(fail);
