import { randomBytes, randomInt } from "node:crypto";
import { legPlanFromWire, type ControlEvent, type ControlRequestBody } from "@legwork/shared/control";
import type { InteractionId, LegId } from "@legwork/shared/ids";
import type { CodecFactory } from "../audio/codec.js";
import type { Kernel } from "../audio/kernel.js";
import type { SoundLibrary } from "../audio/sound-library.js";
import { Engine } from "../engine/engine.js";
import type { MediaLeg } from "../engine/media-leg.js";
import { NoPortLeft, type WireEvents, type Wires } from "../ports/wire.js";
import { readSenderReport } from "../rtp/rtcp.js";
import { done, failed, LegSession, type Outcome } from "./leg-session.js";
import { dumpOf } from "./dump.js";
import type { ThreadReply, ThreadRequestBody } from "./messages.js";
import { Ticker } from "./ticker.js";

/** A report every 5 s (RFC 3550 section 6.2), spread over the ticks. */
const REPORT_TICKS = 250;

export interface ThreadParts {
  readonly thread: number;
  readonly wires: Wires;
  readonly sounds: SoundLibrary;
  readonly codecs: CodecFactory;
  readonly kernel: Kernel;
  emit(event: ControlEvent): void;
  warn(fields: Record<string, unknown>, message: string): void;
}

/** Everything of one media thread: its legs, their wires, the engine between them and the clock that drives it. */
export class MediaThread {
  readonly #parts: ThreadParts;
  readonly #engine: Engine;
  readonly #sessions = new Map<LegId, LegSession>();
  readonly #ticker = new Ticker((at) => this.#tick(at));
  #ticks = 0;

  constructor(parts: ThreadParts) {
    this.#parts = parts;
    this.#engine = new Engine((event) => parts.emit(event), parts.kernel);
  }

  async handle(request: ThreadRequestBody): Promise<ThreadReply> {
    try {
      return await this.#dispatch(request);
    } catch (error) {
      if (error instanceof NoPortLeft) return failed("overloaded", error.message);
      this.#parts.warn({ err: String(error), type: request.type }, "request failed");
      return failed("internal", error instanceof Error ? error.message : String(error));
    }
  }

  close(): void {
    this.#ticker.stop();
    for (const session of this.#sessions.values()) session.close();
    this.#sessions.clear();
    this.#parts.wires.close();
  }

  async #dispatch(request: ThreadRequestBody): Promise<ThreadReply> {
    switch (request.type) {
      case "openLeg":
        return this.#openLeg(request);
      case "setRemoteOffer":
        return this.#with(request.leg, (session) => session.setRemoteOffer(request.sdp));
      case "createOffer":
        return this.#with(request.leg, (session) => session.createOffer());
      case "setRemoteAnswer":
        return this.#with(request.leg, (session) => session.setRemoteAnswer(request.sdp));
      case "rollback":
        return this.#with(request.leg, (session) => session.rollback());
      case "sendDtmf":
        return this.#with(request.leg, async (session) => session.sendDtmf(request.digits));
      case "closeLeg":
        this.#closeLeg(request.leg);
        return done;
      case "applyPlan":
        return this.#applyPlan(request);
      case "closeInteraction":
        this.#closeInteraction(request.interaction);
        return done;
      case "dump":
        return {
          ok: true,
          dump: dumpOf(
            this.#parts.thread,
            this.#engine,
            await this.#parts.wires.counts(),
            this.#ticker.running ? 1 : 0,
          ),
        };
    }
  }

  async #openLeg(request: ControlRequestBody & { type: "openLeg" }): Promise<Outcome> {
    const known = this.#sessions.get(request.leg);
    const opened: Outcome = { ok: true, result: { type: "leg", thread: this.#parts.thread } };
    if (known) {
      const same = known.interaction === request.interaction && known.leg.transport === request.transport;
      return same ? opened : failed("leg-exists", `${request.leg} exists with other fields`);
    }
    const session = this.#makeSession(request.leg, request.interaction, request.transport);
    return session.enqueue(async () => {
      try {
        await session.open();
        return opened;
      } catch (error) {
        this.#closeLeg(request.leg);
        throw error;
      }
    });
  }

  #makeSession(id: LegId, interaction: InteractionId, transport: "webrtc" | "rtp"): LegSession {
    const ssrc = randomInt(1, 2 ** 32);
    const leg = this.#engine.openLeg(
      { id, interaction, transport, ssrc, sequence: randomInt(2 ** 15), timestamp: randomInt(2 ** 32) },
      {
        codecs: this.#parts.codecs,
        sounds: this.#parts.sounds,
        send: (packet) => session.wire?.send(packet),
      },
    );
    const session: LegSession = new LegSession(leg, String(randomBytes(6).readUIntBE(0, 6)), {
      engine: this.#engine,
      wire: (carried) => this.#parts.wires.make({ transport, ssrc, carried }, this.#wireEvents(leg)),
    });
    this.#sessions.set(id, session);
    this.#ticker.start();
    return session;
  }

  #wireEvents(leg: MediaLeg): WireEvents {
    const up = (by: "ice-dtls" | "rtp"): void => this.#parts.emit({ event: "legUp", leg: leg.id, by });
    return {
      packet: (datagram, origin) => {
        const verdict = this.#engine.receive(leg, datagram, origin, performance.now());
        if (verdict === "switched" && leg.transport === "rtp") {
          this.#sessions.get(leg.id)?.wire?.adopt(origin);
          leg.sendable = true;
        }
      },
      report: (compound, host) => {
        if (!leg.receiver.lock.admits(host)) return;
        const nowMs = performance.now();
        const sent = readSenderReport(compound);
        if (sent) leg.receiver.stream.senderReport(sent.ssrc, sent.ntp, nowMs);
        if (leg.heard(nowMs)) up("rtp");
      },
      up: () => {
        leg.sendable = true;
        if (leg.up) return;
        leg.up = true;
        up("ice-dtls");
      },
      lost: (cause) => {
        leg.sendable = false;
        if (!leg.up) return;
        leg.up = false;
        this.#parts.emit({ event: "legLost", leg: leg.id, cause });
      },
    };
  }

  async #with(leg: LegId, work: (session: LegSession) => Promise<Outcome>): Promise<Outcome> {
    const session = this.#sessions.get(leg);
    return session ? session.enqueue(() => work(session)) : failed("unknown-leg", `${leg} is not open`);
  }

  #applyPlan(request: ControlRequestBody & { type: "applyPlan" }): Outcome {
    const outcome = this.#engine.applyPlan(request.interaction, request.revision, legPlanFromWire(request.legs));
    switch (outcome) {
      case "applied":
      case "stale":
        return { ok: true, result: { type: "plan", outcome } };
      case "hears-itself":
        return failed("bad-message", "a leg may not hear itself");
      case "foreign-leg":
        return failed("foreign-leg", "a plan may not bridge two interactions");
      case "unknown-leg":
        return failed("unknown-leg", "the plan names a leg that is not open");
    }
  }

  #closeLeg(id: LegId): void {
    this.#engine.closeLeg(id);
    this.#sessions.get(id)?.close();
    this.#sessions.delete(id);
    if (this.#sessions.size === 0) this.#ticker.stop();
  }

  #closeInteraction(id: InteractionId): void {
    for (const leg of this.#engine.closeInteraction(id)) this.#closeLeg(leg);
  }

  #tick(at: number): void {
    this.#engine.tick(at);
    this.#ticks += 1;
    let n = this.#ticks;
    for (const { leg, wire } of this.#sessions.values()) {
      n += 1;
      if (leg.transport === "rtp" && n % REPORT_TICKS === 0) wire?.report(leg.report(at, Date.now()));
    }
  }
}
