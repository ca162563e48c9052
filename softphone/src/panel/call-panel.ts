import type { Command, Desktop, Notice, Session, Target } from "@legwork/shared/api";
import {
  type CallPanel,
  type CallPanelCommand,
  type CallPanelCommands,
  type CallPanelAudio,
  CallPanelError,
  type CallPanelEvent,
  type CallPanelEvents,
  type CallPanelState,
  type SignedOutReason,
} from "@legwork/shared/call-panel";
import type { ApiClient } from "../api-client/index.js";
import { dialledUser } from "../model/dialled.js";
import { sidesOf } from "../model/leg-view.js";
import { newsBetween } from "../model/panel-news.js";
import { initialModel, type PanelEvent, type PanelModel, reduce, view } from "../model/panel-state.js";
import { signalsFor } from "../model/signal.js";
import type { Phone, PhoneAccount } from "../ports/phone.js";
import { type TransferStage, transferStage } from "../model/transfer.js";
import { signedOutReason } from "../model/signed-out.js";
import { Listeners } from "./listeners.js";
import { Reconciler } from "./reconciler.js";
import { type LinkListener, type LinkParts, SessionLinks } from "./session-links.js";
import { carryOut } from "./signaller.js";

/** What the panel is made of. */
export interface PanelParts extends LinkParts {
  readonly api: Pick<ApiClient, keyof ApiClient>;
  readonly audio: CallPanelAudio;
}

/** Commands that do not wait for a hold that nobody answers, and that call off what is on its way. */
const WAYS_OUT: ReadonlySet<Command["type"]> = new Set(["end", "leave", "end-consult", "back-to-customer"]);

/** The call panel over the desktop API, its event stream and the browser's phone. */
export class Panel implements CallPanel {
  readonly #listeners = new Listeners();
  readonly #reconciler: Reconciler;
  #model: PanelModel = initialModel;
  #state: CallPanelState = view(initialModel);
  #links: SessionLinks | undefined;
  /** SIP commands go one after the other: their steps must not mix. */
  #sequence: Promise<unknown> = Promise.resolve();
  /** Counts the commands that call off what an earlier one still has to do. */
  #calledOff = 0;

  constructor(private readonly parts: PanelParts) {
    this.#reconciler = new Reconciler(
      () => this.#model,
      async (callId) => this.#links?.phone?.setHold(callId, false),
    );
  }

  get audio(): CallPanelAudio {
    return this.parts.audio;
  }

  get state(): CallPanelState {
    return this.#state;
  }

  subscribe(listener: (state: CallPanelState) => void): () => void {
    return this.#listeners.subscribe(listener);
  }

  on<Type extends CallPanelEvent>(type: Type, listener: (event: CallPanelEvents[Type]) => void): () => void {
    return this.#listeners.add(type, listener);
  }

  async restore(): Promise<void> {
    if (this.#links) return; // it is here already
    this.#apply({ type: "sessionOpening" });
    try {
      await this.#open(await this.parts.api.session());
    } catch (error) {
      if (this.#links) return; // signed in meanwhile
      // Not signed in, or not reachable: the sign-in page says which when it is used.
      const ended = error instanceof CallPanelError ? error.ended : undefined;
      this.#apply({ type: "sessionClosed", why: ended ? signedOutReason(ended) : null });
    }
  }

  signIn(request: Parameters<CallPanelCommands["signIn"]>[0]): Promise<void> {
    return this.#run("signIn", async () => this.#open(await this.parts.api.signIn(request)));
  }

  signOut(): Promise<void> {
    return this.#run("signOut", async () => {
      await this.parts.api.signOut();
      await this.#close(null);
    });
  }

  setState(state: Parameters<CallPanelCommands["setState"]>[0]): Promise<void> {
    return this.#run("setState", () =>
      this.parts.api.setState(
        state.kind === "available" ? { state: "available" } : { state: "idle", reason: state.reason },
      ),
    );
  }

  accept(): Promise<void> {
    return this.#run("accept", () => this.#ringingPhone().accept());
  }

  decline(): Promise<void> {
    return this.#run("decline", () => this.#ringingPhone().decline());
  }

  async mute(muted: boolean): Promise<void> {
    this.#links?.phone?.mute(muted);
    this.#apply({ type: "muteChanged", muted });
  }

  readonly listAgents = () => this.parts.api.agents();
  readonly listQueues = () => this.parts.api.queues();
  readonly listEntryPoints = () => this.parts.api.entryPoints();
  readonly listDialNumbers = () => this.parts.api.dialNumbers();
  readonly listExperts = (search: string) => this.parts.api.experts(search);
  readonly listHistory = (query: Parameters<CallPanelCommands["listHistory"]>[0] = {}) => this.parts.api.history(query);
  readonly checkNumber = (typed: string) => this.parts.api.checkNumber(typed);

  placeCall(target: Target): Promise<void> {
    const phone = this.#links?.phone;
    return this.#run("placeCall", () =>
      phone ? this.#inTurn(() => phone.invite(dialledUser(target))) : this.parts.api.placeCall(target),
    );
  }

  readonly hold = () => this.#command("hold", { type: "hold" });
  readonly unhold = () => this.#command("unhold", { type: "unhold" });
  readonly consult = (target: Target) => this.#command("consult", { type: "consult", target });
  readonly blindTransfer = (target: Target) => this.#command("blindTransfer", { type: "blind-transfer", target });
  readonly resume = () => this.#command("resume", { type: "resume" });
  readonly acceptTransfer = () => this.#command("acceptTransfer", { type: "accept-transfer" });
  readonly declineTransfer = () => this.#command("declineTransfer", { type: "decline-transfer" });
  readonly conference = () => this.#command("conference", { type: "conference" });
  readonly endConsult = () => this.#command("endConsult", { type: "end-consult" });
  readonly backToCustomer = () => this.#command("backToCustomer", { type: "back-to-customer" });
  readonly leave = () => this.#command("leave", { type: "leave" });
  readonly end = () => this.#command("end", { type: "end" });
  readonly sendDigits = (digits: string) => this.#command("sendDigits", { type: "dtmf", digits });

  /** CO-5: a REFER that ends with 503 does not say that it was the consulted party who did not want to; the desktop does. */
  async transfer(): Promise<void> {
    let stage: TransferStage | undefined;
    const unsubscribe = this.subscribe(({ desktop }) => {
      stage = (desktop?.interaction && transferStage(desktop.interaction)) ?? stage;
    });
    try {
      await this.#command("transfer", { type: "transfer" });
    } catch (error) {
      if (stage !== "asked" || !(error instanceof CallPanelError)) throw error;
      throw new CallPanelError("transfer-declined", error.message);
    } finally {
      unsubscribe();
    }
  }

  submitWrapUp(wrapUp: string, reason: string, note: string): Promise<void> {
    return this.#run("submitWrapUp", () => this.parts.api.submitWrapUp(wrapUp, { reason, note }));
  }

  cancelAutoWrapUp(wrapUp: string): Promise<void> {
    return this.#run("cancelAutoWrapUp", () => this.parts.api.cancelAutoWrapUp(wrapUp));
  }

  demoCall(): Promise<void> {
    return this.#run("demoCall", () => this.parts.api.demoCall());
  }

  #command(name: CallPanelCommand, command: Command): Promise<void> {
    if (command.type === "dtmf") return this.#run(name, () => this.#signal(command));
    if (!WAYS_OUT.has(command.type)) return this.#run(name, () => this.#inTurn(() => this.#signal(command)));
    this.#calledOff += 1;
    return this.#run(name, () => this.#signal(command));
  }

  async #signal(command: Command): Promise<void> {
    const { desktop, legs } = this.#model;
    const interaction = desktop?.interaction;
    if (!interaction) throw new CallPanelError("not-found", "there is no call");
    const sides = sidesOf(legs, interaction.legs);
    const choice = signalsFor(command, { station: desktop.station.kind, interaction, sides });
    if (!choice.ok) throw new CallPanelError(choice.code, `${command.type} is not possible now`);
    const calledOff = this.#calledOff;
    for (const signal of choice.signals) {
      if (this.#calledOff !== calledOff) return; // a consult called off while the customer was being put on hold
      await carryOut(signal, this.#links?.phone, (posted) => this.parts.api.command(interaction.id, posted));
    }
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const result = this.#sequence.then(work);
    this.#sequence = result.catch(() => undefined); // the caller has the error
    return result;
  }

  async #run(command: CallPanelCommand, work: () => Promise<void>): Promise<void> {
    this.#apply({ type: "commandStarted", command });
    try {
      await work();
    } finally {
      this.#apply({ type: "commandSettled", command });
    }
  }

  #ringingPhone(): Phone {
    const phone = this.#links?.phone;
    if (!phone) throw new CallPanelError("not-found", "calls ring at the desk phone");
    return phone;
  }

  async #open(session: Session): Promise<void> {
    if (this.#links) this.#close(null).catch(() => undefined); // a session takes the place of the one before
    const links = new SessionLinks(this.parts, this.#listener());
    this.#links = links;
    this.#apply({ type: "sessionOpened", station: session.station.kind, at: Date.now() });
    try {
      await links.open(session);
    } catch (error) {
      if (this.#links === links) await this.#close(null);
      throw error;
    }
  }

  async #close(why: SignedOutReason | null): Promise<void> {
    const closed = this.#links?.close();
    this.#links = undefined;
    this.#reconciler.stop();
    this.#apply({ type: "sessionClosed", why });
    await closed;
  }

  #listener(): LinkListener {
    return {
      tabLost: () => {
        void this.#close("other-tab");
        this.parts.tab.watch((open) => this.#apply({ type: "otherTabChanged", open }));
      },
      stream: {
        linkChanged: (up) => this.#apply({ type: "eventsChanged", up, at: Date.now() }),
        desktop: (desktop) => this.#desktopArrived(desktop),
        notice: (notice) => this.#noticeArrived(notice),
        signedOut: (ended) => void this.#close(signedOutReason(ended)),
      },
      phone: {
        linkChanged: (up) => this.#apply({ type: "phoneChanged", up, at: Date.now() }),
        legsChanged: (legs) => this.#apply({ type: "legsChanged", legs }),
        ringingChanged: (ringing) => this.#apply({ type: "ringingChanged", ringing }),
        qualityChanged: (qualities) => this.#apply({ type: "qualityChanged", qualities }),
        autoAnswerFailed: () =>
          this.#noticeArrived({
            kind: "call-not-answered",
            interaction: null,
            who: null,
            at: new Date().toISOString(),
          }),
        accountRefused: () => this.#freshAccount(),
      },
    };
  }

  async #freshAccount(): Promise<PhoneAccount | null> {
    try {
      return (await this.parts.api.session()).sip;
    } catch (error) {
      if (!(error instanceof CallPanelError) || error.code !== "not-signed-in") throw error;
      void this.#close(signedOutReason(error.ended));
      return null;
    }
  }

  #desktopArrived(desktop: Desktop): void {
    this.#apply({ type: "desktopArrived", desktop, serverNow: Date.parse(desktop.now), at: Date.now() });
    const { phone, events } = this.#model.links;
    if (phone?.state === "up" && events.state === "up")
      this.#links?.phone?.keepOnly(desktop.interaction?.legs.map((leg) => leg.callId) ?? []);
  }

  #noticeArrived(notice: Notice): void {
    this.#listeners.tell({ news: [{ type: "notice", event: notice }] });
  }

  #apply(event: PanelEvent): void {
    const model = reduce(this.#model, event);
    if (model === this.#model) return;
    const before = this.#state;
    this.#model = model;
    this.#state = view(model);
    this.#listeners.tell({ state: this.#state, news: newsBetween(before, this.#state) });
    this.#reconciler.check();
  }
}
