import type { InteractionId, LegId } from "@legwork/shared/ids";
import type { LegFailure } from "@legwork/shared/interaction";
import type { Party } from "../../domain/connected-party.js";
import type { Lamp } from "../../domain/dialog-info.js";
import { explainsSilence } from "../../domain/explains-silence.js";
import type { EndCause } from "../../domain/interaction-state.js";
import { refusalWarning, statusOfEnd } from "../../domain/sip-status.js";
import { focusUri } from "../../domain/focus.js";
import type { DialogNames, ReplacedDialog } from "../../domain/replaces.js";
import { ConnectedIdentity } from "./connected-identity.js";
import { DialogProbe, type Presence } from "./dialog-probe.js";
import { ALLOW, type CallOut, type LegContext, type LegState, type NewLeg } from "./leg-context.js";
import { OutgoingInvite } from "./outgoing-invite.js";
import { bye, type Headers, type SrfDialog, type SrfRequest, type SrfResponse } from "./srf-api.js";

/** What a telephone may take to refer a call that was joined to the focus (RFC 4579 section 5.6), in milliseconds. */
const LINGER_MS = 5_000;

/** One SIP dialog of ours, from the INVITE to the BYE, with its media leg. Ends exactly once, through one function. */
export class SipLeg {
  #state: LegState;
  #callId: string | null = null;
  /** The station has put this leg on hold by SDP. */
  held = false;
  readonly #identity: ConnectedIdentity;
  readonly #probe: DialogProbe;

  readonly id: LegId;
  readonly interaction: InteractionId;
  readonly transport: "webrtc" | "rtp";
  readonly isFocus: boolean;
  readonly account: string | null;
  readonly #initiator: boolean;

  private constructor(
    { id, interaction, transport, account, initiator, focus = false }: NewLeg,
    private readonly ctx: LegContext,
    state: LegState,
    shown: Party | null,
  ) {
    this.id = id;
    this.interaction = interaction;
    this.transport = transport;
    this.account = account;
    this.#initiator = initiator;
    this.isFocus = focus;
    this.#probe = new DialogProbe(() => ctx.events.gone(id));
    const answered = (dialog: SrfDialog, status: number): void => this.#probe.answered(dialog, status);
    this.#identity = new ConnectedIdentity({ domain: ctx.domain, log: ctx.log, answered }, shown);
    this.#state = state;
  }

  /** A call that came to us: its media leg is open and has answered the offer. */
  static invited(ctx: LegContext, leg: NewLeg, call: { req: SrfRequest; res: SrfResponse; answer: string }): SipLeg {
    const made = new SipLeg(leg, ctx, { kind: "invited", ...call }, null);
    made.#callId = call.req.get("Call-ID") ?? null;
    call.req.on("cancel", () => made.#peerEnded());
    return made;
  }

  /** A call of ours to a station or through a trunk; starts at once. */
  static calling(ctx: LegContext, leg: NewLeg, call: CallOut): SipLeg {
    const made = new SipLeg(leg, ctx, { kind: "inviting", invite: null }, call.shown);
    void made.#call(call);
    return made;
  }

  get callId(): string | null {
    return this.#state.kind === "inviting" ? (this.#state.invite?.callId ?? null) : this.#callId;
  }

  /** What a lamp shows of it (RFC 4235). */
  get lamp(): Lamp {
    const isUp = this.#state.kind === "established" || this.#state.kind === "lingering";
    return { state: isUp ? "confirmed" : "early", direction: this.#initiator ? "initiator" : "recipient" };
  }

  get dialog(): SrfDialog | null {
    return this.#state.kind === "established" ? this.#state.dialog : null;
  }

  /** What a Replaces may name this leg by; null: not yet, or not any more. */
  get names(): DialogNames | null {
    switch (this.#state.kind) {
      case "inviting":
        return this.#state.invite?.early ?? null;
      case "established":
      case "lingering":
        return { ...this.#state.dialog.sip, early: false };
      default:
        return null;
    }
  }

  /** The station's own INVITE, not answered yet: a Replaces of its own names it. Of the two tags one is ours. */
  isAskedFor({ callId, toTag, fromTag }: ReplacedDialog): boolean {
    if (this.#state.kind !== "invited" || callId !== this.#callId) return false;
    const tag = this.#state.req.getParsedHeader("from").params?.["tag"];
    return tag === toTag || tag === fromTag;
  }

  /** Its party has been joined to the conference on another leg. */
  get lingers(): boolean {
    return this.#state.kind === "lingering";
  }

  /**
   * RFC 4579: a browser's dialogs are with a focus; phones would show every call as a conference, so only what they ask the focus for is. The
   * engine puts its own address for `localhost`: a phone may know the domain by its proxy alone.
   */
  get contact(): Headers {
    if (this.transport === "webrtc")
      return { Contact: `<${focusUri(this.interaction, this.ctx.domain)};transport=ws>;isfocus` };
    return this.isFocus ? { Contact: `<${focusUri(this.interaction, "localhost")}>;isfocus` } : {};
  }

  /** 183 with SDP: the caller hears what the plan says before anyone answers. */
  progress(): void {
    if (this.#state.kind !== "invited") return;
    this.#state.res.send(183, {
      headers: { ...this.contact, "Content-Type": "application/sdp" },
      body: this.#state.answer,
    });
  }

  async answer(): Promise<void> {
    if (this.#state.kind !== "invited") return;
    const { req, res, answer } = this.#state;
    try {
      const dialog = await this.ctx.srf.createUAS(req, res, {
        localSdp: answer,
        headers: { ...this.contact, Allow: ALLOW, Supported: "replaces" },
      });
      // RFC 3264 section 4: without an offer in the INVITE, ours is in the 200 and the answer in the ACK.
      if (!req.body) dialog.once("ack", (ack: SrfRequest) => void this.#answeredInAck(ack));
      dialog.once("ack", () => this.#identity.ready(dialog, req.get("Allow")));
      this.#establish(dialog);
      this.describedBy(req.body ?? "");
    } catch (error) {
      this.ctx.log.warn({ leg: this.id, error }, "a call could not be answered");
      this.#peerEnded();
    }
  }

  async #answeredInAck(ack: SrfRequest): Promise<void> {
    const agreed = await this.ctx.media.setRemoteAnswer(this.id, ack.body ?? "");
    if (agreed.ok) this.describedBy(ack.body ?? "");
    if (agreed.ok || this.#isOver()) return;
    this.ctx.log.warn({ leg: this.id, code: agreed.code, message: agreed.message }, "an answer cannot be used");
    const { dialog } = this;
    this.#peerEnded();
    if (dialog) await bye(dialog, this.ctx.log);
  }

  /** AG-2: a telephone is told whom it speaks with; our page knows. */
  connectedWith(party: Party): void {
    if (this.transport === "rtp") this.#identity.show(party);
  }

  /** Whether the other end still knows the dialog; a leg without one is there. */
  probe(): Promise<Presence> {
    return this.dialog ? this.#probe.ask(this.dialog) : Promise.resolve("there");
  }

  /** The far end's description is agreed on. A browser that is silent in RTP shows itself by ICE and DTLS all the same. */
  describedBy(sdp: string): void {
    if (this.transport === "rtp" && !this.#isOver() && explainsSilence(sdp)) this.ctx.events.up(this.id);
  }

  /** CANCEL, BYE or a final answer. `after`: what must have been answered before the BYE goes out. */
  end(cause: EndCause, after: Promise<unknown> = Promise.resolve()): void {
    const state = this.#state;
    if (cause === "in-focus" && state.kind === "established") return this.#linger(state.dialog);
    this.#over();
    switch (state.kind) {
      case "inviting":
        state.invite?.cancel();
        break;
      case "invited":
        this.#reject(state.res, cause);
        break;
      case "established":
      case "lingering":
        void after.then(() => bye(state.dialog, this.ctx.log));
        break;
      case "over":
        break;
    }
  }

  #linger(dialog: SrfDialog): void {
    const timer = setTimeout(() => this.end("joined"), LINGER_MS).unref();
    this.#state = { kind: "lingering", dialog, timer };
  }

  #reject(res: SrfResponse, cause: EndCause): void {
    const { status, reason } = statusOfEnd(cause);
    const refused = typeof cause === "object" && "refused" in cause ? cause.refused : null;
    res.send(status, reason, refused ? { headers: { Warning: refusalWarning(this.ctx.domain, refused) } } : {});
  }

  async #call(call: CallOut): Promise<void> {
    const { media, log } = this.ctx;
    const opened = await media.openLeg(this.id, this.interaction, this.transport);
    const offer = opened.ok ? await media.createOffer(this.id) : opened;
    if (this.#state.kind === "over") return media.closeLeg(this.id);
    if (!offer.ok) {
      log.error({ leg: this.id, code: offer.code }, "no offer for a call of ours");
      return this.#failed({ kind: "internal", message: offer.message });
    }
    const invite = new OutgoingInvite(this.ctx, this.contact, offer.value.sdp);
    this.#state = { kind: "inviting", invite };
    const outcome = await invite.run(call);
    this.#callId = invite.callId;
    if ("dialog" in outcome) await this.#answered(outcome.dialog);
    else this.#failed(outcome.failure);
  }

  async #answered(dialog: SrfDialog): Promise<void> {
    this.#establish(dialog); // before anything is awaited: a BYE or a re-INVITE may be on the 200's heels
    if (this.#isOver()) return;
    const agreed = await this.ctx.media.setRemoteAnswer(this.id, dialog.remote.sdp);
    if (this.#isOver()) return;
    if (agreed.ok) {
      this.#identity.ready(dialog, dialog.res?.get("Allow"));
      this.ctx.events.answered(this.id);
      return this.describedBy(dialog.remote.sdp);
    }
    this.ctx.log.warn({ leg: this.id, code: agreed.code, message: agreed.message }, "an answer cannot be used");
    this.#failed({ kind: "no-common-codec" });
    await bye(dialog, this.ctx.log);
  }

  #establish(dialog: SrfDialog): void {
    if (this.#isOver()) return void bye(dialog, this.ctx.log); // the 200 crossed our CANCEL, or theirs
    this.#state = { kind: "established", dialog };
    dialog.on("destroy", () => this.#peerEnded());
    if (!dialog.connected) return this.#peerEnded(); // the BYE was here before us
    this.ctx.events.established(this, dialog);
  }

  #isOver(): boolean {
    return this.#state.kind === "over";
  }

  #failed(failure: LegFailure): void {
    if (this.#over()) this.ctx.events.failed(this.id, failure);
  }

  /** The media of this leg is gone with the media-server: without it the call is nothing. */
  mediaLost(): void {
    if (this.#isOver()) return;
    this.end("normal");
    this.ctx.events.ended(this.id);
  }

  /** The engine that held this dialog is gone, and the dialog with it: nothing can be sent any more. */
  parentClosed(): void {
    this.#peerEnded();
  }

  #peerEnded(): void {
    if (this.#over()) this.ctx.events.ended(this.id);
  }

  /** The one way out; true the first time. */
  #over(): boolean {
    if (this.#state.kind === "over") return false;
    if (this.#state.kind === "lingering") clearTimeout(this.#state.timer);
    this.ctx.events.over(this);
    this.#state = { kind: "over" };
    this.#identity.over();
    this.ctx.media.closeLeg(this.id);
    return true;
  }
}
