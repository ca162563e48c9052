import { bareHost, isAddress } from "../sip/uri.js";

/** Which calls to trace, and how many for how long. Every filter given must fit. */
export interface TraceOrder {
  readonly filter: TraceFilter;
  /** Calls kept at most: the newest. */
  readonly calls: number;
  /** How long messages are taken, seconds. */
  readonly seconds: number;
}

/** Null: anything fits. Numbers are user parts of URIs, `*` stands for any characters. */
export interface TraceFilter {
  /** In From, To or the Request-URI. */
  readonly number: string | null;
  readonly from: string | null;
  /** In To or the Request-URI. */
  readonly to: string | null;
  readonly callId: string | null;
  /** Address of the peer the message comes from or goes to, with or without port. */
  readonly peer: { readonly host: string; readonly port: number | null } | null;
}

export type OrderResult =
  { readonly ok: true; readonly order: TraceOrder } | { readonly ok: false; readonly mistakes: readonly string[] };

const CALLS = { usual: 20, most: 1000 };
const SECONDS = { usual: 600, most: 86_400 };
const LONGEST_TEXT = 256;

/** Reads the order of an operator: `{"number","from","to","call-id","peer","calls","seconds"}`, all optional. All mistakes are told together. */
export function readOrder(value: unknown): OrderResult {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { ok: false, mistakes: ["need a JSON object"] };
  }
  const given = new Map<string, unknown>(Object.entries(value));
  const mistakes: string[] = [];
  for (const name of given.keys())
    if (!NAMES.includes(name)) mistakes.push(`${name}: unknown, need one of ${NAMES.join(", ")}`);
  const text = (name: string): string | null => {
    const one = given.get(name);
    if (one === undefined || one === null) return null;
    if (typeof one === "string" && one !== "" && one.length <= LONGEST_TEXT) return one;
    mistakes.push(`${name}: need a text of 1 to ${LONGEST_TEXT} characters`);
    return null;
  };
  const count = (name: string, { usual, most }: { usual: number; most: number }): number => {
    const one = given.get(name) ?? usual;
    if (typeof one === "number" && Number.isInteger(one) && one >= 1 && one <= most) return one;
    mistakes.push(`${name}: need a whole number 1..${most}`);
    return usual;
  };
  const order: TraceOrder = {
    filter: {
      number: text("number"),
      from: text("from"),
      to: text("to"),
      callId: text("call-id"),
      peer: readPeer(text("peer"), mistakes),
    },
    calls: count("calls", CALLS),
    seconds: count("seconds", SECONDS),
  };
  return mistakes.length === 0 ? { ok: true, order } : { ok: false, mistakes };
}

const NAMES = ["number", "from", "to", "call-id", "peer", "calls", "seconds"];

function readPeer(text: string | null, mistakes: string[]): TraceFilter["peer"] {
  if (text === null) return null;
  const match = /^(\[[^\]]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(text);
  const host = bareHost(match?.[1] ?? text);
  const port = match?.[2] === undefined ? null : Number(match[2]);
  if (!isAddress(host) || (port !== null && port > 65_535)) {
    mistakes.push(`peer: need an IP address or address:port, got "${text}"`);
  }
  return { host, port };
}
