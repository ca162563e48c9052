import { setTimeout as delay } from "node:timers/promises";
import type { AutoPhone } from "./auto-phone.js";
import { nowMs, waitFor } from "./clock.js";
import { type Place, TONES } from "./phone-site.js";
import type { Product } from "./product.js";
import { RtpCustomer } from "./rtp-customer.js";
import { type KnownSounds, leakDbfs } from "./privacy.js";
import { LEAKED_DBFS } from "./tones.js";
import { type Deed, mayMeet, type Moment, type Schedule } from "./schedule.js";

const WITHIN_MS = 20_000;

/** Plays one schedule with the people of one place; resolves with how far it came, rejects when a promise was broken. */
export class Play {
  /** Agents whom the desktop called an owner. */
  readonly #owners = new Set<AutoPhone>();
  readonly #struck: Promise<void>[] = [];
  #disturbed = false;
  #reached: Moment = "dialled";
  readonly #broken: string[] = [];

  private constructor(
    private readonly product: Product,
    private readonly place: Place,
    private readonly owner: AutoPhone,
    private readonly colleague: AutoPhone,
    private readonly schedule: Schedule,
    private readonly customer: RtpCustomer,
    private readonly music: KnownSounds,
  ) {}

  static async run(
    product: Product,
    place: Place,
    [owner, colleague]: readonly [AutoPhone, AutoPhone],
    schedule: Schedule,
    music: KnownSounds,
  ): Promise<Moment> {
    const customer = await RtpCustomer.create({ tone: TONES.customer, sipPort: place.trunkPort });
    try {
      const play = new Play(product, place, owner, colleague, schedule, customer, music);
      await play.#run();
      return play.#reached;
    } finally {
      customer.close();
    }
  }

  async #run(): Promise<void> {
    await Promise.all([this.owner, this.colleague].map(({ agent }) => agent.phone.register())); // before it expires
    const from = nowMs();
    this.colleague.manner =
      this.schedule.colleague === "rings" ? { kind: "rings" } : { kind: this.schedule.colleague, afterMs: 50 };
    if (this.schedule.target === "queue") await this.colleague.agent.goAvailable();
    await this.owner.agent.goAvailable();
    try {
      await this.#course();
    } catch (error) {
      if (!this.#disturbed) throw error; // nobody had done anything yet
    }
    await Promise.all(this.#struck);
    await this.#allHangUp();
    await this.#wrapUps();
    if (!mayMeet(this.schedule)) this.#privacy(from);
    if (this.#broken.length > 0) throw new Error(this.#broken.join("; "));
  }

  /** What happens when nobody disturbs it. */
  async #course(): Promise<void> {
    const { owner, colleague, schedule } = this;
    const [ownersCalls, colleaguesCalls] = [owner.calls, colleague.calls];
    owner.manner = { kind: "rings" };
    const call = this.customer.dial(this.product.uri(this.place.number));
    this.#at("dialled");
    await call.answered(WITHIN_MS);
    await this.#until(() => owner.calls > ownersCalls, "the owner's phone does not ring");
    this.#at("offered");
    owner.call!.answer();
    await this.#until(async () => (await this.#phase(owner)) === "connected", "not connected");
    this.#owners.add(owner);
    this.#at("connected");
    const target =
      schedule.target === "agent"
        ? { kind: "agent", agent: this.place.colleague }
        : { kind: "queue", queue: this.place.colleaguesQueue };
    const asked = owner.agent.command({ type: "consult", target });
    this.#at("asked");
    const refused = await asked;
    if (refused !== null) throw new Error(`the consult is refused: ${refused}`);
    await this.#until(() => colleague.calls > colleaguesCalls, "the colleague's phone does not ring");
    this.#at("ringing");
    if (schedule.colleague !== "answers") {
      // Declined, or rung out: a queue tries again and a direct consult is over (QU-1, CO-9).
      this.#at("answered");
      this.#at("moved");
      if (schedule.target === "agent")
        await this.#until(async () => (await this.#phase(owner)) === "connected", "no way back");
      return;
    }
    await this.#until(
      async () => (await owner.agent.desktop()).interaction?.consult?.stage === "answered",
      "no answer",
    );
    this.#at("answered");
    for (const type of schedule.then) {
      const code = await owner.agent.command({ type }).catch(() => "no call");
      if (code !== null && !this.#disturbed && type !== "resume") break; // a transfer that came first
    }
    this.#at("moved");
  }

  /** The moment has come: whoever waited for it strikes. */
  #at(moment: Moment): void {
    this.#reached = moment;
    for (const { at, afterMs, what } of this.schedule.strikes) {
      if (at !== moment) continue;
      this.#struck.push(
        delay(afterMs).then(() => {
          this.#disturbed = true;
          return this.#do(what);
        }),
      );
    }
  }

  async #do(deed: Deed): Promise<void> {
    switch (deed) {
      case "the customer hangs up":
        return this.#customerHangsUp();
      case "the owner hangs up":
        return this.owner.hangUp();
      case "the colleague hangs up":
        return this.colleague.hangUp();
      case "the owner presses the hold key":
        return holdKey(this.owner);
      case "the colleague presses the hold key":
        return holdKey(this.colleague);
      case "the colleague leaves":
        await this.colleague.agent.command({ type: "leave" }).catch(() => undefined); // in no call
        return;
      case "the colleague asks for what is the owner's":
        return this.#asksForTooMuch();
      default:
        await this.owner.agent.command({ type: deed }).catch(() => undefined);
    }
  }

  #customerHangsUp(): void {
    const { call } = this.customer;
    if (call.state.phase === "up") call.hangUp();
    else if (call.state.phase !== "ended") call.cancel();
  }

  /** CO-1, CO-11, CF-5: whoever was only consulted commands nothing. */
  async #asksForTooMuch(): Promise<void> {
    const { agent } = this.colleague;
    const { interaction } = await agent.desktop();
    if (interaction?.role !== "consulted") return;
    const target = { kind: "agent", agent: this.place.owner };
    for (const command of [
      { type: "consult", target },
      { type: "end" },
      { type: "resume" },
      { type: "transfer" },
      { type: "conference" },
    ]) {
      const { code, status } = await agent.call("POST", `/api/interactions/${interaction.id}/commands`, command);
      const now = (await agent.desktop()).interaction?.role;
      if (code === null && now === "consulted")
        this.#broken.push(`the consulted party could ${command.type} (${status})`);
    }
  }

  async #allHangUp(): Promise<void> {
    const { owner, colleague } = this;
    // Whoever owns it by now is asked while the call is still there.
    for (const one of [owner, colleague])
      if ((await one.agent.desktop()).interaction?.role === "owner") this.#owners.add(one);
    this.#customerHangsUp();
    await waitFor(async () => {
      for (const one of [owner, colleague]) {
        one.hangUp(); // a queue may go on ringing phones until it has heard of the customer
        const { interaction, agent } = await one.agent.desktop();
        if (interaction || ["reserved", "engaged"].includes(agent.state.kind))
          return `${agent.state.kind} after the call`;
      }
      return undefined;
    }, WITHIN_MS);
  }

  /** WU-2: one wrap-up for each who owned it, none for who was only consulted. */
  async #wrapUps(): Promise<void> {
    for (const one of [this.owner, this.colleague]) {
      const { wrapUps } = await one.agent.desktop();
      const may = one === this.owner || mayMeet(this.schedule);
      const must = this.#owners.has(one) ? 1 : 0;
      if (wrapUps.length > (may ? 1 : 0) || wrapUps.length < must)
        this.#broken.push(`${wrapUps.length} wrap-ups instead of ${must}`);
      await one.agent.settle();
    }
  }

  /** MX-1: a consult is not heard by the customer, nor the customer by the colleague. */
  #privacy(from: number): void {
    for (const [{ name, rtp }, tone] of [
      [this.customer, TONES.colleague],
      [this.colleague.agent.line, TONES.customer],
    ] as const) {
      const level = leakDbfs(rtp.recording, tone, { tones: [TONES.owner], known: this.music }, from, nowMs());
      if (level > LEAKED_DBFS) this.#broken.push(`${name} heard ${tone} Hz at ${level.toFixed(1)} dBFS`);
    }
  }

  /** Waits for what the course needs, unless somebody's deed has made it impossible. */
  async #until(isThere: () => boolean | Promise<boolean>, missing: string): Promise<void> {
    await waitFor(async () => {
      if (await isThere()) return undefined;
      if (this.#disturbed && (await this.#isOver())) throw new Error(missing);
      return missing;
    }, WITHIN_MS);
  }

  async #isOver(): Promise<boolean> {
    await Promise.all(this.#struck);
    if (this.customer.call.state.phase === "ended") return true;
    const { interaction, agent } = await this.owner.agent.desktop();
    return (
      agent.state.kind !== "available" &&
      (!interaction || interaction.phase === "connected" || interaction.consult === null)
    );
  }

  async #phase(one: AutoPhone): Promise<string | undefined> {
    return (await one.agent.desktop()).interaction?.phase;
  }
}

async function holdKey({ call }: AutoPhone): Promise<void> {
  if (call?.state.phase !== "up") return;
  await Promise.race([call.hold(true).catch(() => undefined), delay(3_000)]); // refused, or the call ended meanwhile
}
