import { setTimeout as delay } from "node:timers/promises";
import type { AutoLine, AutoPhone } from "./auto-phone.js";
import { Changes } from "./changes.js";
import { nowMs } from "./clock.js";
import type { DesktopFacts } from "./desktop-facts.js";
import { type People, type Place, TONES } from "./phone-site.js";
import type { KnownSounds } from "./privacy.js";
import type { Product } from "./product.js";
import { RtpCustomer } from "./rtp-customer.js";
import { asksForTooMuch, leaks, wrapUpMistakes } from "./schedule-promises.js";
import { type Deed, mayMeet, type Moment, type OwnersCommand, type Schedule } from "./schedule.js";

const WITHIN_MS = 20_000;

/** Where a schedule is played, and with whom. */
export interface Stage {
  readonly product: Product;
  readonly place: Place;
  readonly people: People;
  readonly music: KnownSounds;
}

/** Plays one schedule; resolves with how far it came, rejects when a promise was broken. */
export class Play {
  readonly #owner: AutoPhone;
  readonly #colleague: AutoPhone;
  /** Whom the schedule names: the colleague, or who answers for the number. */
  readonly #party: AutoLine;
  /** Agents whom the desktop called an owner. */
  readonly #owners = new Set<AutoPhone>();
  readonly #struck: Promise<void>[] = [];
  /** Of all that the course waits for. */
  readonly #changes = new Changes();
  #desktop: DesktopFacts | undefined;
  #disturbed = false;
  #striking = 0;
  #reached: Moment = "dialled";
  readonly #broken: string[] = [];

  private constructor(
    private readonly stage: Stage,
    private readonly schedule: Schedule,
    private readonly customer: RtpCustomer,
  ) {
    const { owner, colleague, outside } = stage.people;
    [this.#owner, this.#colleague] = [owner, colleague];
    this.#party = schedule.target === "number" ? outside : colleague;
  }

  static async run(stage: Stage, schedule: Schedule): Promise<Moment> {
    const customer = await RtpCustomer.create({ tone: TONES.customer, sipPort: stage.place.trunkPort });
    const end = new AbortController();
    try {
      const play = new Play(stage, schedule, customer);
      await play.#run(end.signal);
      return play.#reached;
    } finally {
      end.abort();
      customer.close();
    }
  }

  async #run(end: AbortSignal): Promise<void> {
    const agents = [this.#owner, this.#colleague].map(({ agent }) => agent);
    await Promise.all(agents.map(({ phone }) => phone.register())); // before it expires
    const from = nowMs();
    const { way, target, party } = this.schedule;
    this.#party.manner = party === "rings" ? { kind: "rings" } : { kind: party, afterMs: 50 };
    this.#owner.manner = { kind: "rings" };
    if (target === "queue" || (target === "agent" && way === "blind-transfer"))
      await this.#colleague.agent.goAvailable();
    await this.#owner.agent.goAvailable();
    await this.#owner.agent.follow((desktop) => {
      this.#desktop = desktop;
      this.#changes.happened();
    }, end);
    try {
      await this.#course();
    } catch (error) {
      if (!this.#disturbed) throw error; // nobody had done anything yet
    }
    await Promise.all(this.#struck);
    await this.#allHangUp();
    this.#broken.push(...(await wrapUpMistakes([this.#owner, this.#colleague], this.#owners, this.schedule)));
    if (!mayMeet(this.schedule)) this.#broken.push(...leaks(this.customer, this.#party.line, this.stage.music, from));
    if (this.#broken.length > 0) throw new Error(this.#broken.join("; "));
  }

  /** What happens when nobody disturbs it. */
  async #course(): Promise<void> {
    const { schedule } = this;
    const [owner, party] = [this.#owner, this.#party];
    const [ownersCalls, partysCalls] = [owner.calls, party.calls];
    const call = this.customer.dial(this.stage.product.uri(this.stage.place.number));
    void call.ended(2 ** 31 - 1).then(() => this.#changes.happened());
    this.#at("dialled");
    await call.answered(WITHIN_MS);
    await this.#rings(owner, ownersCalls, "the owner's phone does not ring");
    this.#at("offered");
    owner.call!.answer();
    await this.#until(() => this.#phase === "connected", "not connected");
    this.#owners.add(owner);
    this.#at("connected");
    const asked = this.#command(schedule.way);
    this.#at("asked");
    const refused = await asked;
    if (refused !== null) throw new Error(`the ${schedule.way} is refused: ${refused}`);
    await this.#rings(party, partysCalls, "the party's phone does not ring");
    this.#at("ringing");
    if (schedule.party !== "answers") return this.#unanswered();
    if (schedule.way === "blind-transfer")
      await this.#until(
        () => party.call?.state.phase === "up" && this.#desktop?.interaction === null,
        "not transferred",
      );
    else await this.#until(() => this.#desktop?.interaction?.consult?.stage === "answered", "no answer");
    this.#at("answered");
    for (const type of schedule.way === "consult" ? schedule.then : []) {
      const code = await this.#command(type).catch(() => "no call");
      if (code !== null && !this.#disturbed && type !== "resume") break; // a transfer that came first
    }
    this.#at("moved");
  }

  /** Declined, or rung out: a queue tries again, anyone else gives the customer back (QU-1, CO-9, BT-1). */
  async #unanswered(): Promise<void> {
    this.#at("answered");
    this.#at("moved");
    if (this.schedule.target !== "queue") await this.#until(() => this.#phase === "connected", "no way back");
  }

  /** The owner's command, about whom the schedule names where it needs somebody. */
  #command(type: OwnersCommand | "consult"): Promise<string | null> {
    const { colleague, colleaguesQueue, outside } = this.stage.place;
    const target = {
      agent: { kind: "agent", agent: colleague },
      queue: { kind: "queue", queue: colleaguesQueue },
      number: { kind: "number", number: outside },
    }[this.schedule.target];
    const needsTarget = type === "consult" || type === "blind-transfer";
    return this.#owner.agent.command(needsTarget ? { type, target } : { type });
  }

  /** The moment has come: whoever waited for it strikes. */
  #at(moment: Moment): void {
    this.#reached = moment;
    for (const { at, afterMs, what } of this.schedule.strikes) {
      if (at === moment) this.#struck.push(this.#strike(afterMs, what));
    }
  }

  async #strike(afterMs: number, what: Deed): Promise<void> {
    this.#striking += 1;
    await delay(afterMs); // the schedule's own time
    this.#disturbed = true;
    await this.#do(what);
    this.#striking -= 1;
    this.#changes.happened();
  }

  async #do(deed: Deed): Promise<void> {
    const colleague = this.schedule.target === "number" ? undefined : this.#colleague.agent; // a number has no desktop
    switch (deed) {
      case "the customer hangs up":
        return this.#customerHangsUp();
      case "the owner hangs up":
        return this.#owner.hangUp();
      case "the party hangs up":
        return this.#party.hangUp();
      case "the owner presses the hold key":
        return holdKey(this.#owner);
      case "the party presses the hold key":
        return holdKey(this.#party);
      case "the party leaves":
        await colleague?.command({ type: "leave" }).catch(() => undefined); // in no call
        return;
      case "the party asks for what is the owner's":
        if (colleague) this.#broken.push(...(await asksForTooMuch(colleague, this.stage.place.owner)));
        return;
      default:
        await this.#command(deed).catch(() => undefined);
    }
  }

  #customerHangsUp(): void {
    const { call } = this.customer;
    if (call.state.phase === "up") call.hangUp();
    else if (call.state.phase !== "ended") call.cancel();
  }

  async #allHangUp(): Promise<void> {
    const agents = [this.#owner, this.#colleague];
    // Whoever owns it by now is asked while the call is still there.
    for (const one of agents) if ((await one.agent.desktop()).interaction?.role === "owner") this.#owners.add(one);
    this.#customerHangsUp();
    for (const line of [...agents, this.#party]) {
      line.manner = { kind: "declines", afterMs: 0 }; // a queue may go on ringing phones until it has heard of the customer
      line.hangUp();
    }
    await Promise.all(
      agents.map(({ agent }) =>
        agent.until(
          ({ interaction, agent: { state } }) =>
            interaction || ["reserved", "engaged"].includes(state.kind) ? `${state.kind} after the call` : undefined,
          WITHIN_MS,
        ),
      ),
    );
  }

  async #rings(line: AutoLine, callsBefore: number, missing: string): Promise<void> {
    void line.changes
      .until(() => (line.calls > callsBefore ? undefined : missing), WITHIN_MS)
      .then(
        () => this.#changes.happened(),
        () => undefined, // told below
      );
    await this.#until(() => line.calls > callsBefore, missing);
  }

  /** Waits for what the course needs, unless somebody's deed has made it impossible. */
  #until(isThere: () => boolean, missing: string): Promise<void> {
    return this.#changes.until(() => {
      if (isThere()) return undefined;
      if (this.#disturbed && this.#striking === 0 && this.#isOver()) throw new Error(missing);
      return missing;
    }, WITHIN_MS);
  }

  #isOver(): boolean {
    if (this.customer.call.state.phase === "ended") return true;
    const { interaction, agent } = this.#desktop!;
    return (
      agent.state.kind !== "available" &&
      (!interaction || interaction.phase === "connected" || interaction.consult === null)
    );
  }

  get #phase(): string | undefined {
    return this.#desktop?.interaction?.phase;
  }
}

/** Resolves when the phone has been answered, in any way. */
async function holdKey({ call }: AutoLine): Promise<void> {
  if (call?.state.phase !== "up") return;
  await Promise.race([call.hold(true).catch(() => undefined), call.ended(WITHIN_MS)]); // refused, or the call ended meanwhile
}
