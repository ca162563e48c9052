import { z } from "zod";
import { agentState } from "./agent-state.js";
import { interactionView } from "./calls.js";
import { sessionEnd } from "./answers.js";
import { id, iso } from "./fields.js";
import { role } from "./session.js";
import { wrapUpView } from "./wrap-ups.js";

/** Everything one agent's desktop shows: sent whole whenever it changed. */
export const desktop = z.object({
  /** The server's clock when this was made: timers are shown against it. */
  now: iso,
  agent: z.object({ id, name: z.string(), role, state: agentState, since: iso }),
  station: z.object({ kind: z.enum(["browser", "extension"]), registered: z.boolean() }),
  interaction: interactionView.nullable(),
  wrapUps: z.array(wrapUpView), // oldest first
  wrapUpReasons: z.array(z.object({ id, label: z.string(), labelNb: z.string() })),
  idleReasons: z.array(z.object({ id, label: z.string(), labelNb: z.string() })),
  /** Another number: the agent's call history is another than before (GET /api/history). Counts from the start of the server. */
  historyRevision: z.number().int().nonnegative(),
  /** Customers waiting in the queues this agent serves. */
  waiting: z.number().int().nonnegative(),
  /** The site has a demo customer that can be asked to call. */
  demoCustomer: z.boolean(),
});
export type Desktop = z.infer<typeof desktop>;

/** Something that happened and does not show in the state; the page shows it once. */
export const notice = z.object({
  kind: z.enum([
    "consult-declined",
    "consult-busy",
    "consult-no-answer",
    "consult-unreachable",
    "consult-left",
    "hold-failed",
    "transfer-failed",
    "transfer-declined",
    "outbound-declined",
    "outbound-busy",
    "outbound-no-answer",
    "outbound-unreachable",
    "conference-failed",
    "customer-left",
    "call-not-answered", // the agent is now in RONA
    "became-owner",
  ]),
  interaction: id.nullable(),
  who: z.string().nullable(),
  at: iso,
});
export type Notice = z.infer<typeof notice>;

/**
 * GET /api/events: text/event-stream. `event: desktop` carries `desktop`, `event: notice` carries `notice`. Each has an id; a client that
 * comes back with Last-Event-ID gets the notices it missed and the present desktop. `event: end` is the last: the session has ended.
 */
export const streamEvent = z.discriminatedUnion("event", [
  z.object({ event: z.literal("desktop"), data: desktop }),
  z.object({ event: z.literal("notice"), data: notice }),
  z.object({ event: z.literal("end"), data: z.object({ ended: sessionEnd }) }),
]);
export type StreamEvent = z.infer<typeof streamEvent>;
