/**
 * The desktop API: what the page sends and gets. OpenAPI is made from these same schemas (`openapi.ts`), and the server validates with them.
 * Times are ISO 8601 in UTC. Every error body is `apiError`.
 */
import { z } from "zod";

const iso = z.iso.datetime();
const id = z.string().min(1).max(128);

/** Stable codes: a client decides by them, and shows a text of its own. */
export const errorCode = z.enum([
  "bad-request", // 400: the body does not fit the schema
  "not-signed-in", // 401
  "bad-credentials", // 401: unknown agent or wrong password, on purpose not told apart
  "csrf", // 403: the X-CSRF-Token header is missing or wrong
  "not-owner", // 403: CO-1, CO-11: only the owner may do this
  "not-yours", // 403: the agent has no seat in this interaction
  "forbidden", // 403: the agent's role does not allow it
  "not-found", // 404
  "already-signed-in", // 409: this agent has a desktop open elsewhere; send takeOver: true to move here
  "not-in-this-phase", // 409: not possible in the interaction's present phase
  "target-not-answered", // 409: the consulted party has not answered yet (DF-6)
  "target-not-reachable", // 409: AG-3
  "in-conference", // 409: CO-1: no consult from within a conference
  "busy-with-request", // 409: an earlier request of this interaction is still being carried out
  "hold-failed", // 409: the customer could not be put on hold, so nothing was done (CO-2)
  "media-failed", // 409: the new media plan did not come in force; everything is as before
  "in-a-call", // 409: not while the agent has a call (sign-out, state change)
  "no-station", // 409: the agent's station is not registered
  "transfer-declined", // 409: the consulted party's desktop said no, or nothing (CO-5)
  "number-not-possible", // 400: DN-1 to DN-4; ask GET /api/directory/number what is wrong
  "calling-not-allowed", // 403: this site does not let agents call this number (TK-1)
  "too-many-calls", // 409: a limit of the trunk or of the agent (TK-1)
  "no-trunk", // 409: no trunk takes this number
  "already-submitted", // 409: the wrap-up is done
  "too-many-requests", // 429
  "internal", // 500
  "unavailable", // 503: a part of the system is not there; try again
]);
export type ErrorCode = z.infer<typeof errorCode>;

/** Something wrong with what was sent, and where it is: keys and positions from the outside in. */
export const mistake = z.object({ path: z.array(z.union([z.string(), z.number()])), message: z.string() });
export type Mistake = z.infer<typeof mistake>;

export const apiError = z.object({
  error: z.object({
    code: errorCode,
    message: z.string(),
    /** All that is wrong, with `bad-request` in the administration (DI-1). */
    mistakes: z.array(mistake).optional(),
  }),
});
export type ApiError = z.infer<typeof apiError>;

export const station = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("browser") }),
  z.object({ kind: z.literal("extension"), extension: z.string().regex(/^[0-9]{3,6}$/) }),
]);
export type Station = z.infer<typeof station>;

export const signInRequest = z
  .object({
    agent: z.string().min(1).max(64),
    password: z.string().min(1).max(256),
    station: station.default({ kind: "browser" }),
    /** Ends the desktop this agent has open elsewhere. Refused with `already-signed-in` when absent and there is one. */
    takeOver: z.boolean().default(false),
  })
  .strict();
export type SignInRequest = z.input<typeof signInRequest>;

export const role = z.enum(["agent", "supervisor", "admin"]);

/** Answer to sign-in and to GET /api/session. The cookie is HttpOnly; `csrf` goes into the X-CSRF-Token header of every change. */
export const session = z.object({
  agent: z.object({ id, name: z.string(), role }),
  station,
  csrf: z.string(),
  /** Short-lived digest credentials for the browser's SIP user agent (MD5); null when the station is an extension. */
  sip: z
    .object({
      uri: z.string(), // sip:user@domain
      username: z.string(),
      password: z.string(),
      realm: z.string(),
      path: z.string(), // of the SIP WebSocket, same origin
    })
    .nullable(),
});
export type Session = z.infer<typeof session>;

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
  /** The agent's own dialogs, told apart by SIP Call-ID: `customer` is the one the call came on, `consult` the agent's own INVITE. */
  legs: z.array(z.object({ side: z.enum(["customer", "consult"]), callId: z.string() })),
  /** RFC 4353: where a REFER that asks for the conference points. */
  focusUri: z.string(),
  controls,
});
export type InteractionView = z.infer<typeof interactionView>;

export const wrapUpView = z.object({
  id,
  interaction: id,
  customer: z.object({ name: z.string(), number: z.string() }),
  openedAt: iso,
  /** When the server submits the default reason by itself; null: no countdown, or cancelled by the agent. */
  autoAt: iso.nullable(),
  mayCancelAuto: z.boolean(),
  defaultReason: id,
});
export type WrapUpView = z.infer<typeof wrapUpView>;

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
  historyRevision: z.number().int().nonnegative().optional(),
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
    "signed-out-elsewhere",
    "became-owner",
  ]),
  interaction: id.nullable(),
  who: z.string().nullable(),
  at: iso,
});
export type Notice = z.infer<typeof notice>;

/**
 * GET /api/events: text/event-stream. `event: desktop` carries `desktop`, `event: notice` carries `notice`. Each has an id; a client that
 * comes back with Last-Event-ID gets the notices it missed and the present desktop.
 */
export const streamEvent = z.discriminatedUnion("event", [
  z.object({ event: z.literal("desktop"), data: desktop }),
  z.object({ event: z.literal("notice"), data: notice }),
]);
export type StreamEvent = z.infer<typeof streamEvent>;

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

/** DF-4: somebody of the organisation's directory, who is called by number. */
export const expertListing = z.object({
  id,
  name: z.string(),
  role: z.string(),
  department: z.string(),
  number: z.string(),
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
    error: z.enum(["empty", "too-short", "too-long", "misplaced-plus", "unknown-country", "impossible"]),
  }),
]);
export type NumberCheck = z.infer<typeof numberCheck>;

/** OB-1, IN-1: a call of an agent who has none. A desk phone is called first, a browser sends its own INVITE instead. */
export const placeCall = z.object({ target }).strict();
export type PlaceCall = z.infer<typeof placeCall>;

export const submitWrapUp = z.object({ reason: id, note: z.string().max(2000).default("") }).strict();
export type SubmitWrapUp = z.input<typeof submitWrapUp>;

export const done = z.object({ ok: z.literal(true) });
