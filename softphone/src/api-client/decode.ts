import type {
  AgentListing,
  ApiError,
  Desktop,
  EntryPointListing,
  Notice,
  QueueListing,
  Session,
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

export const isAgentList = (value: unknown): value is { agents: AgentListing[] } => has(value, { agents: "array" });

export const isQueueList = (value: unknown): value is { queues: QueueListing[] } => has(value, { queues: "array" });

export const isEntryPointList = (value: unknown): value is { entryPoints: EntryPointListing[] } =>
  has(value, { entryPoints: "array" });

export const isApiError = (value: unknown): value is ApiError =>
  has(value, { error: "object" }) && has(fields(value)?.["error"], { code: "string", message: "string" });

/** JSON or nothing: bad JSON is an answer that is not ours. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
