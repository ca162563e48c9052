import type {
  AgentListing,
  ApiError,
  Desktop,
  DialNumberListing,
  EntryPointListing,
  ExpertListing,
  History,
  Notice,
  NumberCheck,
  QueueListing,
  Session,
  SessionEnd,
} from "@legwork/shared/api";

// The server checks what it gets against the full schemas; here the page only makes sure that it was the server that
// answered (and not a proxy's error page), so that zod stays out of the page.
type Fields = Readonly<Record<string, unknown>>;

const fields = (value: unknown): Fields | undefined =>
  typeof value === "object" && value !== null ? (value as Fields) : undefined;

const has = (value: unknown, shape: Readonly<Record<string, "string" | "object" | "array" | "number">>): boolean => {
  const object = fields(value);
  if (!object) return false;
  return Object.entries(shape).every(([name, type]) => {
    const field = object[name];
    return type === "array" ? Array.isArray(field) : typeof field === type && (type !== "object" || field !== null);
  });
};

export const isSession = (value: unknown): value is Session =>
  has(value, { agent: "object", station: "object", csrf: "string" });

export const isDesktop = (value: unknown): value is Desktop =>
  has(value, {
    now: "string",
    agent: "object",
    station: "object",
    wrapUps: "array",
    wrapUpReasons: "array",
    idleReasons: "array",
    waiting: "number",
  });

export const isNotice = (value: unknown): value is Notice => has(value, { kind: "string", at: "string" });

type List<Name extends string, T> = { readonly asOf: string } & { readonly [name in Name]: T[] };

const isList =
  <Name extends string, T>(name: Name) =>
  (value: unknown): value is List<Name, T> =>
    has(value, { [name]: "array", asOf: "string" });

export const isAgentList = isList<"agents", AgentListing>("agents");
export const isQueueList = isList<"queues", QueueListing>("queues");
export const isEntryPointList = isList<"entryPoints", EntryPointListing>("entryPoints");
export const isDialNumberList = isList<"numbers", DialNumberListing>("numbers");
export const isExpertList = isList<"experts", ExpertListing>("experts");

export const isHistory = (value: unknown): value is History =>
  has(value, { entries: "array", from: "string", to: "string", timeZone: "string" });

export const isNumberCheck = (value: unknown): value is NumberCheck => {
  switch (fields(value)?.["ok"]) {
    case true:
      return has(value, { kind: "string", number: "string", display: "string", postDial: "string" });
    case false:
      return has(value, { error: "string" });
    default:
      return false;
  }
};

export const isApiError = (value: unknown): value is ApiError =>
  has(value, { error: "object" }) && has(fields(value)?.["error"], { code: "string", message: "string" });

const SESSION_ENDS: Readonly<Record<SessionEnd, true>> = {
  "signed-out": true,
  "taken-over": true,
  idle: true,
  expired: true,
  disabled: true,
  removed: true,
  "password-changed": true,
  "station-changed": true,
};

/** Why a session ended, from the last event of a stream or from an error; undefined for what this page does not know. */
export function sessionEndIn(value: unknown): SessionEnd | undefined {
  const ended = fields(fields(value)?.["error"] ?? value)?.["ended"];
  return typeof ended === "string" && Object.hasOwn(SESSION_ENDS, ended) ? (ended as SessionEnd) : undefined;
}

/** JSON or nothing: bad JSON is an answer that is not ours. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
