import { Changes } from "./changes.js";
import { type Account, isAuthorized } from "./digest.js";
import { type Listener } from "./hearing.js";
import { RtpPort } from "./rtp-port.js";
import { type Continuity } from "./rtp-recording.js";
import { SipCall } from "./sip-call.js";
import { reply, SipSocket } from "./sip-socket.js";
import { header, type SipText } from "./sip-text.js";
import { type Sound } from "./tones.js";

/** Where a customer's phone is and how it sounds. */
export interface CustomerOptions {
  readonly name?: string;
  readonly address?: string;
  /** UDP port of its SIP: what a trunk is known by; 0 for any. */
  readonly sipPort?: number;
  /** Its tone in whole Hz. */
  readonly tone: number;
  /** Who it says it is: a number, or a whole address with a name. */
  readonly number?: string;
  /** Whoever calls has to authenticate with this. */
  readonly demands?: Account;
}

/**
 * Somebody outside with a plain phone: SIP over UDP, PCMU over RTP, a tone for a voice, and an ear that keeps
 * everything. One call at a time, dialled by it or to it.
 */
export class RtpCustomer implements Listener {
  readonly name: string;
  readonly number: string;
  readonly rtp: RtpPort;
  /** What this phone makes of the usual description, wherever it writes one. */
  describes: (sdp: string) => string = (sdp) => sdp;
  readonly #sip: SipSocket;
  #call: SipCall | undefined;
  readonly #invites: SipText[] = [];
  readonly #invited = new Changes();
  #taker: ((call: SipCall) => void) | undefined;

  private constructor(sip: SipSocket, rtp: RtpPort, options: CustomerOptions) {
    this.#sip = sip;
    this.rtp = rtp;
    this.name = options.name ?? "the customer";
    this.number = options.number ?? "+4799999999";
    sip.on("invite", (invite) => {
      if (!options.demands || isFrom(invite, options.demands)) this.#calledBy(invite);
      else sip.respond(invite, challenge(invite, options.demands));
    });
  }

  static async create(options: CustomerOptions): Promise<RtpCustomer> {
    const address = options.address ?? "127.0.0.1";
    const sip = await SipSocket.open(address, options.sipPort);
    return new RtpCustomer(sip, await RtpPort.open(address, options.tone), options);
  }

  /** For requests beside the call. */
  get socket(): SipSocket {
    return this.#sip;
  }

  get sipPort(): number {
    return this.#sip.port;
  }

  /** The present call. */
  get call(): SipCall {
    if (!this.#call) throw new Error(`${this.name} has no call`);
    return this.#call;
  }

  /**
   * Dials a SIP URI; wait for `call.ringing()` or `call.answered()`. `headers` are added to the INVITE; without `offer` it has no SDP; with an
   * account a challenge is answered.
   */
  dial(uri: string, headers: SipText["headers"] = [], offer = true, account?: Account): SipCall {
    this.#call = SipCall.dial(this.#sip, this.#media(), uri, this.number, headers, offer, account);
    return this.#call;
  }

  /** Waits for a call to come in and lets it ring. */
  async rings(withinMs = 10_000): Promise<SipCall> {
    await this.#invited.until(() => (this.#invites.length > 0 ? undefined : `${this.name} was not called`), withinMs);
    return this.#ring(this.#invites.shift()!);
  }

  /** From now on every call that comes in rings and is handed to `taker` at once; `rings` waits for none. */
  handTo(taker: (call: SipCall) => void): void {
    this.#taker = taker;
  }

  /** Who calls in, as the present call's From header says. */
  get caller(): string {
    return header(this.call.invite, "from");
  }

  sound(fromMs: number, toMs: number): Promise<Sound> {
    return Promise.resolve(this.rtp.recording.sound(fromMs, toMs));
  }

  /** Digits heard as telephone events. */
  digits(fromMs?: number): string {
    return this.rtp.recording.digits(fromMs);
  }

  /** Whether what came is one whole stream. */
  continuity(fromMs?: number, toMs?: number): Continuity {
    return this.rtp.recording.continuity(fromMs, toMs);
  }

  /** All SIP messages in and out, for the output of a failing test. */
  get trace(): string {
    return this.#sip.trace.join("\n----\n");
  }

  /** Hangs up what is still up. */
  hangUp(): void {
    if (this.#call?.state.phase === "up") this.#call.hangUp();
  }

  /** Hangs up what is still up and closes the ports. */
  close(): void {
    this.hangUp();
    this.rtp.close();
    this.#sip.close();
  }

  #calledBy(invite: SipText): void {
    if (this.#taker) return this.#taker(this.#ring(invite));
    this.#invites.push(invite);
    this.#invited.happened();
  }

  #ring(invite: SipText): SipCall {
    this.#call = SipCall.incoming(this.#sip, this.#media(), invite);
    return this.#call;
  }

  #media() {
    const { rtp } = this;
    return {
      port: rtp.port,
      describes: (sdp: string): string => this.describes(sdp),
      agreed: (remote: { address: string; port: number; eventType: number | undefined }, direction: string): void => {
        const maySend = direction === "sendrecv" || direction === "sendonly";
        if (maySend && remote.port > 0) rtp.sendTo(remote.address, remote.port, remote.eventType);
        else rtp.mute();
      },
    };
  }
}

function isFrom(invite: SipText, account: Account): boolean {
  const credentials = header(invite, "proxy-authorization");
  return credentials.includes(`username="${account.user}"`) && isAuthorized(credentials, account.password, "INVITE");
}

const challenge = (invite: SipText, { domain }: Account): SipText => {
  const refused = reply(invite, 407, "Proxy Authentication Required", [
    ["Proxy-Authenticate", `Digest realm="${domain}", nonce="${Date.now()}", algorithm=MD5, qop="auth"`],
  ]);
  const tagged = refused.headers.map(
    ([name, value]) => [name, name === "to" ? `${value};tag=challenge` : value] as const,
  );
  return { ...refused, headers: tagged };
};
