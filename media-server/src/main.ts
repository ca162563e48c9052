import { randomUUID } from "node:crypto";
import type { ControlEvent } from "@legwork/shared/control";
import { pino } from "pino";
import { loadConfig, redacted, type Config } from "./config.js";
import { ControlServer } from "./adapters/control/control-server.js";
import { Dispatcher } from "./control/dispatcher.js";
import { MediaThreads } from "./control/media-threads.js";

/** Starts the process: media threads first, then the door through which sip-proxy comes. */
async function main(config: Config): Promise<void> {
  const log = pino({ level: config.logLevel, base: { service: "media-server" } });
  log.info({ config: redacted(config) }, "starting");
  const instance = randomUUID();
  const { listen, rtp, ports, musicFolder } = config;
  let tell = (_event: ControlEvent): void => undefined;
  const threads = await MediaThreads.create(
    config.threads,
    { listen, rtp, ports, musicFolder },
    {
      event: (event) => tell(event),
      died: (thread) => {
        for (const leg of dispatcher.registry.forgetThread(thread))
          tell({ event: "legLost", leg, cause: "thread-died" });
      },
    },
    log,
  );
  const dispatcher = new Dispatcher({
    instance,
    threads: threads.count,
    ask: (thread, body) => threads.ask(thread, body),
  });
  const server = new ControlServer(
    { token: config.token, instance, threads: threads.count, graceMs: config.graceMs },
    dispatcher,
    log,
  );
  tell = (event) => server.send(event);
  const port = await server.listen(config.control.host, config.control.port);
  log.info({ host: config.control.host, port, instance }, "listening");

  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1); // A second signal does not wait.
    stopping = true;
    log.info({ signal }, "stopping");
    void server
      .close()
      .then(() => threads.close())
      .then(() => {
        log.info("stopped");
        process.exit(0);
      });
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

try {
  await main(loadConfig(process.env));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
