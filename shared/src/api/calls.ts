import { z } from "zod";
import { errorCode } from "./answers.js";
import { id, iso } from "./fields.js";

/** Whom a consult, a blind transfer or a call may go to. A number is parsed as it was typed (DN). */
export const target = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("agent"), agent: id }).strict(),
  z.object({ kind: z.literal("queue"), queue: id }).strict(),
  z.object({ kind: z.literal("entry-point"), entryPoint: id }).strict(),
  z.object({ kind: z.literal("number"), number: z.string().min(1).max(128) }).strict(),
  z.object({ kind: z.literal("expert"), expert: id }).strict(),
]);
export type Target = z.infer<typeof target>;

/** Every way to act on a call, whatever the station: a browser uses SIP for most of them (SG-1), a one-line desk phone these. */
export const command = z.discriminatedUnion("type", [
  z.object({ type: z.literal("hold") }).strict(),
  z.object({ type: z.literal("unhold") }).strict(),
  z.object({ type: z.literal("consult"), target }).strict(),
  /** BT-1: answered when the target is being called; what came of it is in the desktop and its notices. */
  z.object({ type: z.literal("blind-transfer"), target }).strict(),
  /** CO-3: talk with the other side; pressed again it goes back. */
  z.object({ type: z.literal("resume") }).strict(),
  z.object({ type: z.literal("transfer") }).strict(),
  /** CO-5: the consulted party's answer, where the site has transfers accepted. */
  z.object({ type: z.literal("accept-transfer") }).strict(),
  z.object({ type: z.literal("decline-transfer") }).strict(),
  z.object({ type: z.literal("conference") }).strict(),
  /** CO-7, by the site's policy. */
  z.object({ type: z.literal("end-consult") }).strict(),
  /** CO-9; while the target still rings this is also how a consult is cancelled (CO-8). */
  z.object({ type: z.literal("back-to-customer") }).strict(),
  /** CO-10, CF-2, CF-3: go, and let the others talk on. */
  z.object({ type: z.literal("leave") }).strict(),
  /** Ends the interaction for all: owner only. */
  z.object({ type: z.literal("end") }).strict(),
  z.object({ type: z.literal("dtmf"), digits: z.string().regex(/^[0-9*#A-D]{1,32}$/) }).strict(),
]);
export type Command = z.infer<typeof command>;
export type CommandType = Command["type"];

/** What can be pressed now, computed on the server. `reason` says why a visible control is disabled. */
export const control = z.object({ visible: z.boolean(), enabled: z.boolean(), reason: errorCode.nullable() });
export type Control = z.infer<typeof control>;

export const controls = z.object({
  hold: control,
  unhold: control,
  consult: control,
  resume: control,
  "blind-transfer": control,
  transfer: control,
  "accept-transfer": control,
  "decline-transfer": control,
  conference: control,
  "end-consult": control,
  "back-to-customer": control,
  leave: control,
  end: control,
  dtmf: control,
});
export type Controls = z.infer<typeof controls>;

/** What one person hears, as the strip shows it. */
export const hears = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("people"), seats: z.array(id) }),
  z.object({ kind: z.literal("music") }),
  z.object({ kind: z.literal("ringback") }),
  z.object({ kind: z.literal("silence") }),
]);
export type Hears = z.infer<typeof hears>;

export const seatView = z.object({
  seat: id,
  role: z.enum(["customer", "owner", "consulted"]),
  label: z.string(), // a name or a number, as text
  me: z.boolean(),
  status: z.enum(["ringing", "talking", "on-hold", "waiting"]),
  since: iso,
  hears,
});
export type SeatView = z.infer<typeof seatView>;

export const phase = z.enum(["dialling", "offered", "connected", "held", "consulting", "transferring", "conference"]);

export const interactionView = z.object({
  id,
  phase,
  phaseSince: iso,
  startedAt: iso,
  /** The agent's own part: an offer is still ringing at the agent's station. */
  role: z.enum(["offered", "owner", "consulted"]),
  customer: z.object({ name: z.string(), number: z.string() }),
  /** A call inside the house (IN-1): nobody owns it or wraps it up; `customer` is the other end. */
  internal: z.boolean(),
  queue: z.string().nullable(),
  entryPoint: z.string().nullable(),
  seats: z.array(seatView),
  consult: z
    .object({
      target: z.discriminatedUnion("kind", [
        z.object({ kind: z.literal("agent"), agent: id, label: z.string() }),
        z.object({ kind: z.literal("queue"), queue: id, label: z.string() }),
        z.object({ kind: z.literal("entry-point"), queue: id, label: z.string() }),
        z.object({ kind: z.literal("outside"), number: z.string(), label: z.string() }),
      ]),
      /** `holding`: the customer is being put on hold, nobody is called yet (CO-2). `queued`: a queue looks for an agent (CO-14). */
      stage: z.enum(["holding", "queued", "ringing", "answered"]),
      /** Whom the owner talks with now (CO-3). */
      active: z.enum(["customer", "consult", "none"]),
      since: iso,
    })
    .nullable(),
  /**
   * CO-5: the consulted party's desktop is asked whether it takes the call. `to-answer`: this agent is the one who is asked; `asked`: this agent
   * asked, and may wrap up already. At `until` it counts as declined.
   */
  transfer: z
    .object({ stage: z.enum(["asked", "to-answer"]), until: iso })
    .nullable()
    .optional(),
  /** The agent's own dialogs, told apart by SIP Call-ID: `customer` is the one the call came on, `consult` the agent's own INVITE. */
  legs: z.array(z.object({ side: z.enum(["customer", "consult"]), callId: z.string() })),
  /** RFC 4353: where a REFER that asks for the conference points. */
  focusUri: z.string(),
  controls,
});
export type InteractionView = z.infer<typeof interactionView>;

/** OB-1, IN-1: a call of an agent who has none. A desk phone is called first, a browser sends its own INVITE instead. */
export const placeCall = z.object({ target }).strict();
export type PlaceCall = z.infer<typeof placeCall>;
