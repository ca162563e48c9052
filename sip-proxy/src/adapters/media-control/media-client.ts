import { randomUUID } from "node:crypto";
import WebSocket from "ws";
import type { InteractionId, LegId } from "@legwork/shared/ids";
import {
  CONTROL_PROTOCOL,
  decodeFromMediaServer,
  legPlanToWire,
  type ControlReply,
  type ControlRequestBody,
  type ControlResult,
} from "@legwork/shared/control";
import type { LegPlan } from "@legwork/shared/media";
import type { Clock } from "../../ports/clock.js";
import type { Log } from "../../ports/log.js";
import type { Direction, Media, MediaNews, MediaOutcome } from "../../ports/media.js";

export interface MediaClientDeps {
  readonly url: string; // ws://host:port/control
  readonly token: string;
  readonly clock: Clock;
  readonly log: Log;
  news(news: MediaNews): void;
}

const REPLY_WAIT_MS = 5_000;
const RECONNECT_MS = [100, 250, 500, 1_000, 2_000] as const;

interface Waiting {
  readonly resolve: (outcome: MediaOutcome<ControlResult>) => void;
  readonly cancel: () => void;
}

/** The media-server behind the control protocol. Reconnects by itself; what cannot be sent is `unreachable`. */
export class MediaClient implements Media {
  #socket: WebSocket | null = null;
  #ready = false;
  #attempt = 0;
  #instance: string | null = null;
  /** This run of sip-proxy: legs of an earlier one are closed when we say hello. */
  readonly #client = randomUUID();
  #closed = false;
  readonly #waiting = new Map<string, Waiting>();
  readonly #open = new Map<LegId, InteractionId>();
  /** Closed here while the connection was down. */
  readonly #closings: ControlRequestBody[] = [];
  /** All legs of an interaction live on one media thread. `planned`: a plan was sent, so the interaction will be closed as a whole. */
  readonly #homes = new Map<InteractionId, { readonly thread: number; planned: boolean }>();

  constructor(private readonly deps: MediaClientDeps) {}

  get connected(): boolean {
    return this.#ready;
  }

  connect(): void {
    const socket = new WebSocket(this.deps.url);
    this.#socket = socket;
    socket.on("open", () => void this.#hello());
    socket.on("message", (data, isBinary) => this.#received(isBinary ? "" : String(data as Buffer)));
    socket.on("error", (error) => this.deps.log.debug({ error: error.message }, "media-server connection"));
    socket.on("close", () => this.#lost(socket));
  }

  close(): void {
    this.#closed = true;
    this.#socket?.close();
  }

  async openLeg(leg: LegId, interaction: InteractionId, transport: "webrtc" | "rtp"): Promise<MediaOutcome<null>> {
    const thread = this.#homes.get(interaction)?.thread ?? null;
    const outcome = await this.#ask({ type: "openLeg", leg, interaction, transport, thread }, "leg");
    if (!outcome.ok) {
      if (outcome.code === "unreachable") this.#close({ type: "closeLeg", leg }); // it may open after all
      return outcome;
    }
    if (!this.#homes.has(interaction)) this.#homes.set(interaction, { thread: outcome.value.thread, planned: false });
    this.#open.set(leg, interaction);
    return { ok: true, value: null };
  }

  isOpen(leg: LegId): boolean {
    return this.#open.has(leg);
  }

  setRemoteOffer(leg: LegId, sdp: string): Promise<MediaOutcome<{ sdp: string; remoteDirection: Direction }>> {
    return this.#ask({ type: "setRemoteOffer", leg, sdp }, "answer");
  }

  createOffer(leg: LegId): Promise<MediaOutcome<{ sdp: string }>> {
    return this.#ask({ type: "createOffer", leg }, "offer");
  }

  setRemoteAnswer(leg: LegId, sdp: string): Promise<MediaOutcome<{ remoteDirection: Direction }>> {
    return this.#ask({ type: "setRemoteAnswer", leg, sdp }, "answered");
  }

  rollback(leg: LegId): Promise<MediaOutcome<null>> {
    return this.#tell({ type: "rollback", leg });
  }

  closeLeg(leg: LegId): void {
    const interaction = this.#open.get(leg);
    if (interaction === undefined) return;
    this.#open.delete(leg);
    const isLast = ![...this.#open.values()].includes(interaction);
    // Nobody closes an interaction that never began: its INVITE was refused, or taken back.
    if (isLast && !this.#homes.get(interaction)?.planned) this.#homes.delete(interaction);
    this.#close({ type: "closeLeg", leg });
  }

  /** What is to be closed is closed, now or when the media-server is back. */
  #close(body: Extract<ControlRequestBody, { type: "closeLeg" | "closeInteraction" }>): void {
    if (this.#ready) void this.#tell(body);
    else this.#closings.push(body);
  }

  async applyPlan(interaction: InteractionId, revision: number, plan: LegPlan): Promise<MediaOutcome<null>> {
    const home = this.#homes.get(interaction);
    if (home) home.planned = true;
    return nothing(await this.#ask({ type: "applyPlan", interaction, revision, legs: legPlanToWire(plan) }, "plan"));
  }

  sendDtmf(leg: LegId, digits: string): Promise<MediaOutcome<null>> {
    return this.#tell({ type: "sendDtmf", leg, digits });
  }

  closeInteraction(interaction: InteractionId): void {
    this.#homes.delete(interaction);
    for (const [leg, owner] of this.#open) if (owner === interaction) this.#open.delete(leg);
    this.#close({ type: "closeInteraction", interaction });
  }

  async dump(): Promise<MediaOutcome<object>> {
    const outcome = await this.#ask({ type: "dump" }, "dump");
    return outcome.ok ? { ok: true, value: outcome.value.dump } : outcome;
  }

  async #tell(body: ControlRequestBody): Promise<MediaOutcome<null>> {
    return nothing(await this.#ask(body, "done"));
  }

  async #ask<T extends ControlResult["type"]>(
    body: ControlRequestBody,
    type: T,
  ): Promise<MediaOutcome<Extract<ControlResult, { type: T }>>> {
    const outcome = await this.#send(body);
    if (!outcome.ok) return outcome;
    if (outcome.value.type === type) return { ok: true, value: outcome.value as Extract<ControlResult, { type: T }> };
    return { ok: false, code: "internal", message: `the media-server answered ${outcome.value.type} to ${body.type}` };
  }

  #send(body: ControlRequestBody): Promise<MediaOutcome<ControlResult>> {
    const socket = this.#socket;
    if (!socket || socket.readyState !== WebSocket.OPEN || (!this.#ready && body.type !== "hello")) {
      return Promise.resolve({ ok: false, code: "unreachable", message: "the media-server is not connected" });
    }
    const id = randomUUID();
    return new Promise((resolve) => {
      const cancel = this.deps.clock.after(REPLY_WAIT_MS, () =>
        this.#settle(id, { ok: false, code: "unreachable", message: `no answer to ${body.type}` }),
      );
      this.#waiting.set(id, { resolve, cancel });
      socket.send(JSON.stringify({ id, ...body }));
    });
  }

  #settle(id: string, outcome: MediaOutcome<ControlResult>): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.cancel();
    waiting?.resolve(outcome);
  }

  #received(text: string): void {
    const decoded = decodeFromMediaServer(text);
    if (!decoded.ok) {
      this.deps.log.error({ reason: decoded.reason }, "the media-server sent what cannot be read");
      return;
    }
    if ("event" in decoded.value) this.deps.news(decoded.value);
    else this.#settle(decoded.value.reply, outcomeOf(decoded.value));
  }

  async #hello(): Promise<void> {
    const outcome = await this.#ask(
      { type: "hello", protocol: CONTROL_PROTOCOL, token: this.deps.token, client: this.#client },
      "hello",
    );
    if (!outcome.ok) {
      this.deps.log.error({ code: outcome.code, message: outcome.message }, "the media-server refused us");
      this.#socket?.close();
      return;
    }
    const sameInstance = this.#instance === outcome.value.instance;
    const first = this.#instance === null;
    this.#instance = outcome.value.instance;
    this.#ready = true;
    this.#attempt = 0;
    if (!sameInstance) {
      this.#open.clear();
      this.#homes.clear();
    }
    for (const body of this.#closings.splice(0)) void this.#tell(body);
    this.deps.log.info({ instance: this.#instance, threads: outcome.value.threads }, "connected to the media-server");
    if (!first) this.deps.news({ event: "reconnected", sameInstance });
  }

  #lost(socket: WebSocket): void {
    if (this.#socket !== socket) return;
    if (this.#ready && !this.#closed) this.deps.log.error({}, "the media-server is gone; trying again");
    this.#ready = false;
    for (const id of [...this.#waiting.keys()]) {
      this.#settle(id, { ok: false, code: "unreachable", message: "the media-server is gone" });
    }
    if (this.#closed) return;
    const wait = RECONNECT_MS[Math.min(this.#attempt++, RECONNECT_MS.length - 1)] ?? 1_000;
    this.deps.clock.after(wait, () => this.#closed || this.connect());
  }
}

const nothing = (outcome: MediaOutcome<unknown>): MediaOutcome<null> =>
  outcome.ok ? { ok: true, value: null } : outcome;

const outcomeOf = (reply: ControlReply): MediaOutcome<ControlResult> =>
  reply.ok ? { ok: true, value: reply.result } : { ok: false, code: reply.error.code, message: reply.error.message };
