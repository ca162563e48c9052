#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { pino } from "pino";
import { OPTIONS } from "./config-options.js";
import { loadConfig, redacted } from "./config.js";
import { SipEngineServer } from "./server.js";
import { traceCommand } from "./trace-cli.js";

const argv = process.argv.slice(2);
if (argv[0] === "trace") {
  const [out, err] = [process.stdout, process.stderr];
  const code = await traceCommand(
    argv.slice(1),
    process.env,
    out.columns,
    (text) => out.write(text),
    (text) => err.write(text),
  );
  process.exit(code);
}
if (argv.includes("--help")) {
  const lines = Object.entries(OPTIONS).map(([name, text]) => `  --${name.padEnd(18)} ${text}`);
  process.stdout.write(
    `usage: legwork-sip-engine [options]\n       legwork-sip-engine trace --help\n\n${lines.join("\n")}\n`,
  );
  process.exit(0);
}
const result = loadConfig(argv, process.env, (path) => readFileSync(path, "utf8"));
if (!result.ok) {
  process.stderr.write(`${result.mistakes.map((mistake) => `sip-engine: ${mistake}`).join("\n")}\n`);
  process.stderr.write("sip-engine: legwork-sip-engine --help tells all options\n");
  process.exit(2);
}
const { config } = result;
const log = pino({ level: config.logLevel, base: { name: "sip-engine" } });
try {
  const server = await SipEngineServer.start(config, log);
  log.info({ ...server.addresses, config: redacted(config) }, "listening");
  stopOnSignal(server);
} catch (error) {
  log.fatal({ err: error }, "cannot start");
  process.exit(1);
}

/** First signal: refuse new calls, let running ones end within `drain-ms`. Second signal: stop at once. */
function stopOnSignal(server: SipEngineServer): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(0);
    stopping = true;
    log.info({ signal, drainMs: config.drainMs }, "stopping");
    void server
      .drain(config.drainMs)
      .then(() => server.close())
      .then(() => {
        log.info("stopped");
        process.exit(0);
      });
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}
