import { ladder } from "./ladder.js";
import { legible } from "./message.js";
import type { TracedMessage } from "./message.js";
import { readOrder } from "./order.js";
import { pcap } from "./pcap.js";
import type { TraceOrder } from "./order.js";
import type { Recorder } from "./recorder.js";
import { rungsOf } from "./rung.js";

/** What an operator asked over HTTP. */
export interface TraceRequest {
  /** One of {@link traceMethods}. */
  readonly method: string;
  /** Path with `/trace` in front, without query. */
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
  /** Decoded JSON of a PUT. */
  readonly body: unknown;
  /** Tag of the answer the client has already (If-None-Match), or null. */
  readonly known: string | null;
}

/** What becomes of the trace, and the answer. */
export interface TraceReply {
  readonly status: number;
  readonly type: "application/json" | "text/plain; charset=utf-8" | "application/vnd.tcpdump.pcap";
  readonly body: string | Uint8Array;
  /** For 304: the same tag, the same answer. Null when there is none. */
  readonly tag: string | null;
}

/** The one trace there is. */
export interface Trace {
  readonly recorder: Recorder | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Begins a new trace in place of the old one. */
  start(order: TraceOrder): Recorder;
  /** Ends it and forgets what it recorded. */
  stop(): void;
}

/** Answers one request. */
export function traceReply(request: TraceRequest, trace: Trace): TraceReply {
  const { recorder, now } = trace;
  const { method, path, query, body } = request;
  if (path === "/trace") {
    if (method === "GET") return json(200, state(recorder, now));
    if (method === "DELETE") {
      trace.stop();
      return json(200, state(null, now));
    }
    const read = readOrder(body);
    if (!read.ok) return json(400, { error: read.mistakes.join("; ") });
    return json(200, state(trace.start(read.order), now));
  }
  const match = /^\/trace(?:\/(\d{1,9}))?(\.txt|\.json|\.pcap)?$/.exec(path);
  const tag = recorder?.tag ?? null;
  if (match !== null && tag !== null && request.known === tag) return { ...json(304, null), body: "", tag };
  const chosen = match === null ? null : messagesOf(recorder, match[1]);
  if (match === null || chosen === null)
    return json(404, { error: "no such call in the trace; GET /trace lists them" });
  if (match[2] === ".json") return json(200, { dropped: chosen.dropped, messages: described(chosen.messages) }, tag);
  if (match[2] === ".pcap") {
    return { status: 200, type: "application/vnd.tcpdump.pcap", body: pcap(chosen.messages), tag };
  }
  const width = Number(query.get("width") ?? 100);
  if (!Number.isInteger(width) || width < 80 || width > 250)
    return json(400, { error: "width: need a number 80..250" });
  const full = query.has("full") && query.get("full") !== "0";
  const drawing = ladder(chosen.messages, { dropped: chosen.dropped, width, full });
  return { status: 200, type: "text/plain; charset=utf-8", body: drawing, tag };
}

/** Methods a path of the trace knows; others are answered 405. */
export function traceMethods(path: string): readonly string[] {
  return path === "/trace" ? ["GET", "PUT", "DELETE"] : ["GET"];
}

interface Chosen {
  readonly messages: readonly TracedMessage[];
  readonly dropped: number;
}

/** One call's messages, or those of all calls in order of time; null when there is no such call. */
function messagesOf(recorder: Recorder | null, id: string | undefined): Chosen | null {
  const calls = recorder?.calls ?? [];
  if (id !== undefined) return calls.find((call) => call.id === Number(id)) ?? null;
  const messages = calls.flatMap((call) => call.messages).sort((a, b) => a.at - b.at);
  return { messages, dropped: calls.reduce((sum, { dropped }) => sum + dropped, 0) };
}

function state(recorder: Recorder | null, now: number): Record<string, unknown> {
  if (recorder === null) return { recording: false, calls: [] };
  return { recording: now < recorder.until, ...recorder.toJSON() };
}

function described(messages: readonly TracedMessage[]): unknown[] {
  return rungsOf(messages).map(({ message: { at, octets, ...rest }, summary, offset, repeats }) => ({
    at: new Date(at).toISOString(),
    offset,
    ...rest,
    repeats,
    ...summary,
    text: legible(octets),
  }));
}

function json(status: number, value: unknown, tag: string | null = null): TraceReply {
  return { status, type: "application/json", body: `${JSON.stringify(value)}\n`, tag };
}
