import type { TracedMessage } from "./message.js";

const BEGAN = Date.UTC(2026, 10, 23, 9, 14, 3, 120);

/** Made for tests: a message at `ms` after the beginning. */
export function traced(
  ms: number,
  direction: "in" | "out",
  peer: string,
  lines: readonly string[],
  body: readonly string[] = [],
): TracedMessage {
  const [transport = "udp", place = ""] = peer.split(" ");
  const colon = place.lastIndexOf(":");
  const octets = [...lines, "", ""].join("\r\n") + body.map((line) => `${line}\r\n`).join("");
  return {
    at: BEGAN + ms,
    direction,
    transport: transport as TracedMessage["transport"],
    local: { host: "192.0.2.1", port: transport === "udp" ? 5060 : 8061 },
    remote: { host: place.slice(0, colon), port: Number(place.slice(colon + 1)) },
    octets,
  };
}

const PHONE = "udp 192.0.2.10:5062";
const AGENT = "ws 198.51.100.77:50412";

const sdp = (host: string, port: number, ...more: readonly string[]): string[] => [
  "v=0",
  `o=- 1 1 IN IP4 ${host}`,
  "s=-",
  `c=IN IP4 ${host}`,
  "t=0 0",
  `m=audio ${port} RTP/AVP 8 0 101`,
  "a=rtpmap:101 telephone-event/8000",
  ...more,
];

function head(callId: string, cseq: string, toTag: string): string[] {
  return [
    `Via: SIP/2.0/UDP 192.0.2.10:5062;branch=z9hG4bK${callId.length}${cseq.replace(" ", "")}`,
    'From: "K\xc3\xa5re \x1b[31m" <sip:+4722334455@example.com>;tag=a73',
    `To: <sip:service@example.com>${toTag}`,
    `Call-ID: ${callId}`,
    `CSeq: ${cseq}`,
  ];
}

const A = "7f3c-1@192.0.2.10";
const TAG = ";tag=b9";
const INVITE = [
  "INVITE sip:service@192.0.2.1 SIP/2.0",
  ...head(A, "1 INVITE", ""),
  "Content-Type: application/sdp",
  'Authorization: Digest username="kari", realm="example", nonce="n1", uri="sip:x", response="0123456789abcdef0123456789abcdef"',
];
const OK = ["SIP/2.0 200 OK", ...head(A, "1 INVITE", TAG), "Content-Type: application/sdp"];

/** A caller's leg: an INVITE sent twice, an answer, a hold and a BYE. */
export const CALLER_LEG: readonly TracedMessage[] = [
  traced(0, "in", PHONE, INVITE, sdp("192.0.2.10", 4000)),
  traced(501, "in", PHONE, INVITE, sdp("192.0.2.10", 4000)),
  traced(502.25, "out", PHONE, ["SIP/2.0 100 Trying", ...head(A, "1 INVITE", "")]),
  traced(
    530,
    "out",
    PHONE,
    ["SIP/2.0 183 Session Progress", ...head(A, "1 INVITE", TAG), "RSeq: 1"],
    sdp("192.0.2.1", 40002),
  ),
  traced(540, "in", PHONE, ["PRACK sip:192.0.2.1 SIP/2.0", ...head(A, "2 PRACK", TAG), "RAck: 1 1 INVITE"]),
  traced(541, "out", PHONE, ["SIP/2.0 200 OK", ...head(A, "2 PRACK", TAG)]),
  traced(4210, "out", PHONE, OK, sdp("192.0.2.1", 40002)),
  traced(4225, "in", PHONE, ["ACK sip:192.0.2.1 SIP/2.0", ...head(A, "1 ACK", TAG)]),
  traced(
    9000,
    "out",
    PHONE,
    ["INVITE sip:kari@192.0.2.10 SIP/2.0", ...head(A, "7 INVITE", TAG)],
    sdp("192.0.2.1", 40002, "a=sendonly"),
  ),
  traced(9014, "in", PHONE, ["SIP/2.0 200 OK", ...head(A, "7 INVITE", TAG)], sdp("192.0.2.10", 4000, "a=recvonly")),
  traced(9015, "out", PHONE, ["ACK sip:kari@192.0.2.10 SIP/2.0", ...head(A, "7 ACK", TAG)]),
  traced(31_000, "in", PHONE, [
    "BYE sip:192.0.2.1 SIP/2.0",
    ...head(A, "3 BYE", TAG),
    'Reason: Q.850;cause=16;text="Normal call clearing"',
  ]),
  traced(31_001, "out", PHONE, ["SIP/2.0 200 OK", ...head(A, "3 BYE", TAG)]),
];

const B = "b2b-99f1";

/** The leg to an agent's browser that belongs to it. */
export const AGENT_LEG: readonly TracedMessage[] = [
  traced(
    504,
    "out",
    AGENT,
    ["INVITE sip:anna@198.51.100.77;transport=ws SIP/2.0", ...head(B, "1 INVITE", "")],
    [
      "v=0",
      "o=- 1 1 IN IP4 192.0.2.1",
      "s=-",
      "c=IN IP4 192.0.2.1",
      "t=0 0",
      "m=audio 40010 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13",
      "a=rtpmap:111 opus/48000/2",
      "a=rtpmap:63 red/48000/2",
      "m=video 0 UDP/TLS/RTP/SAVPF 96",
    ],
  ),
  traced(520, "in", AGENT, ["SIP/2.0 180 Ringing", ...head(B, "1 INVITE", TAG)]),
  traced(4200, "in", AGENT, ["SIP/2.0 200 OK", ...head(B, "1 INVITE", TAG)]),
  traced(4201, "out", AGENT, ["ACK sip:anna@198.51.100.77;transport=ws SIP/2.0", ...head(B, "1 ACK", TAG)]),
  traced(31_003, "out", AGENT, ["BYE sip:anna@198.51.100.77;transport=ws SIP/2.0", ...head(B, "2 BYE", TAG)]),
  traced(31_020, "in", AGENT, ["SIP/2.0 200 OK", ...head(B, "2 BYE", TAG)]),
];

/** Both, in order of time. */
export const BOTH_LEGS = [...CALLER_LEG, ...AGENT_LEG].sort((a, b) => a.at - b.at);
