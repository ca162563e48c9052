/** The agent's own calls, as GET /api/history lists them. */
import { z } from "zod";
import { id, iso } from "./fields.js";

/** `to` of the next page is `began` of the last entry of this one. */
export const historyQuery = z
  .object({
    /** Calls that began then or later; the beginning of today in the site's time zone when absent. */
    from: iso.optional(),
    /** Calls that began before; now when absent. */
    to: iso.optional(),
    /** A page has more when the last ones began in the same millisecond. */
    limit: z.coerce.number().int().min(1).max(200).default(50),
  })
  .strict();

/** Somebody a call was with, named as the desktop named them then. */
export const historyParty = z.object({
  /** A name or a number; empty for a caller who showed neither. */
  label: z.string(),
  /** How to call them back, as a `target`; null: nobody knows, or there is nobody by this name to call. */
  callBack: z
    .discriminatedUnion("kind", [
      z.object({ kind: z.literal("agent"), agent: id }),
      z.object({ kind: z.literal("number"), number: z.string() }),
    ])
    .nullable(),
});
export type HistoryParty = z.infer<typeof historyParty>;

export const historyConsult = z.object({
  with: historyParty,
  kind: z.enum(["agent", "queue", "entry-point", "outside"]),
  began: iso,
  /** Null: nobody answered. */
  answered: iso.nullable(),
  ended: iso,
  /** It became a conference. */
  conference: z.boolean(),
});
export type HistoryConsult = z.infer<typeof historyConsult>;

/** How the agent's part in a call came to its end. */
export const historyOutcome = z.enum([
  "answered", // they talked, and one of them hung up
  "transferred", // the agent handed it on: to `transferredTo`
  "interrupted", // the agent's station was lost for good (SE-1), or the server ended
  "not-answered", // whoever was called did not answer in time: the agent (missed; RONA if a queue offered it), or the number
  "declined",
  "busy",
  "unreachable",
  "abandoned", // the caller gave up before the answer
]);
export type HistoryOutcome = z.infer<typeof historyOutcome>;

/** One part of the agent's in one call: who is called twice for the same customer has two. */
export const historyEntry = z.object({
  id,
  /** Of the interaction, or of the internal call. */
  call: id,
  /** Who called: `in`, the agent was called; `out`, the agent called. */
  direction: z.enum(["in", "out"]),
  /** `consulted`: asked by a colleague, never the owner. `internal`: a call inside the house (IN-1), nobody's interaction. */
  role: z.enum(["owner", "consulted", "internal"]),
  /** The customer for an owner, the colleague who consulted for a consulted agent, the other end of an internal call. */
  other: historyParty,
  /** The customer a consult was about; null for every other role. */
  about: historyParty.nullable(),
  /** Owner: the colleague it was taken over from; null: from nobody. */
  from: historyParty.nullable(),
  queue: z.string().nullable(),
  entryPoint: z.string().nullable(),
  /** The agent's station began to ring, or the agent dialled. */
  began: iso,
  /** Null: they never talked. */
  answered: iso.nullable(),
  /** The agent's part was over; the call may have gone on. */
  ended: iso,
  outcome: historyOutcome,
  transferredTo: historyParty.nullable(),
  /** The agent's own consults, in order. */
  consults: z.array(historyConsult),
  /** The agent's own wrap-up; null: none, or not submitted yet. */
  wrapUp: z
    .object({
      reason: id,
      /** As the reason is called now; the id when it is no more. */
      label: z.string(),
      labelNb: z.string(),
      note: z.string(),
      /** `server`: the countdown ran out. */
      by: z.enum(["agent", "server"]),
    })
    .nullable(),
});
export type HistoryEntry = z.infer<typeof historyEntry>;

/** Newest first. Only what has ended: the desktop shows the rest. */
export const history = z.object({
  entries: z.array(historyEntry),
  from: iso,
  to: iso,
  /** There are older ones in this range: ask again with `to` = `began` of the last entry. */
  more: z.boolean(),
  /** The site's time zone (IANA). */
  timeZone: z.string(),
});
export type History = z.infer<typeof history>;
export type HistoryQuery = z.infer<typeof historyQuery>;
