import { loggedError } from "@legwork/shared/log";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { pino } from "pino";
import { Caller } from "./caller.js";
import { loadConfig } from "./config.js";
import { payloadsOf } from "./domain/phone-audio.js";

const MAX_BODY = 1_000;

function main(): void {
  const config = loadConfig(process.env);
  const log = pino({ level: config.logLevel, base: { process: "demo-customer" }, serializers: { error: loggedError } });
  const payloads = payloadsOf(readFileSync(join(config.speechDir, `customer-${config.language}.wav`)));
  const caller = new Caller(config, payloads, log);

  const server = createServer((req, res) => {
    const say = (status: number): void => void res.writeHead(status).end();
    if (req.url === "/health") return say(caller.connected ? 200 : 503);
    if (req.url !== "/call" || req.method !== "POST") return say(404);
    if (req.headers.authorization !== `Bearer ${config.token}`) return say(401);
    if (!caller.connected) return say(503);
    readNumber(req).then(
      (number) => say(caller.call(number) ? 202 : 429),
      () => say(400),
    );
  });
  server.listen(config.listen.port, config.listen.host);

  process.on("SIGTERM", () => {
    caller.hangUpAll();
    server.close();
    setTimeout(() => process.exit(0), 300).unref(); // the BYEs are on their way
  });
}

async function readNumber(req: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of req) {
    text += String(chunk);
    if (text.length > MAX_BODY) throw new Error("too long");
  }
  const { number } = JSON.parse(text) as { number?: unknown };
  if (typeof number !== "string" || !/^\+?[0-9]{3,18}$/.test(number)) throw new Error("no number");
  return number;
}

try {
  main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
