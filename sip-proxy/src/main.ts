import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import { createOpsServer } from "./adapters/http/ops-server.js";
import { createWebServer } from "./adapters/http/web-server.js";
import { openStore } from "./adapters/store/open-store.js";
import { processLog } from "./adapters/system/process-log.js";
import { loadConfig, type Address, type Config } from "./config.js";
import { openContactCentre } from "./contact-centre.js";
import { demoSite } from "./domain/demo-site.js";
import { parseSite, type Site } from "./domain/site.js";

/** A drain that takes longer than this is no drain. */
const CLOSE_WAIT_MS = 5_000;

async function main(): Promise<void> {
  const config = loadConfig(process.env);
  const log = processLog(config.logLevel);
  const site = readSite(config);
  const store = await openStore(config.store, (error) => {
    log.fatal({ error }, "the database has ended, and comes back with a new process only");
    process.exit(1);
  });
  const centre = await openContactCentre(config, site, store, log);
  const web = createWebServer({ ...centre, ...config, log });
  await listen(web, config.http);
  const ops = config.ops && createOpsServer(centre);
  if (ops && config.ops) await listen(ops, config.ops);
  log.info({ http: config.http }, "sip-proxy is listening");

  let closing = false;
  const close = (signal: string): void => {
    if (closing) process.exit(1); // a second signal stops at once
    closing = true;
    log.info({ signal }, "sip-proxy is closing");
    setTimeout(() => process.exit(1), CLOSE_WAIT_MS).unref();
    web.close();
    web.closeAllConnections();
    ops?.close();
    void centre.close().then(() => process.exit(0));
  };
  process.on("SIGTERM", close);
  process.on("SIGINT", close);
}

function readSite(config: Config): Site {
  const json: unknown = config.siteFile ? JSON.parse(readFileSync(config.siteFile, "utf8")) : demoSite;
  const parsed = parseSite(json);
  if ("site" in parsed) return parsed.site;
  throw new Error(`The site file ${config.siteFile ?? "(demo)"} is not right:\n${parsed.mistakes}`);
}

const listen = (server: Server, { host, port }: Address): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
