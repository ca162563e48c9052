import type { ControlError, ControlResult } from "@legwork/shared/control";
import type { InteractionId, LegId } from "@legwork/shared/ids";
import type { Engine } from "../engine/engine.js";
import type { MediaLeg } from "../engine/media-leg.js";
import type { Wire } from "../ports/wire.js";
import type { RemoteDescription, SdpResult } from "../sdp/description.js";
import { OfferAnswer, OUR_PAYLOADS, type Agreement, type PayloadTypes } from "../sdp/offer-answer.js";

/** What a request comes to. */
export type Outcome =
  { readonly ok: true; readonly result: ControlResult } | { readonly ok: false; readonly error: ControlError };
export const done: Outcome = { ok: true, result: { type: "done" } };
export const failed = (code: ControlError["code"], message: string): Outcome => ({
  ok: false,
  error: { code, message },
});

export interface LegPorts {
  readonly engine: Engine;
  /** Makes the wire; `carried` are the payload types it must be able to carry, null for a wire that carries any. */
  wire(carried: PayloadTypes): Promise<Wire>;
}

/** One leg's signalling: its offers and answers, its wire, and a queue that carries its requests out one after the other. */
export class LegSession {
  readonly leg: MediaLeg;
  readonly #ports: LegPorts;
  readonly #offerAnswer: OfferAnswer;
  #wire: Wire | null = null;
  #queue: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(leg: MediaLeg, sessionId: string, ports: LegPorts) {
    this.leg = leg;
    this.#ports = ports;
    this.#offerAnswer = new OfferAnswer(leg.transport, sessionId);
  }

  get id(): LegId {
    return this.leg.id;
  }

  get interaction(): InteractionId {
    return this.leg.interaction;
  }

  get wire(): Wire | null {
    return this.#wire;
  }

  /** Runs `work` after everything asked of this leg before. */
  enqueue(work: () => Promise<Outcome>): Promise<Outcome> {
    const run = this.#queue.then(() => (this.#closed ? failed("unknown-leg", `${this.id} is closed`) : work()));
    this.#queue = run.catch(() => undefined); // The caller of enqueue sees the failure; the next in the queue does not.
    return run;
  }

  /** Makes the wire of a leg that needs no description for it. */
  async open(): Promise<void> {
    if (this.leg.transport === "rtp") await this.#wireFor(OUR_PAYLOADS.rtp);
  }

  async setRemoteOffer(sdp: string): Promise<Outcome> {
    const read = this.#offerAnswer.read(sdp);
    if (!read.ok) return { ok: false, error: read.problem };
    const remote = read.value;
    if (remote.codecs.length === 0) return failed("no-common-codec", "no audio codec in common");
    const wire = await this.#wireFor({ codecs: uniqueCodecs(remote), events: uniqueEvents(remote) });
    const agreement = this.#offerAnswer.accept(remote, wire.carried);
    if (!agreement.ok) return { ok: false, error: agreement.problem };
    await wire.prepare(remote);
    await this.#agree(agreement.value);
    return {
      ok: true,
      result: { type: "answer", sdp: this.#offerAnswer.answer(wire.local), remoteDirection: remote.direction },
    };
  }

  async createOffer(): Promise<Outcome> {
    const wire = await this.#wireFor(OUR_PAYLOADS[this.leg.transport]);
    return { ok: true, result: { type: "offer", sdp: this.#offerAnswer.offer(wire.local) } };
  }

  async setRemoteAnswer(sdp: string): Promise<Outcome> {
    const agreement: SdpResult<Agreement> = this.#offerAnswer.acceptAnswer(sdp, this.#wire?.carried ?? null);
    if (!agreement.ok) return { ok: false, error: agreement.problem };
    await this.#agree(agreement.value);
    return { ok: true, result: { type: "answered", remoteDirection: agreement.value.remote.direction } };
  }

  async rollback(): Promise<Outcome> {
    const agreed = this.#offerAnswer.rollback();
    if (agreed) await this.#agree(agreed);
    else this.#ports.engine.agree(this.leg, null);
    return done;
  }

  sendDtmf(digits: string): Outcome {
    if (!this.leg.sender.knowsEvents) return failed("wrong-state", "telephone-event was not negotiated on this leg");
    this.leg.sender.dtmf.send(digits);
    return done;
  }

  close(): void {
    this.#closed = true;
    this.#wire?.close();
  }

  async #wireFor(carried: PayloadTypes): Promise<Wire> {
    this.#wire ??= await this.#ports.wire(carried);
    if (this.#closed) this.#wire.close(); // Closed while the wire was being made.
    return this.#wire;
  }

  async #agree(agreement: Agreement): Promise<void> {
    await this.#wire!.agree(agreement);
    const { transport } = agreement.remote;
    if (transport.kind === "rtp") {
      this.leg.receiver.lock.expect(transport.address && `${transport.address.ip}:${transport.address.port}`);
      if (transport.address) this.leg.sendable = true;
    }
    this.#ports.engine.agree(this.leg, agreement.negotiated);
  }
}

/** A router knows each codec once, and a payload type only once. */
function uniqueCodecs(remote: RemoteDescription): PayloadTypes["codecs"] {
  return remote.codecs.filter((c, i) => remote.codecs.findIndex((d) => d.codec === c.codec) === i);
}

function uniqueEvents(remote: RemoteDescription): PayloadTypes["events"] {
  return remote.events.filter((e, i) => remote.events.findIndex((f) => f.clockRate === e.clockRate) === i);
}
