import { z } from "zod";

/** AG-1. */
export const agentState = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("offline") }),
  z.object({ kind: z.literal("available") }),
  z.object({ kind: z.literal("idle"), reason: z.string() }),
  z.object({ kind: z.literal("reserved") }),
  z.object({ kind: z.literal("engaged") }),
  z.object({ kind: z.literal("wrap-up") }),
  z.object({ kind: z.literal("rona") }),
]);
export type AgentStateView = z.infer<typeof agentState>;

/** What an agent may choose by hand. From RONA and Idle the way back is `available`. */
export const stateRequest = z.discriminatedUnion("state", [
  z.object({ state: z.literal("available") }).strict(),
  z.object({ state: z.literal("idle"), reason: z.string().min(1).max(64) }).strict(),
]);
export type StateRequest = z.infer<typeof stateRequest>;
