import type { Behaviour } from "./behaviour.js";
import type { EngineOptions } from "./context.js";
import type { Rig } from "./engine.test-support.js";

/** Choices the core makes; the others are about the connection of the app itself. */
export type CoreChoice = Exclude<keyof Behaviour, "name" | "authentication" | "longestFrame" | "longFrame">;

/** One choice, what happens, and how it ends in either position. */
export interface Case {
  readonly what: string;
  readonly options?: Partial<EngineOptions>;
  play(rig: Rig): unknown;
  readonly rfc: unknown;
  readonly drachtioServer: unknown;
}
