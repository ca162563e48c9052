/** What happened in each interaction, fact by fact, for administrators. Nothing changes it. */
import { z } from "zod";
import { id, iso } from "./fields.js";

export const interactionsQuery = z
  .object({
    /** Those that began before the one with this id. */
    before: id.optional(),
    limit: z.coerce.number().int().min(1).max(500).default(50),
  })
  .strict();

/** Newest first. */
export const interactionList = z.object({
  interactions: z.array(
    z.object({
      id,
      began: iso,
      /** Who called whom: `in` a customer, `out` one of the agents. */
      direction: z.enum(["in", "out"]),
      customer: z.object({ name: z.string(), number: z.string() }),
    }),
  ),
});
export type InteractionList = z.infer<typeof interactionList>;

/** In order, without gaps from 1 on. Fields beside these depend on `type` (`shared/src/interaction/events.ts`). */
export const eventLog = z.object({
  interaction: id,
  events: z.array(
    z.object({
      seq: z.number().int().positive(),
      at: iso,
      type: z.string(),
      event: z.record(z.string(), z.unknown()),
    }),
  ),
});
export type EventLogView = z.infer<typeof eventLog>;
