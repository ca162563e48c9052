import { loggedError } from "@legwork/shared/log";
import { pino, type DestinationStream, type Logger } from "pino";

/** The log of this process: a JSON line an entry, on the standard output unless `to` says otherwise. */
export function processLog(level: string, to?: DestinationStream): Logger {
  const options = { level, base: { process: "sip-proxy" }, serializers: { error: loggedError } };
  return to ? pino(options, to) : pino(options);
}
