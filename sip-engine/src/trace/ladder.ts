import { planColumns, peerKey } from "./columns.js";
import type { Columns } from "./columns.js";
import { legible } from "./message.js";
import type { TracedMessage } from "./message.js";
import { preface } from "./preface.js";
import { rungsOf, seconds } from "./rung.js";
import type { Rung } from "./rung.js";
import type { Summary } from "./summary.js";

export interface LadderOptions {
  /** Characters per line, 80 to 250. */
  readonly width: number;
  /** Whether every message follows in full below. */
  readonly full: boolean;
  /** Older messages that no longer are in memory. */
  readonly dropped: number;
}

export const DEFAULTS: LadderOptions = { width: 100, full: false, dropped: 0 };

/**
 * Draws messages, in order of time, as a ladder: one column per peer, the engine among them, an arrow per message. Printable ASCII,
 * no line longer than `width` but in the full messages. Solid arrows are first transmissions, dotted ones repeats.
 */
export function ladder(messages: readonly TracedMessage[], options: Partial<LadderOptions> = {}): string {
  const { width, full, dropped } = { ...DEFAULTS, ...options };
  if (messages.length === 0) return "No messages.\n";
  const rungs = rungsOf(messages);
  const columns = planColumns(messages, width);
  const lines = [...preface(rungs, dropped, width), "", ...heading(columns)];
  for (const rung of rungs) lines.push(...drawn(rung, columns));
  lines.push(lifelines(columns));
  if (full) for (const rung of rungs) lines.push("", ...written(rung));
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}

/** Names above the columns, and the first stretch of their lines. */
export function heading(columns: Columns): string[] {
  const row = (which: 0 | 1): string =>
    columns.at.reduce((line, at, i) => {
      const text = columns.heads[i]![which];
      return put(line, Math.max(which === 1 ? 8 : 0, at - Math.floor(text.length / 2)), text);
    }, "");
  return [row(0), put(row(1), 5, "ms"), lifelines(columns)];
}

/** A silence this long, in milliseconds, is told on a line of its own. */
const LONG_SILENCE = 1000;

/** The lines of one message: its arrow with CSeq, then what else is worth telling beside the lifelines. */
export function drawn(rung: Rung, columns: Columns): string[] {
  const { message, summary, offset, gap, repeats, call } = rung;
  const peer = columns.peers.get(peerKey(message)) ?? columns.at.length - 1;
  const [from, to] = message.direction === "in" ? [peer, columns.engine] : [columns.engine, peer];
  const details = [
    [
      call === 0 ? "" : `[${call}] `,
      summary.cseq === "" ? "" : `CSeq ${summary.cseq}`,
      repeats === 0 ? "" : ` (repeat ${repeats})`,
    ].join(""),
    ...(columns.crowd.has(peerKey(message)) ? [peerKey(message)] : []),
    ...(repeats === 0 ? told(summary) : []),
  ].flatMap((detail) => wrapped(detail, columns.detailWidth));
  const base = lifelines(columns);
  const time = String(Math.round(offset)).padStart(7);
  const arrow = put(
    put(base, 0, time),
    Math.min(columns.at[from]!, columns.at[to]!) + 1,
    shaft(rung, columns, from, to),
  );
  const silence = gap < LONG_SILENCE ? [] : [put(base.replace(/\|/g, ":"), columns.detailAt, `${seconds(gap)} later`)];
  const [first = "", ...rest] = details;
  return [
    ...silence,
    put(arrow, columns.detailAt, first),
    ...rest.map((detail) => put(base, columns.detailAt, detail)),
  ];
}

/** Peers may write pages into one URI. */
const LONGEST_TARGET = 160;

/** A target is news in the first request only. */
function told({ status, inDialog, requestUri, sdp, notes }: Summary): readonly string[] {
  return status === null && !inDialog && requestUri !== ""
    ? [requestUri.slice(0, LONGEST_TARGET), ...sdp, ...notes]
    : [...sdp, ...notes];
}

function shaft({ summary, repeats }: Rung, columns: Columns, from: number, to: number): string {
  const length = Math.abs(columns.at[to]! - columns.at[from]!) - 1;
  const most = length - 4;
  const title = summary.title.length <= most ? summary.title : `${summary.title.slice(0, most - 2)}..`;
  const before = Math.floor((length - title.length - 2) / 2);
  const stroke = repeats === 0 ? "-" : ".";
  const line = `${stroke.repeat(before)} ${title} `.padEnd(length, stroke);
  return from < to ? `${line.slice(0, -1)}>` : `<${line.slice(1)}`;
}

function lifelines({ at }: Columns): string {
  return at.reduce((line, place) => put(line, place, "|"), "");
}

/** The line with `text` written over it from position `at`. */
function put(line: string, at: number, text: string): string {
  const padded = line.padEnd(at);
  return padded.slice(0, at) + text + padded.slice(at + text.length);
}

/** Breaks after spaces and semicolons, elsewhere only when a piece alone is too long; later lines are indented. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const piece of text.match(new RegExp(`[^ ;]{1,${width - 3}}[ ;]?|[ ;]`, "g")) ?? []) {
    if ((line + piece).trimEnd().length > width) {
      lines.push(line.trimEnd());
      line = "  ";
    }
    line += piece;
  }
  return [...lines, line.trimEnd()];
}

function written({ message, offset }: Rung): string[] {
  const engine = "sip-engine";
  const [from, to] = message.direction === "in" ? [peerKey(message), engine] : [engine, peerKey(message)];
  return [`---- ${Math.round(offset)} ms  ${from} -> ${to} ----`, ...legible(message.octets).trimEnd().split("\n")];
}
