import type { Codec } from "../audio/codec.js";
import type { Negotiated } from "../engine/negotiated.js";
import { parseRemote } from "./parse.js";
import { printDescription, type Printable } from "./print.js";
import {
  fine, problem, receives, reversed, sends,
  type Direction, type LocalTransport, type MediaLine, type OfferedCodec, type OfferedEvents, type RemoteDescription, type SdpResult,
} from "./description.js"; // prettier-ignore

/** The codecs and events one description names. */
export interface PayloadTypes {
  readonly codecs: readonly OfferedCodec[];
  readonly events: readonly OfferedEvents[];
}

const WIDE: readonly OfferedCodec[] = [
  { codec: "opus", payloadType: 111 },
  { codec: "G722", payloadType: 9 },
];
const PCMU: OfferedCodec = { codec: "PCMU", payloadType: 0 };
const PCMA: OfferedCodec = { codec: "PCMA", payloadType: 8 };

/** What we offer, best first, with the payload types that browsers use themselves. */
export const OUR_PAYLOADS: Readonly<Record<"webrtc" | "rtp", PayloadTypes>> = {
  webrtc: {
    codecs: [...WIDE, PCMU, PCMA],
    events: [
      { payloadType: 110, clockRate: 48000 },
      { payloadType: 126, clockRate: 8000 },
    ],
  },
  rtp: { codecs: [...WIDE, PCMA, PCMU], events: [{ payloadType: 101, clockRate: 8000 }] },
};

/** What both sides have agreed on. */
export interface Agreement {
  readonly remote: RemoteDescription;
  readonly negotiated: Negotiated;
  /** Our own direction. */
  readonly direction: Direction;
  readonly local: PayloadTypes;
}

type Phase =
  /** `before`: what `rollback` goes back to, when the last agreement came about by an answer of ours. */
  | {
      readonly phase: "stable";
      readonly agreed: Agreement | null;
      readonly before: { readonly agreed: Agreement | null } | null;
    }
  | { readonly phase: "offered"; readonly agreed: Agreement | null; readonly offer: Printable };

/**
 * Offer and answer for one leg (RFC 3264). Our description keeps its `o=` id, its lines, mid and payload types for life; the version
 * rises with each. Nothing here touches a socket: the transport is told what was agreed, and tells what to print.
 */
export class OfferAnswer {
  readonly #kind: "webrtc" | "rtp";
  readonly #sessionId: string;
  #version = 0;
  #state: Phase = { phase: "stable", agreed: null, before: null };
  /** Our last offer, while another answer to it may come: 200 after 183. */
  #answeredOffer: Printable | null = null;

  constructor(kind: "webrtc" | "rtp", sessionId: string) {
    this.#kind = kind;
    this.#sessionId = sessionId;
  }

  get agreed(): Agreement | null {
    return this.#state.agreed;
  }

  /** Everything the offer names, for the transport that is made before we can answer. */
  read(text: string): SdpResult<RemoteDescription> {
    if (this.#state.phase === "offered") return problem("wrong-state", "our own offer is not answered yet");
    const remote = parseRemote(text, this.#kind);
    if (!remote.ok) return remote;
    const before = this.agreed?.remote;
    if (before && remote.value.lines.length < before.lines.length)
      return problem("bad-sdp", "m-lines may not go away (RFC 3264 section 8)");
    return remote;
  }

  /** Agrees to an offer, choosing by the peer's preference among the payload types that the transport can carry. */
  accept(remote: RemoteDescription, carried: PayloadTypes | null): SdpResult<Agreement> {
    const possible =
      carried === null ? remote.codecs : remote.codecs.filter((c) => carried.codecs.some((k) => sameCodec(k, c)));
    // A codec that is used already is kept, so that a re-offer in another order changes nothing (RFC 3264 section 8).
    const chosen = possible.find((c) => c.codec === this.agreed?.negotiated.codec) ?? possible[0];
    if (!chosen) return problem("no-common-codec", "no audio codec in common");
    const known =
      carried === null
        ? remote.events
        : remote.events.filter((e) => carried.events.some((k) => k.payloadType === e.payloadType));
    const events = eventsFor(chosen.codec, known);
    const local = { codecs: [chosen], events: events ? [events] : [] };
    const agreement = agreementOf(remote, reversed(remote.direction), chosen, events, local);
    this.#state = { phase: "stable", agreed: agreement, before: { agreed: this.agreed } };
    this.#answeredOffer = null;
    return fine(agreement);
  }

  /** Our answer to the offer that was just accepted. */
  answer(transport: LocalTransport): string {
    const { remote, direction, local } = this.agreed!;
    const setup = remote.transport.kind === "webrtc" && remote.transport.setup === "passive" ? "active" : "passive";
    return this.#print({ lines: remote.lines, audio: remote.audio, bundled: remote.bundled, direction, ...local, setup, midExtension: midExtensionOf(remote) }, transport); // prettier-ignore
  }

  /** Our offer: the first one names all we can do, a later one what is in use, and neither holds nor un-holds by accident. */
  offer(transport: LocalTransport): string {
    const agreed = this.agreed;
    const offered = this.#offered(agreed);
    this.#state = { phase: "offered", agreed, offer: offered };
    return this.#print(offered, transport);
  }

  /** The peer's answer to our offer, or a further one to the same offer. */
  acceptAnswer(text: string, carried: PayloadTypes | null): SdpResult<Agreement> {
    const offer = this.#state.phase === "offered" ? this.#state.offer : this.#answeredOffer;
    if (offer === null) return problem("wrong-state", "there is no offer to be answered");
    const parsed = parseRemote(text, this.#kind);
    if (!parsed.ok) return parsed;
    const remote = parsed.value;
    if (remote.lines.length !== offer.lines.length)
      return problem("bad-sdp", "the answer must have the offer's m-lines (RFC 3264 section 6)");
    const direction = answeredDirection(offer.direction, remote.direction);
    if (direction === null)
      return problem("bad-sdp", `${remote.direction} is no answer to ${offer.direction} (RFC 3264 section 6.1)`);
    const chosen = remote.codecs.find((c) =>
      (carried?.codecs ?? offer.codecs).some((o) => (this.#kind === "rtp" ? o.codec === c.codec : sameCodec(o, c))),
    );
    if (!chosen) return problem("no-common-codec", "the answer names no codec of the offer");
    const events = eventsFor(chosen.codec, remote.events);
    const agreement = agreementOf(remote, direction, chosen, events, { codecs: offer.codecs, events: offer.events });
    this.#state = { phase: "stable", agreed: agreement, before: null };
    this.#answeredOffer = offer;
    return fine(agreement);
  }

  /** Forgets what was not agreed; says what is agreed now. */
  rollback(): Agreement | null {
    if (this.#state.phase === "offered") this.#state = { phase: "stable", agreed: this.#state.agreed, before: null };
    else if (this.#state.before) this.#state = { phase: "stable", agreed: this.#state.before.agreed, before: null };
    return this.agreed;
  }

  #offered(agreed: Agreement | null): Printable {
    if (agreed === null) {
      return { lines: [firstLine(this.#kind)], audio: 0, bundled: this.#kind === "webrtc", direction: "sendrecv", ...OUR_PAYLOADS[this.#kind], setup: "actpass", midExtension: null }; // prettier-ignore
    }
    const { remote, direction, local } = agreed;
    return { lines: remote.lines, audio: remote.audio, bundled: remote.bundled, direction, ...local, setup: "actpass", midExtension: midExtensionOf(remote) }; // prettier-ignore
  }

  #print(what: Printable, transport: LocalTransport): string {
    this.#version += 1;
    return printDescription({ sessionId: this.#sessionId, version: this.#version }, what, transport);
  }
}

const firstLine = (kind: "webrtc" | "rtp"): MediaLine => ({
  type: "audio",
  protocol: kind === "webrtc" ? "UDP/TLS/RTP/SAVPF" : "RTP/AVP",
  payloads: "",
  mid: kind === "webrtc" ? "0" : null,
  rtcpMux: false,
});

const sameCodec = (a: OfferedCodec, b: OfferedCodec): boolean => a.codec === b.codec && a.payloadType === b.payloadType;

/** Events run on the clock of the audio beside them where the peer has such (RFC 4733 section 2.1). */
function eventsFor(codec: Codec, known: readonly OfferedEvents[]): OfferedEvents | null {
  const clock = codec === "opus" ? 48000 : 8000;
  return known.find((e) => e.clockRate === clock) ?? known.find((e) => e.clockRate === 8000) ?? null;
}

/** The mid as a header extension is needed only where the peer does not say which SSRC it sends. */
const midExtensionOf = (remote: RemoteDescription): number | null =>
  remote.transport.kind === "webrtc" && remote.transport.ssrc === null ? remote.transport.midExtension : null;

/** Our direction once the peer has answered; null when it answers more than was offered. */
function answeredDirection(offered: Direction, answered: Direction): Direction | null {
  if (sends(answered) && !receives(offered)) return null;
  if (receives(answered) && !sends(offered)) return null;
  return reversed(answered);
}

function agreementOf(
  remote: RemoteDescription,
  direction: Direction,
  chosen: OfferedCodec,
  events: OfferedEvents | null,
  local: PayloadTypes,
): Agreement {
  const negotiated: Negotiated = {
    ...chosen,
    // RFC 3264 section 5.1: each side is sent the payload types of its own description; many phones use the other's.
    receive: new Map([...remote.codecs, ...local.codecs].map((c) => [c.payloadType, c.codec])),
    events,
    receiveEvents: new Map([...remote.events, ...local.events].map((e) => [e.payloadType, e.clockRate])),
    peerReceives: receives(remote.direction),
    peerSends: sends(remote.direction),
  };
  return { remote, negotiated, direction, local };
}
