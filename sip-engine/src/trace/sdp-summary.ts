/** Payload types every endpoint knows without an rtpmap (RFC 3551 6). */
const STATIC: Readonly<Record<string, string>> = {
  "0": "PCMU",
  "3": "GSM",
  "8": "PCMA",
  "9": "G722",
  "13": "CN",
  "18": "G729",
};
/** Profiles as they are called in talk; RTP/AVP goes without saying (RFC 3551, 3711, 5764). */
const PROFILES: Readonly<Record<string, string>> = {
  "RTP/AVP": "",
  "RTP/SAVP": "SRTP",
  "RTP/SAVPF": "SRTP",
  "UDP/TLS/RTP/SAVP": "DTLS-SRTP",
  "UDP/TLS/RTP/SAVPF": "DTLS-SRTP",
};
/** Offers of browsers name a dozen codecs; the first ones tell enough. */
const MOST_FORMATS = 4;
const MOST_MEDIA = 8;
const DIRECTIONS = /^a=(sendrecv|sendonly|recvonly|inactive)$/;

/**
 * One line per media description of a body with SDP, bare or inside a multipart: `SDP 0 PCMU 192.0.2.1:4000 sendonly`.
 * Audio, RTP/AVP and sendrecv go without saying; telephone-event is told as DTMF. No SDP: no lines.
 */
export function sdpSummary(body: string): string[] {
  const begin = /(?:^|\n)(?=v=0\r?\n)/.exec(body);
  if (begin === null) return [];
  const text = body.slice(begin.index + begin[0].length).split(/\r?\n--/)[0]!;
  const sections = text.split(/\r?\n(?=m=)/).map((section) => section.split(/\r?\n/));
  const [session = [], ...media] = sections;
  const usual = { host: connection(session) ?? "?", direction: directionIn(session) ?? "sendrecv" };
  const told = media.slice(0, MOST_MEDIA).map((lines) => mediaLine(lines, usual));
  return media.length <= MOST_MEDIA ? told : [...told, `SDP +${media.length - MOST_MEDIA} media`];
}

/** What holds for media that say nothing themselves. */
interface Usual {
  readonly host: string;
  readonly direction: string;
}

function mediaLine(lines: readonly string[], usual: Usual): string {
  const [kind = "", port = "", protocol = "", ...formats] = (lines[0] ?? "").slice(2).split(" ");
  const host = connection(lines) ?? usual.host;
  const direction = directionIn(lines) ?? usual.direction;
  const more = formats.length > MOST_FORMATS ? [`+${formats.length - MOST_FORMATS}`] : [];
  const parts = [
    "SDP",
    ...(kind === "audio" ? [] : [kind]),
    ...[PROFILES[protocol] ?? protocol].filter((name) => name !== ""),
    ...formats.slice(0, MOST_FORMATS).map((format) => named(format, lines)),
    ...more,
    port === "0" ? "refused" : host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`,
    ...(direction === "sendrecv" || port === "0" ? [] : [direction]),
  ];
  return parts.join(" ");
}

function named(format: string, lines: readonly string[]): string {
  const map = lines.find((line) => line.startsWith(`a=rtpmap:${format} `));
  const codec = map?.split(" ")[1]?.split("/")[0] ?? STATIC[format];
  if (codec === undefined) return format;
  return `${format} ${codec === "telephone-event" ? "DTMF" : codec}`;
}

function connection(lines: readonly string[]): string | undefined {
  const line = lines.find((one) => one.startsWith("c="));
  return line?.split(" ")[2]?.split("/")[0];
}

function directionIn(lines: readonly string[]): string | undefined {
  for (const line of lines) {
    const found = DIRECTIONS.exec(line);
    if (found !== null) return found[1];
  }
  return undefined;
}
