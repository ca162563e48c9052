import { hostPort } from "../sip/uri.js";
import type { TracedMessage } from "./message.js";
import { plain } from "./message.js";

/** Where each participant's line runs. The engine is one column; peers that called it are left, those it called right. */
export interface Columns {
  /** Two lines of heading per column. */
  readonly heads: readonly (readonly [string, string])[];
  /** Character position of each column's line. */
  readonly at: readonly number[];
  /** Index of the engine's column. */
  readonly engine: number;
  /** Column of each peer by {@link peerKey}. */
  readonly peers: ReadonlyMap<string, number>;
  /** Peers that share the last column because the page is too narrow. */
  readonly crowd: ReadonlySet<string>;
  /** Where the text beside the arrows begins, and how wide it may be. */
  readonly detailAt: number;
  readonly detailWidth: number;
}

/** Characters for the time, and up to the first line. */
const MARGIN = 14;
const NARROWEST_LANE = 16;
const WIDEST_LANE = 30;
const NARROWEST_DETAIL = 34;

/** The peer of a message: its transport and address. */
export function peerKey({ transport, remote }: TracedMessage): string {
  return `${transport} ${hostPort(remote.host, remote.port)}`;
}

/** Plans the columns for these messages on a page of `width` characters. */
export function planColumns(messages: readonly TracedMessage[], width: number): Columns {
  const first = new Map<string, TracedMessage>();
  for (const message of messages) if (!first.has(peerKey(message))) first.set(peerKey(message), message);
  const lanes = Math.max(1, Math.floor((width - MARGIN - NARROWEST_DETAIL) / NARROWEST_LANE));
  const all = [...first.keys()];
  const shown = all.length <= lanes ? all : all.slice(0, lanes - 1);
  const crowd = new Set(all.slice(shown.length));
  const left = shown.filter((key) => first.get(key)!.direction === "in");
  const right = shown.filter((key) => first.get(key)!.direction === "out");
  const columns = left.length + 1 + right.length + (crowd.size > 0 ? 1 : 0);
  const room = Math.floor((width - MARGIN - NARROWEST_DETAIL) / Math.max(1, columns - 1));
  const lane = Math.min(WIDEST_LANE, Math.max(NARROWEST_LANE, room));
  const at = Array.from({ length: columns }, (_, i) => MARGIN + i * lane);
  const peers = new Map<string, number>();
  left.forEach((key, i) => peers.set(key, i));
  right.forEach((key, i) => peers.set(key, left.length + 1 + i));
  for (const key of crowd) peers.set(key, columns - 1);
  const head = (key: string): readonly [string, string] => {
    const { transport, remote } = first.get(key)!;
    return [shortened(plain(remote.host), lane - 2), `${transport} ${remote.port}`];
  };
  const heads = [
    ...left.map(head),
    ["sip-engine", shortened(ownPlaces(messages), lane - 2)] as const,
    ...right.map(head),
    ...(crowd.size > 0 ? [["others", `${crowd.size} peers`] as const] : []),
  ];
  const detailAt = at.at(-1)! + 3;
  return { heads, at, engine: left.length, peers, crowd, detailAt, detailWidth: Math.max(20, width - detailAt) };
}

/** `udp/tcp 5060, ws 8061`: where the engine took part. */
function ownPlaces(messages: readonly TracedMessage[]): string {
  const ports = new Map<number, Set<string>>();
  for (const { transport, local } of messages) {
    ports.set(local.port, (ports.get(local.port) ?? new Set()).add(transport));
  }
  return [...ports].map(([port, transports]) => `${[...transports].join("/")} ${port}`).join(", ");
}

/** Long addresses lose their middle: their ends tell them apart. */
function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const tail = Math.floor((most - 2) / 2);
  return `${text.slice(0, most - 2 - tail)}..${text.slice(text.length - tail)}`;
}
