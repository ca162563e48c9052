import { CallPanelError } from "@legwork/shared/call-panel";
import { type Invitation, Inviter, type URI, UserAgent, type UserAgentOptions } from "sip.js";
import { answersByItself } from "../model/auto-answer.js";
import type { AudioChoice } from "../ports/audio.js";
import type { Phone, PhoneAccount, PhoneEvents } from "../ports/phone.js";
import { Leg } from "./leg.js";
import { mediaHandlerFactory } from "./media-handler.js";
import { Microphone } from "./microphone.js";
import { QualityWatch } from "./quality-watch.js";
import { PlainViaTransport } from "./plain-via.js";
import { panelError, SipRefusal } from "./refused.js";
import { Registration } from "./registration.js";

// How long a call rings is the server's business (QU-1); SIP.js must only not end it earlier.
const NO_ANSWER_TIMEOUT_S = 600;
// A proxy in between closes a silent WebSocket after a minute or so (RFC 7118 6).
const KEEP_ALIVE_S = 25;

/** The browser's telephone on SIP.js: registration, legs, microphone. */
export class SipPhone implements Phone {
  readonly #agent: UserAgent;
  readonly #registration: Registration;
  readonly #microphone: Microphone;
  readonly #quality: QualityWatch;
  readonly #legs: Leg[] = [];
  #ringing: { readonly leg: Leg; readonly invitation: Invitation } | undefined;
  #unfollow = (): void => undefined;
  readonly #hurry = () => this.#registration.hurry();

  constructor(
    private readonly account: PhoneAccount,
    origin: { readonly protocol: string; readonly host: string },
    private readonly events: PhoneEvents,
    private readonly audio: AudioChoice,
  ) {
    this.#microphone = new Microphone(audio);
    this.#quality = new QualityWatch(
      () => this.#legs,
      (qualities) => events.qualityChanged(qualities),
    );
    this.#agent = new UserAgent(this.#options(origin));
    this.#registration = new Registration(
      this.#agent,
      (up) => events.linkChanged(up),
      () => this.#renewAccount(),
      () => this.#disconnected(),
    );
  }

  start(): void {
    window.addEventListener("online", this.#hurry);
    this.#unfollow = this.audio.onChange(() => this.#followAudio());
    this.#registration.start();
  }

  async close(): Promise<void> {
    window.removeEventListener("online", this.#hurry);
    this.#unfollow();
    for (const leg of [...this.#legs]) leg.abandon();
    this.#microphone.close();
    await this.#registration.stop();
  }

  async accept(): Promise<void> {
    const ringing = this.#ringing;
    if (!ringing) throw new CallPanelError("not-found", "no call is ringing");
    await this.#answer(ringing.leg, ringing.invitation);
  }

  async decline(): Promise<void> {
    await this.#ringing?.invitation.reject({ statusCode: 603 });
  }

  setHold(callId: string, hold: boolean): Promise<void> {
    return this.#leg(callId).setHold(hold);
  }

  async invite(user: string): Promise<void> {
    const target = UserAgent.makeURI(`sip:${encodeURIComponent(user)}@${this.#agent.configuration.uri.host}`);
    if (!target) throw new CallPanelError("target-not-reachable", `no SIP address: ${user}`);
    await this.#microphone.open();
    const { inviter, leg } = this.#outgoing(target);
    await new Promise<void>((resolve, reject) => {
      const refused = (error: unknown) => reject(panelError("invite", error));
      inviter
        .invite({
          requestDelegate: {
            onProgress: ({ message }) => {
              if ((message.statusCode ?? 0) > 100) resolve();
            },
            onAccept: () => resolve(),
            onReject: (response) => refused(SipRefusal.of(response)),
            onRedirect: (response) => refused(SipRefusal.of(response)),
          },
        })
        .catch(refused);
    });
    this.#legChanged(leg);
  }

  #outgoing(target: URI): { readonly inviter: Inviter; readonly leg: Leg } {
    try {
      const inviter = new Inviter(this.#agent, target, { earlyMedia: true });
      return { inviter, leg: this.#add(inviter) };
    } catch (error) {
      if (this.#legs.length === 0) this.#microphone.close();
      throw panelError("invite", error);
    }
  }

  hangUp(callId: string): Promise<void> {
    return this.#leg(callId).hangUp();
  }

  referReplacing(callId: string, replaced: string): Promise<void> {
    return this.#leg(callId).referReplacing(this.#leg(replaced));
  }

  referToFocus(callId: string, focusUri: string): Promise<void> {
    return this.#leg(callId).referToFocus(focusUri);
  }

  async sendDigits(callId: string, digits: string): Promise<void> {
    this.#leg(callId).sendDigits(digits);
  }

  mute(muted: boolean): void {
    this.#microphone.mute(muted);
  }

  keepOnly(callIds: readonly string[]): void {
    const forgotten = this.#legs.filter((leg) => leg.fromBeforeLoss && !callIds.includes(leg.callId));
    for (const leg of forgotten) void leg.hangUp();
    for (const leg of this.#legs) leg.fromBeforeLoss = false;
  }

  #options(origin: { readonly protocol: string; readonly host: string }): UserAgentOptions {
    const { account } = this;
    const uri = UserAgent.makeURI(account.uri);
    if (!uri) throw new CallPanelError("sip-failed", `not a SIP URI: ${account.uri}`);
    const scheme = origin.protocol === "https:" ? "wss" : "ws";
    return {
      uri,
      authorizationUsername: account.username,
      authorizationPassword: account.password,
      transportOptions: {
        server: `${scheme}://${origin.host}${account.path}`,
        traceSip: false,
        keepAliveInterval: KEEP_ALIVE_S,
      },
      contactParams: { transport: "ws" }, // as the Via says
      transportConstructor: PlainViaTransport,
      gracefulShutdown: false, // see `close`
      noAnswerTimeout: NO_ANSWER_TIMEOUT_S,
      sessionDescriptionHandlerFactory: mediaHandlerFactory(this.#microphone),
      userAgentString: "Legwork softphone",
      logBuiltinEnabled: false,
      logConfiguration: false,
      delegate: {
        onInvite: (invitation) => this.#onInvite(invitation),
        onDisconnect: (error) => {
          if (error) this.#disconnected(); // else we closed it
        },
        onRefer: (referral) => void referral.reject({ statusCode: 603 }), // out of dialog
      },
    };
  }

  #disconnected(): void {
    for (const leg of this.#legs) leg.fromBeforeLoss = true;
    this.#registration.handleDisconnect();
  }

  #onInvite(invitation: Invitation): void {
    const header = (name: string) => invitation.request.getHeader(name);
    const byItself = answersByItself(header);
    if (this.#ringing && !byItself) return void invitation.reject({ statusCode: 486 });
    const leg = this.#add(invitation);
    if (byItself) {
      this.#answer(leg, invitation).catch((error: unknown) => {
        this.events.autoAnswerFailed(error);
        void leg.hangUp();
      });
      return;
    }
    this.#ringing = { leg, invitation };
    const { displayName, uri } = invitation.remoteIdentity;
    this.events.ringingChanged({ callId: leg.callId, from: displayName || uri.user || uri.toString() });
  }

  async #answer(leg: Leg, invitation: Invitation): Promise<void> {
    await this.#microphone.open(); // without one the call goes on ringing, and can be declined
    try {
      await invitation.accept();
    } catch (error) {
      throw panelError("invite", error);
    } finally {
      // The caller may have given up while the browser asked for the microphone.
      if (this.#legs.length === 0) this.#microphone.close();
    }
    this.#legChanged(leg);
  }

  #add(session: Invitation | Inviter): Leg {
    const leg = new Leg(
      session,
      () => this.#legChanged(leg),
      () => this.#remove(leg),
      this.audio.speakerId,
    );
    this.#legs.push(leg);
    this.#tell();
    return leg;
  }

  #legChanged(leg: Leg): void {
    if (this.#ringing?.leg === leg && leg.established) this.#stopRinging();
    this.#tell();
  }

  #remove(leg: Leg): void {
    const at = this.#legs.indexOf(leg);
    if (at >= 0) this.#legs.splice(at, 1);
    if (this.#ringing?.leg === leg) this.#stopRinging();
    if (this.#legs.length === 0) this.#microphone.close();
    this.#tell();
  }

  async #followAudio(): Promise<void> {
    for (const leg of this.#legs) leg.playOn(this.audio.speakerId);
    await this.#microphone.follow();
  }

  #stopRinging(): void {
    this.#ringing = undefined;
    this.events.ringingChanged(null);
  }

  #tell(): void {
    this.#quality.check();
    this.events.legsChanged(this.#legs.map((leg) => leg.view));
  }

  #leg(callId: string): Leg {
    const leg = this.#legs.find((candidate) => candidate.callId === callId);
    if (!leg) throw new CallPanelError("not-found", "the call has ended");
    return leg;
  }

  async #renewAccount(): Promise<boolean> {
    const account = await this.events.accountRefused();
    if (!account) return false;
    // SIP.js reads both each time a challenge comes.
    this.#agent.configuration.authorizationUsername = account.username;
    this.#agent.configuration.authorizationPassword = account.password;
    return true;
  }
}
