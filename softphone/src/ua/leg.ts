import { CallPanelError } from "@legwork/shared/call-panel";
import { Invitation, Inviter, type Session, SessionState } from "sip.js";
import type { LegView } from "../model/leg-view.js";
import type { QualitySample } from "../model/quality.js";
import { referToFocus, referToReplacing } from "../model/refer.js";
import { glareWaitMs } from "../model/waits.js";
import { MediaHandler } from "./media-handler.js";
import { Referral } from "./referral.js";
import { panelError, SipRefusal } from "./refused.js";
import { RemoteAudio } from "./remote-audio.js";
import { Glare, RequestQueue } from "./request-queue.js";

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** One dialog of this browser with its media. */
export class Leg {
  readonly callId: string;
  readonly origin: LegView["origin"];
  /** Established before the connection to the server was lost: the server may have forgotten it. */
  fromBeforeLoss = false;
  readonly #audio: RemoteAudio;
  readonly #queue: RequestQueue;
  readonly #waiting = new Set<(error: CallPanelError) => void>();
  #referral: Referral | undefined;
  #held = false;

  constructor(
    readonly session: Session,
    private readonly changed: () => void,
    private readonly ended: (leg: Leg) => void,
    speakerId: string,
  ) {
    this.origin = session instanceof Inviter ? "outgoing" : "incoming";
    this.callId =
      session instanceof Inviter || session instanceof Invitation
        ? session.request.callId
        : (session.dialog?.callId ?? "");
    this.#audio = new RemoteAudio(this.callId, this.origin, speakerId);
    this.#queue = new RequestQueue(() => sleep(glareWaitMs(this.origin, Math.random())));
    session.delegate = {
      onSessionDescriptionHandler: (handler) => {
        if (handler instanceof MediaHandler) this.#audio.play(handler.remoteMediaStream);
      },
      onNotify: (notification) => {
        if (this.#referral) this.#referral.handleNotify(notification);
        else void notification.reject({ statusCode: 481 });
      },
      // Where a call goes is decided on the server; a browser follows nobody's REFER.
      onRefer: (referral) => void referral.reject({ statusCode: 603 }),
    };
    session.stateChange.addListener((state) => {
      if (state === SessionState.Terminated) this.#close();
      else this.changed();
    });
  }

  get view(): LegView {
    const stage = this.established ? "established" : "ringing";
    return { callId: this.callId, origin: this.origin, stage, held: this.#held };
  }

  get established(): boolean {
    return this.session.state === SessionState.Established;
  }

  /** Resolves when the hold, or its end, is answered with 200 (RFC 3264 8.4). */
  async setHold(hold: boolean): Promise<void> {
    try {
      await this.#queue.run(() => this.#reinvite(hold));
    } catch (error) {
      throw panelError(
        hold ? "hold" : "unhold",
        error instanceof Glare ? new SipRefusal(491, "glare", undefined) : error,
      );
    }
    this.#held = hold;
    this.changed();
  }

  referReplacing(replaced: Leg): Promise<void> {
    const { dialog } = replaced.session;
    if (!dialog) return Promise.reject(new CallPanelError("target-not-answered", "the consult is not established"));
    const { callId, localTag, remoteTag, remoteTarget } = dialog;
    return this.#refer(referToReplacing({ callId, localTag, remoteTag, remoteTarget: remoteTarget.toString() }));
  }

  referToFocus(focusUri: string): Promise<void> {
    return this.#refer(referToFocus(focusUri));
  }

  sendDigits(digits: string): void {
    const handler = this.session.sessionDescriptionHandler;
    const sent = handler instanceof MediaHandler && handler.insertDigits(digits);
    if (!sent) throw new CallPanelError("sip-failed", "the call takes no keypad digits");
  }

  /** Ends the leg in the way its state asks for: CANCEL, a refusal, or BYE. */
  async hangUp(): Promise<void> {
    const { session } = this;
    if (session.state === SessionState.Established) {
      await session.bye();
    } else if (session instanceof Inviter) {
      if (session.state === SessionState.Initial || session.state === SessionState.Establishing) await session.cancel();
    } else if (session instanceof Invitation && session.state !== SessionState.Terminated) {
      await session.reject({ statusCode: 603 });
    }
  }

  async statistics(): Promise<QualitySample | null> {
    const handler = this.session.sessionDescriptionHandler;
    return handler instanceof MediaHandler ? handler.statistics() : null;
  }

  playOn(speakerId: string): void {
    this.#audio.playOn(speakerId);
  }

  /** Closes the media and sends nothing. */
  abandon(): void {
    this.session.sessionDescriptionHandler?.close();
    this.#close();
  }

  #refer(referTo: string): Promise<void> {
    return this.#queue
      .run(async () => {
        this.#referral = new Referral();
        this.#referral.send(this.session, referTo);
        await this.#referral.result;
      })
      .catch((error: unknown) => {
        throw panelError("refer", error);
      });
  }

  /** One try. SIP.js resolves `invite` when the request is sent; what counts is the answer. */
  #reinvite(hold: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!this.established) return reject(new CallPanelError("sip-failed", "the call is not established"));
      this.#waiting.add(reject);
      const settled = () => this.#waiting.delete(reject);
      const refused = (refusal: SipRefusal) => {
        settled();
        // SIP.js keeps the options for the answers to the other side's re-INVITEs: they stay as they were.
        this.session.sessionDescriptionHandlerOptionsReInvite = { hold: this.#held } as object;
        reject(refusal.status === 491 ? new Glare() : refusal);
      };
      this.session
        .invite({
          sessionDescriptionHandlerOptions: { hold } as object,
          requestDelegate: {
            // Also called when the answer could not be applied; the session is then over and `ended` rejects.
            onAccept: () => {
              settled();
              resolve();
            },
            onReject: (response) => refused(SipRefusal.of(response)),
            onRedirect: (response) => refused(SipRefusal.of(response)),
          },
        })
        .catch((error: unknown) => {
          // Not sent: a re-INVITE of the other side is still open (RFC 3261 14.1), or the offer could not be made.
          settled();
          this.#notSent(error).then(reject, reject);
        });
    });
  }

  async #notSent(error: unknown): Promise<unknown> {
    const handler = this.session.sessionDescriptionHandler;
    if (handler instanceof MediaHandler) await handler.rollbackDescription();
    this.session.sessionDescriptionHandlerOptionsReInvite = { hold: this.#held } as object;
    return error instanceof Error && /ongoing re-INVITE/.test(error.message) ? new Glare() : error;
  }

  #close(): void {
    this.#audio.close();
    this.#referral?.handleEnd();
    for (const reject of this.#waiting) reject(new CallPanelError("sip-failed", "the call ended"));
    this.#waiting.clear();
    this.ended(this);
  }
}
