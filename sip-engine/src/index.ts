/** The engine as a library: for tests and programs that want it in their own process. */
export { loadConfig } from "./config.js";
export type { Config, ConfigResult } from "./config.js";
export { SipEngineServer } from "./server.js";
