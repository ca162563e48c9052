import { setTimeout as delay } from "node:timers/promises";
import { waitFor } from "./clock.js";
import { type Account } from "./digest.js";
import type { Listener } from "./hearing.js";
import { askOnce } from "./phone.js";
import type { Habits } from "./phone-families.js";
import { RtpPort } from "./rtp-port.js";
import { SipCall } from "./sip-call.js";
import { SipSocket } from "./sip-socket.js";
import { header, methodOf, parseSip, type SipText, statusOf, tagOf, uriOf } from "./sip-text.js";
import type { Sound } from "./tones.js";

/** One line of a telephone: a call at a time, with audio of its own. */
export class PhoneLine implements Listener {
  /** What this line makes of its descriptions at present. */
  describes: (sdp: string) => string = (sdp) => sdp;
  #call: SipCall | undefined;

  constructor(
    readonly name: string,
    readonly rtp: RtpPort,
  ) {}

  get call(): SipCall {
    if (!this.#call) throw new Error(`${this.name} has no call`);
    return this.#call;
  }

  carries(call: SipCall): SipCall {
    this.describes = (sdp) => sdp;
    this.#call = call;
    return call;
  }

  get media() {
    const { rtp } = this;
    return {
      port: rtp.port,
      describes: (sdp: string): string => this.describes(sdp),
      agreed: (remote: { address: string; port: number; eventType: number | undefined }, direction: string): void => {
        const maySend = direction.startsWith("send") && remote.address !== "0.0.0.0" && remote.port > 0;
        if (maySend) rtp.sendTo(remote.address, remote.port, remote.eventType);
        else rtp.mute();
      },
    };
  }

  sound(fromMs: number, toMs: number): Promise<Sound> {
    return Promise.resolve(this.rtp.recording.sound(fromMs, toMs));
  }

  hangUp(): void {
    if (this.#call?.state.phase === "up") this.#call.hangUp();
  }
}

/** A desk phone of one make: one registration, one SIP port, three lines, and keys that do what that make's keys do. */
export class FamilyPhone {
  #invites: SipText[] = [];

  private constructor(
    public habits: Habits,
    private readonly socket: SipSocket,
    private readonly account: Account,
    private readonly registrar: { readonly host: string; readonly port: number },
    readonly one: PhoneLine,
    readonly two: PhoneLine,
    /** Of a conference on the server. */
    readonly three: PhoneLine,
  ) {
    dress(socket, () => this.habits, account.user);
    socket.on("invite", (invite) => this.#invites.push(invite));
  }

  static async create(
    habits: Habits,
    account: Account,
    registrar: { readonly host: string; readonly port: number },
    tone: number,
  ): Promise<FamilyPhone> {
    const address = "127.0.0.1";
    const line = async (n: string) =>
      new PhoneLine(`line ${n} of the ${habits.make}`, await RtpPort.open(address, tone));
    const socket = await SipSocket.open(address);
    return new FamilyPhone(
      habits,
      socket,
      account,
      registrar,
      await line("one"),
      await line("two"),
      await line("three"),
    );
  }

  /** Resolves with the final status. */
  async register(expires = 120): Promise<number> {
    const { domain, user } = this.account;
    const request = { method: "REGISTER", uri: `sip:${domain}`, from: `${user}@${domain}` };
    const extra = [["Expires", String(expires)]] as const;
    return statusOf(await askOnce(this.socket, this.registrar, request, extra, this.account));
  }

  /** Takes the call that comes in, on line one. */
  async takesCall(): Promise<void> {
    await waitFor(() => (this.#invites.length > 0 ? undefined : `the ${this.habits.make} was not called`));
    this.one.carries(SipCall.incoming(this.socket, this.one.media, this.#invites.shift()!)).answer();
  }

  async holds(line: PhoneLine): Promise<void> {
    line.describes = this.habits.holds;
    await line.call.hold(true);
  }

  async resumes(line: PhoneLine): Promise<void> {
    line.describes = this.habits.resumes;
    await line.call.hold(false);
    line.describes = (sdp) => sdp;
  }

  /** Holds line one and dials on line two; wait for `two.call.answered()`. */
  async consults(user: string): Promise<void> {
    await this.holds(this.one);
    this.dials(this.two, user);
  }

  dials(line: PhoneLine, user: string): SipCall {
    const { host, port } = this.registrar;
    const uri = `sip:${user}@${host}:${port}`;
    return line.carries(SipCall.dial(this.socket, line.media, uri, this.account.user, [], true, this.account));
  }

  /** The transfer key with both lines up; resolves when the telephone has done its part. */
  async transfers(user: string): Promise<{ readonly answer: SipText; readonly carrier: SipCall }> {
    const { habits, one, two } = this;
    const holding = habits.holdsBoth ? this.holds(two) : Promise.resolve();
    if (!habits.hurries) await holding;
    const [carrier, named] = habits.refersOn === "customer" ? [one.call, two.call] : [two.call, one.call];
    const to = { user, domain: this.account.domain, contact: uriOf(header(this.answerTo(two.call), "contact")) };
    const answer = await this.refers(carrier, habits.referTo(to, named.replaces));
    await holding;
    if (statusOf(answer) === 202) await this.#leaves(carrier);
    return { answer, carrier };
  }

  /** The transfer key while line two still rings; resolves with the answer to the REFER. */
  async transfersRinging(user: string): Promise<SipText> {
    const { account, habits, one, two } = this;
    await two.call.ringing();
    const early = this.#responses(two.call, 183)[0]!;
    const replaces = two.call.replaces.replace("to-tag=;", `to-tag=${tagOf(header(early, "to"))};`);
    const contact = uriOf(header(early, "contact"));
    const answer = await this.refers(one.call, habits.referTo({ user, domain: account.domain, contact }, replaces));
    if (habits.hangsUp === "never") return answer;
    two.call.cancel();
    one.call.hangUp();
    return answer;
  }

  /** The conference key with both lines up; resolves when the telephone has done its part. */
  async conferences(): Promise<void> {
    const { account, habits, one, two, three } = this;
    if (habits.conference === "mixes") return this.resumes(one);
    await this.holds(two);
    await this.dials(three, "conference").answered();
    const focus = uriOf(header(this.answerTo(three.call), "contact"));
    for (const { call } of [one, two]) {
      const party = `<sip:${account.user}@${account.domain}?Replaces=${encodeURIComponent(call.replaces)}>`;
      if (habits.conference === "refers calls") await this.#accepted(call, `<${focus}>`);
      else if (habits.conference === "refers focus") await this.#accepted(three.call, party);
      else call.hangUp();
    }
    await Promise.all([one.call.ended(), two.call.ended()]);
  }

  /** Sends a REFER with this Refer-To and resolves with its final response. */
  refers(carrier: SipCall, referTo: string, name = "Refer-To"): Promise<SipText> {
    const { account, habits } = this;
    const by = `${habits.displayName}<sip:${account.user}@${account.domain}>`;
    return carrier.exchange("REFER", "", "", [
      [name, referTo],
      ["Referred-By", by],
    ]);
  }

  /** The 200 to the INVITE of a call that was dialled here. */
  answerTo(call: SipCall): SipText {
    return this.#responses(call, 200)[0]!;
  }

  /** The sipfrag statuses that a call was notified of, in order. */
  notified(call: SipCall): string[] {
    return this.#received("NOTIFY", call).map(({ body }) => body.split(" ")[1] ?? "none");
  }

  /** Whether each NOTIFY of this call had its answer before the BYE came. */
  answeredBeforeBye(call: SipCall): boolean {
    const callId = call.replaces.split(";")[0]!;
    const messages = this.socket.trace.filter((text) => text.includes(callId));
    const bye = messages.findIndex((text) => /^< \S+\nBYE /.test(text));
    const answers = messages
      .slice(0, bye)
      .filter((text) => /^> \S+\nSIP\/2\.0 200 /.test(text) && /NOTIFY/i.test(text));
    return bye < 0 || answers.length >= this.#received("NOTIFY", call).length;
  }

  hangUp(): void {
    for (const line of [this.one, this.two, this.three]) line.hangUp();
  }

  close(): void {
    this.hangUp();
    for (const { rtp } of [this.one, this.two, this.three]) rtp.close();
    this.socket.close();
  }

  /** Responses to the INVITE of a call that was dialled here. */
  #responses(call: SipCall, status: number): SipText[] {
    const callId = call.replaces.split(";")[0]!;
    return this.socket.trace
      .filter((text) => text.startsWith("< ") && text.includes(callId))
      .map((text) => parseSip(text.slice(text.indexOf("\n") + 1))!)
      .filter((message) => statusOf(message) === status && / INVITE$/.test(header(message, "cseq")));
  }

  async #accepted(carrier: SipCall, referTo: string): Promise<void> {
    const { start } = await this.refers(carrier, referTo);
    if (!start.includes(" 202 ")) throw new Error(`the REFER to ${referTo} got ${start}`);
  }

  async #leaves(carrier: SipCall): Promise<void> {
    const { hangsUp } = this.habits;
    if (hangsUp === "when told") {
      await waitFor(() => (this.notified(carrier).some((status) => status !== "100") ? undefined : "no final NOTIFY"));
    }
    if (hangsUp !== "never") this.hangUp();
    await Promise.all([this.one.call.ended(), this.two.call.ended()]);
  }

  #received(method: string, call: SipCall): SipText[] {
    const callId = call.replaces.split(";")[0]!;
    const once = new Map<string, SipText>();
    for (const text of this.socket.trace) {
      if (!text.startsWith("< ") || !text.includes(callId)) continue;
      const message = parseSip(text.slice(text.indexOf("\n") + 1));
      if (message && methodOf(message) === method) once.set(header(message, "cseq"), message);
    }
    return [...once.values()];
  }
}

/** Writes what leaves a socket as this make would, and answers NOTIFYs in its way. */
function dress(socket: SipSocket, habits: () => Habits, user: string): void {
  const written = (message: SipText, isOurs: boolean): SipText => {
    const { displayName, contactParameters, headers } = habits();
    const contact = `${displayName}<sip:${user}@${socket.address}:${socket.port};transport=udp>${contactParameters}`;
    const dressed = message.headers.map(([name, value]): readonly [string, string] => {
      if (name === "From" && isOurs && displayName) return [name, value.replace(/^[^<]*/, displayName)];
      return name === "Contact" ? [name, contact] : [name, value];
    });
    return { ...message, headers: [...dressed, ...headers] };
  };
  const request = socket.request.bind(socket);
  const respond = socket.respond.bind(socket);
  socket.request = (message, to, onResponse) => request(written(message, true), to, onResponse);
  socket.respond = (asked, message) => {
    if (methodOf(asked) !== "NOTIFY") return respond(asked, written(message, false));
    const { notifyAnswer } = habits();
    if (!notifyAnswer) return;
    const { status, afterMs } = notifyAnswer;
    const answer = status === 200 ? message : { ...message, start: "SIP/2.0 481 Subscription Does Not Exist" };
    const send = (): void => respond(asked, written(answer, false));
    if (afterMs > 0) void delay(afterMs).then(send);
    else send();
  };
}
