import type { Log } from "./log.js";

const nothing = (): void => undefined;

/** A log that says nothing. */
export const silentLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing, child: () => silentLog };

export interface HeardEntry {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly context: object;
  readonly message: string;
}

/** A log that keeps what it was told. */
export function heardLog(): { readonly log: Log; readonly heard: HeardEntry[] } {
  const heard: HeardEntry[] = [];
  const hears = (level: HeardEntry["level"]) => (context: object, message: string) =>
    void heard.push({ level, context, message });
  const log: Log = {
    debug: hears("debug"),
    info: hears("info"),
    warn: hears("warn"),
    error: hears("error"),
    child: () => log,
  };
  return { log, heard };
}
