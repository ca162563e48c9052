import { z } from "zod";
import { agentState } from "./agent-state.js";
import { id, iso } from "./fields.js";

export const agentListing = z.object({
  id,
  name: z.string(),
  state: agentState,
  /** AG-3: may be chosen as the target of a consult. */
  reachable: z.boolean(),
});
export type AgentListing = z.infer<typeof agentListing>;
export const agentList = z.object({ agents: z.array(agentListing), asOf: iso });

export const queueListing = z.object({
  id,
  name: z.string(),
  /** Customers and consults that wait in it. */
  waiting: z.number().int().nonnegative(),
  /** Its agents who could be offered a call now. */
  free: z.number().int().nonnegative(),
});
export type QueueListing = z.infer<typeof queueListing>;
export const queueList = z.object({ queues: z.array(queueListing), asOf: iso });

export const entryPointListing = z.object({ id, name: z.string(), number: z.string(), queue: z.string() });
export type EntryPointListing = z.infer<typeof entryPointListing>;
export const entryPointList = z.object({ entryPoints: z.array(entryPointListing), asOf: iso });

/** How somebody is, in the one word that all directories can say. */
export const presenceState = z.enum(["available", "busy", "away", "offline"]);
export type PresenceState = z.infer<typeof presenceState>;

/** DF-4: what is known of somebody's presence, and since when. */
export const presence = z.object({
  state: presenceState,
  /** Now, for who has a station here; else when the other system said so. */
  asOf: iso,
  /** It is so old that it may well be wrong by now. */
  stale: z.boolean(),
});
export type PresenceView = z.infer<typeof presence>;

/** PUT /api/directory/experts/{id}/presence: what another system says of an expert of ours. */
export const presenceReport = z
  .object({
    state: presenceState,
    /** When that system saw it; now when absent. An older one than the last that was told changes nothing. */
    at: iso.optional(),
  })
  .strict();
export type PresenceReport = z.infer<typeof presenceReport>;

/** DF-4: somebody of the organisation's directory, who is called by number. */
export const expertListing = z.object({
  id,
  name: z.string(),
  role: z.string(),
  department: z.string(),
  number: z.string(),
  /** Null: nobody knows. */
  presence: presence.nullable(),
});
export type ExpertListing = z.infer<typeof expertListing>;
export const expertList = z.object({ experts: z.array(expertListing), asOf: iso });

/** DF-2: the numbers a site keeps at hand. */
export const dialNumberListing = z.object({ id, name: z.string(), number: z.string() });
export type DialNumberListing = z.infer<typeof dialNumberListing>;
export const dialNumberList = z.object({ numbers: z.array(dialNumberListing), asOf: iso });

/** DN: what a typed number would be dialled as, or what is wrong with it. */
export const numberCheck = z.discriminatedUnion("ok", [
  z.object({
    ok: z.literal(true),
    kind: z.enum(["e164", "short", "extension"]),
    number: z.string(),
    /** For people: +47 22 33 44 55. */
    display: z.string(),
    /** Digits sent after the answer, `:` a pause of one second (DN-5). */
    postDial: z.string(),
  }),
  z.object({
    ok: z.literal(false),
    error: z.enum([
      "empty",
      "too-short",
      "too-long",
      "misplaced-plus",
      "unknown-country",
      "impossible",
      "digits-inside",
    ]),
  }),
]);
export type NumberCheck = z.infer<typeof numberCheck>;
