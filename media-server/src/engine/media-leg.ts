import type { InteractionId, LegId, SeatId } from "@legwork/shared/ids";
import type { Report } from "../rtp/rtcp.js";
import { LegReceiver } from "./leg-receiver.js";
import { LegSender, type SenderPorts } from "./leg-sender.js";
import type { Negotiated } from "./negotiated.js";

/** A leg that should send and has sent nothing for this long is lost. Browsers do not suppress silence; telephones may. */
const SILENT_MS = { webrtc: 5_000, rtp: 30_000 } as const;

/** One listener: a seat, whichever of its legs it listens on, or a leg that the plan gives no seat. */
export type Ear = SeatId | LegId;

export interface LegStart {
  readonly id: LegId;
  readonly interaction: InteractionId;
  readonly transport: "webrtc" | "rtp";
  readonly ssrc: number;
  readonly sequence: number;
  readonly timestamp: number;
}

/** One leg as the media thread sees it: a receiver, a sender, and whether there is a wire between them and the peer. */
export class MediaLeg {
  readonly id: LegId;
  readonly interaction: InteractionId;
  readonly transport: "webrtc" | "rtp";
  readonly receiver: LegReceiver;
  readonly sender: LegSender;
  /** There is somewhere to send to: DTLS is up, or the peer's address is known. */
  sendable = false;
  /** The peer was heard of (RTP) or is connected (WebRTC). */
  up = false;
  /** Those who get this leg's packets as they are, and those who get its key presses. */
  relayTo: readonly MediaLeg[] = [];
  eventsTo: readonly MediaLeg[] = [];
  /** Those who hear this leg by the plan, and those of them for whom it holds only sound of before they did. */
  listeners: ReadonlySet<Ear> = new Set();
  readonly #newcomers = new Set<Ear>();
  negotiated: Negotiated | null = null;
  #expectedSinceMs: number | null = null;
  #lastHeardMs = -Infinity;
  #lost = false;
  #packetsReported = 0;

  constructor(start: LegStart, ports: SenderPorts) {
    this.id = start.id;
    this.interaction = start.interaction;
    this.transport = start.transport;
    this.receiver = new LegReceiver(ports.codecs);
    this.sender = new LegSender(ports, start);
  }

  agree(negotiated: Negotiated | null): void {
    this.negotiated = negotiated;
    this.receiver.agree(negotiated);
    this.sender.agree(negotiated);
  }

  /**
   * Nobody hears what was said before they listened (MX-1): up to 120 ms wait in the jitter buffer. Where nobody goes on listening they are
   * thrown away; otherwise they are played out to those who do, without a gap (CF-1), and newcomers wait for what comes after.
   */
  hearBy(listeners: ReadonlySet<Ear>): void {
    const before = this.listeners;
    this.listeners = listeners;
    for (const id of this.#newcomers) if (!listeners.has(id)) this.#newcomers.delete(id);
    const added = [...listeners].filter((id) => !before.has(id));
    if (added.length === 0) return;
    if (added.length === listeners.size) {
      this.#newcomers.clear();
      this.receiver.forgetSound();
      return;
    }
    for (const id of added) this.#newcomers.add(id);
    this.receiver.markSound();
  }

  /** Whether the sound of this tick may go to a listener. To be asked after it was pulled. */
  mayBeHeardBy(listener: Ear): boolean {
    if (this.#newcomers.size > 0 && this.receiver.soundIsFresh) this.#newcomers.clear();
    return !this.#newcomers.has(listener);
  }

  /** Whether packets may be sent: somewhere to send to, something agreed, and a peer that wants to hear. */
  get maySend(): boolean {
    return this.sendable && this.negotiated !== null && this.negotiated.peerReceives;
  }

  /** Nothing can ever be sent to a peer that holds us; its part of a plan is in force as soon as it is taken. */
  get doesNotListen(): boolean {
    return this.negotiated !== null && !this.negotiated.peerReceives;
  }

  /** What is to be reported now (RFC 3550 section 6.4), also to a peer that holds us (RFC 3264 section 5.1). */
  report(nowMs: number, wallClockMs: number): Report {
    const { ssrc, packets, octets } = this.sender.out;
    const sent = packets > this.#packetsReported ? { wallClockMs, timestamp: this.sender.out.timestampAt(nowMs), packets, octets } : null; // prettier-ignore
    this.#packetsReported = packets;
    return { ssrc, cname: "legwork", sent, received: this.receiver.stream.report(nowMs) };
  }

  /** RTP or RTCP came from the peer; true when the leg is up by that. A browser's is up by ICE and DTLS, and again by RTP when it was lost. */
  heard(nowMs: number): boolean {
    this.#lastHeardMs = nowMs;
    const news = this.#lost || (this.transport === "rtp" && !this.up);
    if (!news) return false;
    this.up = true;
    this.#lost = false;
    return true;
  }

  /** True when the leg should have been heard and is lost now. `expected`: it is in a conversation, not on hold. */
  watch(expected: boolean, nowMs: number): boolean {
    const mute = this.transport === "webrtc" && !this.up; // not connected yet: ICE and DTLS tell
    if (mute || this.#lost || !expected || !this.negotiated?.peerSends) {
      this.#expectedSinceMs = null;
      return false;
    }
    this.#expectedSinceMs ??= nowMs;
    if (nowMs - Math.max(this.#expectedSinceMs, this.#lastHeardMs) < SILENT_MS[this.transport]) return false;
    this.#lost = true;
    this.up = false;
    return true;
  }

  close(): void {
    this.receiver.close();
    this.sender.close();
  }
}
