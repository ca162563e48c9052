/** A SIP message as text needs it: start line, headers in order, body. Compact names are spelled out. */
export interface SipText {
  readonly start: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

const LONG_NAMES: Readonly<Record<string, string>> = {
  v: "via",
  f: "from",
  t: "to",
  i: "call-id",
  m: "contact",
  c: "content-type",
  l: "content-length",
};

/** Parses one datagram; undefined when it is no SIP message (a keep-alive, say). */
export function parseSip(text: string): SipText | undefined {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [start = "", ...lines] = text
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, " ")
    .split("\r\n");
  const headers = lines.map((line) => {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).trim().toLowerCase();
    return [LONG_NAMES[name] ?? name, line.slice(colon + 1).trim()] as const;
  });
  return { start, headers, body: text.slice(end + 4) };
}

export const formatSip = ({ start, headers, body }: SipText): string =>
  [
    start,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${Buffer.byteLength(body)}`,
    "",
    body,
  ].join("\r\n");

export const all = (message: SipText, name: string): string[] =>
  message.headers.filter(([key]) => key.toLowerCase() === name.toLowerCase()).map(([, value]) => value);

export const header = (message: SipText, name: string): string => all(message, name)[0] ?? "";

/** "INVITE" of a request; "" of a response. */
export const methodOf = (message: SipText): string =>
  message.start.startsWith("SIP/2.0 ") ? "" : message.start.split(" ")[0]!;

/** 200 of a response; 0 of a request. */
export const statusOf = (message: SipText): number =>
  methodOf(message) === "" ? Number(message.start.split(" ")[1]) : 0;

export const tagOf = (value: string): string => /;\s*tag=([^;\s>]+)/i.exec(value.replace(/<[^>]*>/, ""))?.[1] ?? "";

/** The URI of a From, To or Contact value. */
export const uriOf = (value: string): string => /<([^>]*)>/.exec(value)?.[1] ?? value.split(";")[0]!.trim();

/** Host and port that a URI leads to over UDP. Tests name addresses, never domains. */
export function placeOf(uri: string): { host: string; port: number } {
  const [, host = "", port] = /^sips?:(?:[^@]*@)?([^;:?>]+)(?::(\d+))?/i.exec(uri) ?? [];
  return { host, port: port ? Number(port) : 5060 };
}

export type Direction = "sendrecv" | "sendonly" | "recvonly" | "inactive";

/** What a phone reads out of the other end's audio description. */
export interface AudioDescription {
  readonly address: string;
  readonly port: number;
  readonly direction: Direction;
  /** Payload type of telephone events. */
  readonly eventType: number | undefined;
}

export function parseAudio(sdp: string): AudioDescription | undefined {
  const media = /^m=audio (\d+) \S+ (.*)$/m.exec(sdp);
  const address = /^c=IN IP4 (\S+)/m.exec(sdp)?.[1];
  if (!media || !address) return undefined;
  const direction = /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/m.exec(sdp)?.[1] as Direction | undefined;
  const eventType = /^a=rtpmap:(\d+) telephone-event\/8000/im.exec(sdp)?.[1];
  return {
    address,
    port: Number(media[1]),
    direction: direction ?? "sendrecv",
    eventType: eventType === undefined ? undefined : Number(eventType),
  };
}

export function formatAudio(own: {
  id: number;
  version: number;
  address: string;
  port: number;
  direction: Direction;
}): string {
  return [
    "v=0",
    `o=customer ${own.id} ${own.version} IN IP4 ${own.address}`,
    "s=-",
    `c=IN IP4 ${own.address}`,
    "t=0 0",
    `m=audio ${own.port} RTP/AVP 0 101`,
    "a=rtpmap:0 PCMU/8000",
    "a=rtpmap:101 telephone-event/8000",
    "a=fmtp:101 0-15",
    "a=ptime:20",
    `a=${own.direction}`,
    "",
  ].join("\r\n");
}

/** What we may say to an offer when we want `wanted` ourselves (RFC 3264 6.1). */
export function answerDirection(offered: Direction, wanted: Direction): Direction {
  const theySend = offered === "sendrecv" || offered === "sendonly";
  const theyReceive = offered === "sendrecv" || offered === "recvonly";
  const send = theyReceive && (wanted === "sendrecv" || wanted === "sendonly");
  const receive = theySend && (wanted === "sendrecv" || wanted === "recvonly");
  return send ? (receive ? "sendrecv" : "sendonly") : receive ? "recvonly" : "inactive";
}
