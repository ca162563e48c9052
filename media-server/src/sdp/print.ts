import * as sdpTransform from "sdp-transform";
import type { MediaDescription, SessionDescription } from "sdp-transform";
import type { Direction, LocalTransport, MediaLine, OfferedCodec, OfferedEvents, Setup } from "./description.js";

/** What goes into a description of ours, beside the transport. */
export interface Printable {
  readonly lines: readonly MediaLine[];
  readonly audio: number;
  readonly bundled: boolean;
  readonly direction: Direction;
  readonly codecs: readonly OfferedCodec[];
  readonly events: readonly OfferedEvents[];
  readonly setup: Setup;
  /** Id of the mid header extension, where the peer needs it. */
  readonly midExtension: number | null;
}

const STREAM = "legwork";
const RTPMAP = {
  opus: { codec: "opus", rate: 48000, encoding: 2 },
  G722: { codec: "G722", rate: 8000 },
  PCMU: { codec: "PCMU", rate: 8000 },
  PCMA: { codec: "PCMA", rate: 8000 },
} as const;

/** Writes a description: our audio, and every other m-line refused. */
export function printDescription(
  origin: { sessionId: string; version: number },
  what: Printable,
  transport: LocalTransport,
): string {
  const ip = transport.kind === "rtp" ? transport.ip : (transport.candidates[0]?.ip ?? "0.0.0.0");
  const mid = what.lines[what.audio]!.mid;
  const session: SessionDescription = {
    version: 0,
    origin: {
      username: "-",
      sessionId: origin.sessionId,
      sessionVersion: origin.version,
      netType: "IN",
      ipVer: 4,
      address: ip,
    },
    name: "-",
    connection: { version: 4, ip },
    timing: { start: 0, stop: 0 },
    ...(transport.kind === "webrtc" ? { icelite: "ice-lite" as const } : {}),
    ...(what.bundled && mid !== null ? { groups: [{ type: "BUNDLE", mids: mid }] } : {}),
    media: what.lines.map((line, i) => (i === what.audio ? audioLine(line, what, transport) : refused(line))),
  };
  return sdpTransform.write(session);
}

const refused = (line: MediaLine): MediaDescription => ({
  type: line.type,
  port: 0,
  protocol: line.protocol,
  payloads: line.payloads,
  rtp: [],
  fmtp: [],
  direction: "inactive",
  ...(line.mid === null ? {} : { mid: line.mid }),
});

function audioLine(line: MediaLine, what: Printable, transport: LocalTransport): MediaDescription {
  const opus = what.codecs.find((c) => c.codec === "opus");
  return {
    type: "audio",
    port: transport.kind === "rtp" ? transport.port : (transport.candidates[0]?.port ?? 9),
    protocol: line.protocol,
    payloads: [...what.codecs, ...what.events].map((c) => c.payloadType).join(" "),
    ...(line.mid === null ? {} : { mid: line.mid }),
    rtp: [
      ...what.codecs.map((c) => ({ payload: c.payloadType, ...RTPMAP[c.codec] })),
      ...what.events.map((e) => ({ payload: e.payloadType, codec: "telephone-event", rate: e.clockRate })),
    ],
    fmtp: [
      // In-band FEC is of use on the relayed path, where the other browser decodes it.
      ...(opus ? [{ payload: opus.payloadType, config: "minptime=10;useinbandfec=1;stereo=0;sprop-stereo=0" }] : []),
      ...what.events.map((e) => ({ payload: e.payloadType, config: "0-15" })),
    ],
    ptime: 20,
    direction: what.direction,
    ...(transport.kind === "webrtc" ? webrtcLines(what, transport) : rtpLines(line)),
  };
}

const rtpLines = (line: MediaLine): Partial<MediaDescription> => (line.rtcpMux ? { rtcpMux: "rtcp-mux" } : {});

function webrtcLines(what: Printable, transport: LocalTransport & { kind: "webrtc" }): Partial<MediaDescription> {
  return {
    iceUfrag: transport.ice.ufrag,
    icePwd: transport.ice.pwd,
    fingerprint: { type: transport.fingerprint.algorithm, hash: transport.fingerprint.value },
    setup: what.setup,
    rtcpMux: "rtcp-mux",
    ...(what.midExtension === null
      ? {}
      : { ext: [{ value: what.midExtension, uri: "urn:ietf:params:rtp-hdrext:sdes:mid" }] }),
    msid: [{ id: STREAM, appdata: "audio" }],
    ssrcs: [
      { id: transport.ssrc, attribute: "cname", value: STREAM },
      { id: transport.ssrc, attribute: "msid", value: `${STREAM} audio` },
    ],
    candidates: transport.candidates.map((c) => ({
      foundation: c.foundation,
      component: 1,
      transport: c.protocol,
      priority: c.priority,
      ip: c.ip,
      port: c.port,
      type: "host",
      ...(c.protocol === "tcp" ? { tcptype: "passive" } : {}),
    })),
    endOfCandidates: "end-of-candidates",
  };
}
