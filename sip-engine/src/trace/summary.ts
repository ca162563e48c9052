import { headerValue } from "../sip/message.js";
import type { SipMessage } from "../sip/message.js";
import { parseNameAddr } from "../sip/name-addr.js";
import { parseMessage } from "../sip/parse-message.js";
import { parseUri } from "../sip/uri.js";
import { plain } from "./message.js";
import { sdpSummary } from "./sdp-summary.js";

/** What a ladder, a list and a filter want to know of one message. All texts are printable ASCII. */
export interface Summary {
  /** `INVITE`, `200 OK`, or `not SIP`. */
  readonly title: string;
  /** Null in requests. */
  readonly status: number | null;
  /** Method of a request, or the one a response's CSeq names. */
  readonly method: string;
  /** Empty when there is none. */
  readonly callId: string;
  readonly cseq: string;
  /** URIs; empty when there is none. */
  readonly from: string;
  readonly to: string;
  readonly requestUri: string;
  /** False for the first request of a dialog, which has no To tag. */
  readonly inDialog: boolean;
  /** One line per media description. */
  readonly sdp: readonly string[];
  /** Headers that explain what happens, as `Name value`. */
  readonly notes: readonly string[];
}

/** Reads one message; never throws, whatever a peer sent. */
export function summarise(octets: string): Summary {
  const { message } = parseMessage(octets);
  if (message === null) return { ...NOTHING, notes: [plain(octets.slice(0, 60))] };
  const value = (key: string): string => plain(headerValue(message, key) ?? "");
  const cseq = value("cseq");
  const request = message.kind === "request";
  return {
    title: request ? message.method : plain(`${message.status} ${message.reason}`).trim(),
    status: request ? null : message.status,
    method: request ? message.method : (cseq.split(" ")[1] ?? ""),
    callId: value("call-id"),
    cseq,
    from: uriIn(value("from")),
    to: uriIn(value("to")),
    requestUri: request ? plain(message.uri) : "",
    inDialog: /;\s*tag\s*=/i.test(value("to")),
    sdp: sdpSummary(message.body).map(short),
    notes: notesOf(message),
  };
}

const NOTHING: Summary = {
  title: "not SIP",
  status: null,
  method: "",
  callId: "",
  cseq: "",
  from: "",
  to: "",
  requestUri: "",
  inDialog: false,
  sdp: [],
  notes: [],
};

const EXPLAINING = ["refer-to", "replaces", "reason", "event", "subscription-state", "rseq", "rack", "warning"];
const CREDENTIALS = ["authorization", "proxy-authorization"];

function notesOf({ headers }: SipMessage): string[] {
  const notes: string[] = [];
  for (const { key, name, value } of headers) {
    if (EXPLAINING.includes(key)) notes.push(short(`${name} ${value}`));
    if (CREDENTIALS.includes(key)) notes.push("with credentials");
  }
  return notes;
}

/** Peers may write pages into one header. */
const LONGEST = 160;

function short(octets: string): string {
  const text = plain(octets.slice(0, LONGEST));
  return octets.length <= LONGEST ? text : `${text}..`;
}

function uriIn(value: string): string {
  return parseNameAddr(value)?.uri ?? "";
}

/** User part of a URI without password, or null. */
export function userOf(uri: string): string | null {
  const user = parseUri(uri)?.user ?? null;
  return user === null ? null : user.split(/[:;]/)[0]!;
}
