import { z } from "zod";
import { id, iso } from "./fields.js";

export const wrapUpView = z.object({
  id,
  interaction: id,
  customer: z.object({ name: z.string(), number: z.string() }),
  openedAt: iso,
  /** When the server submits the default reason by itself; null: no countdown, or cancelled by the agent. */
  autoAt: iso.nullable(),
  mayCancelAuto: z.boolean(),
  defaultReason: id,
  /** What the agent has chosen and typed so far: the server submits it when the countdown is over. Null: nothing yet. */
  draft: z.object({ reason: id, note: z.string() }).nullable(),
});
export type WrapUpView = z.infer<typeof wrapUpView>;

export const submitWrapUp = z.object({ reason: id, note: z.string().max(2000).default("") }).strict();
export type SubmitWrapUp = z.input<typeof submitWrapUp>;

/** Replaces the draft. */
export const draftWrapUp = submitWrapUp;
