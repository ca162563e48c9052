import { AUDIO_PROFILES } from "@legwork/shared/media";
import * as sdpTransform from "sdp-transform";
import type { MediaDescription, SessionDescription } from "sdp-transform";
import type { Codec } from "../audio/codec.js";
import {
  fine, problem,
  type Direction, type OfferedCodec, type OfferedEvents, type RemoteDescription, type RemoteTransport, type SdpResult, type Setup,
} from "./description.js"; // prettier-ignore

const MID_EXTENSION = "urn:ietf:params:rtp-hdrext:sdes:mid";
const IPV4 = /^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/;

/** Payload types that need no rtpmap (RFC 3551 section 6). */
const STATIC_CODECS: ReadonlyMap<number, Codec> = new Map([
  [0, "PCMU"],
  [8, "PCMA"],
  [9, "G722"],
]);

/** By name and clock rate. */
const CODECS: ReadonlyMap<string, Codec> = new Map([
  ["opus/48000", "opus"],
  ["g722/8000", "G722"],
  ["pcmu/8000", "PCMU"],
  ["pcma/8000", "PCMA"],
]);

type Kind = keyof typeof AUDIO_PROFILES;

/**
 * Reads a description of a peer of the kind given. What it cannot be answered with 200 for is a problem with a reason. Of several audio
 * lines it takes the first with a codec that we speak.
 */
export function parseRemote(text: string, kind: Kind): SdpResult<RemoteDescription> {
  const session = parsed(text);
  if (session === null) return problem("bad-sdp", "not a session description");
  const ours = session.media.filter((m) => m.type === "audio" && m.port !== 0 && AUDIO_PROFILES[kind].has(m.protocol));
  const line = ours.find((m) => codecsOf(m).length > 0) ?? ours[0];
  if (line === undefined) return problem("no-common-codec", `no audio that a ${kind} leg can speak`);
  const transport = kind === "webrtc" ? webrtcTransport(session, line) : rtpTransport(session, line);
  if (!transport.ok) return transport;
  const direction = line.direction ?? session.direction ?? "sendrecv";
  return fine({
    lines: session.media.map((m) => ({
      type: m.type,
      protocol: m.protocol,
      payloads: String(m.payloads ?? ""),
      mid: m.mid === undefined ? null : String(m.mid),
      rtcpMux: m.rtcpMux !== undefined,
    })),
    audio: session.media.indexOf(line),
    bundled: (session.groups ?? []).some(
      (g) => g.type === "BUNDLE" && String(g.mids).split(" ").includes(String(line.mid)),
    ),
    direction: kind === "rtp" ? withOldHold(direction, connectionIp(session, line)) : direction,
    codecs: codecsOf(line),
    events: eventsOf(line),
    transport: transport.value,
  });
}

function parsed(text: string): SessionDescription | null {
  try {
    if (!/^v=0\s*$/m.test(text)) return null;
    const session = sdpTransform.parse(text);
    return session.media.length > 0 && session.origin !== undefined ? session : null;
  } catch {
    return null; // The library trips over some kinds of nonsense.
  }
}

/** RFC 2543 phones hold with an address of zero and no direction; RFC 3264 section 8.4 asks us to understand it. */
function withOldHold(direction: Direction, ip: string | null): Direction {
  if (ip !== "0.0.0.0") return direction;
  return direction === "sendrecv" || direction === "sendonly" ? "sendonly" : "inactive";
}

const connectionIp = (session: SessionDescription, line: MediaDescription): string | null =>
  (line.connection ?? session.connection)?.ip ?? null;

function payloadTypes(line: MediaDescription): number[] {
  return String(line.payloads ?? "")
    .split(" ")
    .map(Number)
    .filter((pt) => Number.isInteger(pt) && pt >= 0 && pt <= 127);
}

function codecsOf(line: MediaDescription): OfferedCodec[] {
  return payloadTypes(line).flatMap((payloadType) => {
    const map = line.rtp.find((r) => r.payload === payloadType);
    const codec = map ? codecNamed(map.codec, map.rate) : STATIC_CODECS.get(payloadType);
    return codec ? [{ codec, payloadType }] : [];
  });
}

const codecNamed = (name: string, rate: number | undefined): Codec | undefined =>
  CODECS.get(`${name.toLowerCase()}/${rate ?? 8000}`);

function eventsOf(line: MediaDescription): OfferedEvents[] {
  return payloadTypes(line).flatMap((payloadType) => {
    const map = line.rtp.find((r) => r.payload === payloadType && r.codec.toLowerCase() === "telephone-event");
    return map && (map.rate === 8000 || map.rate === 48000) ? [{ payloadType, clockRate: map.rate }] : [];
  });
}

/** Our sockets are IPv4 and look no names up: to any other address nothing could be sent. */
function rtpTransport(session: SessionDescription, line: MediaDescription): SdpResult<RemoteTransport> {
  const ip = connectionIp(session, line);
  if (ip === null) return problem("bad-sdp", "no c= line");
  if (!IPV4.test(ip)) return problem("no-common-codec", `no IPv4 address to send to, but ${ip}`);
  const usable = ip !== "0.0.0.0" && line.port > 0 && line.port < 65536;
  const rtcpMux = line.rtcpMux !== undefined;
  const rtcpPort = rtcpMux ? line.port : (line.rtcp?.port ?? line.port + 1);
  return fine({ kind: "rtp", address: usable ? { ip, port: line.port, rtcpPort } : null, rtcpMux });
}

function webrtcTransport(session: SessionDescription, line: MediaDescription): SdpResult<RemoteTransport> {
  const fingerprint = line.fingerprint ?? session.fingerprint;
  const iceUfrag = line.iceUfrag ?? session.iceUfrag;
  if (!fingerprint) return problem("no-common-codec", "no DTLS fingerprint");
  if (iceUfrag === undefined) return problem("no-common-codec", "no ICE credentials");
  if (line.rtcpMux === undefined) return problem("no-common-codec", "RTCP is not multiplexed");
  const setup = line.setup ?? session.setup ?? "actpass";
  if (!isSetup(setup)) return problem("bad-sdp", `setup:${setup}`);
  return fine({
    kind: "webrtc",
    iceUfrag: String(iceUfrag),
    setup,
    fingerprint: { algorithm: fingerprint.type.toLowerCase(), value: fingerprint.hash.toUpperCase() },
    ssrc: line.ssrcs?.[0]?.id ?? null,
    midExtension: line.ext?.find((e) => e.uri === MID_EXTENSION)?.value ?? null,
  });
}

const isSetup = (value: string): value is Setup => value === "actpass" || value === "active" || value === "passive";
