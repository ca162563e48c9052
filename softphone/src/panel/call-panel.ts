import type { Desktop, Notice, Session } from "@legwork/shared/api";
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
import { newsBetween } from "../model/panel-news.js";
import { initialModel, type PanelEvent, type PanelModel, reduce, view } from "../model/panel-state.js";
import type { Phone, PhoneAccount } from "../ports/phone.js";
import { isNotSignedIn, signedOutReason } from "../model/signed-out.js";
import { retryWaitMs } from "../model/waits.js";
import { Commander } from "./commander.js";
import type { KeptMute } from "./kept-mute.js";
import { Listeners } from "./listeners.js";
import { Reconciler } from "./reconciler.js";
import { SessionCommands } from "./session-commands.js";
import { type LinkListener, type LinkParts, SessionLinks } from "./session-links.js";

/** What the panel is made of. */
export interface PanelParts extends LinkParts {
  readonly api: Pick<ApiClient, keyof ApiClient>;
  /** `close` lets go of the browser's devices. */
  readonly audio: CallPanelAudio & { close(): void };
  readonly keptMute: Pick<KeptMute, keyof KeptMute>;
}

/** The call panel over the desktop API, its event stream and the browser's phone. */
export class Panel extends SessionCommands implements CallPanel {
  readonly #listeners = new Listeners();
  readonly #reconciler: Reconciler;
  #model: PanelModel = initialModel;
  #state: CallPanelState = view(initialModel);
  #links: SessionLinks | undefined;
  protected readonly commander: Commander;
  readonly #closing = new AbortController();

  constructor(private readonly parts: PanelParts) {
    super();
    this.commander = new Commander({
      model: () => this.#model,
      phone: () => this.phone,
      post: (interaction, command) => this.api.command(interaction, command),
    });
    this.#reconciler = new Reconciler(
      () => this.#model,
      async (callId) => this.phone?.setHold(callId, false),
    );
  }

  protected get api(): PanelParts["api"] {
    return this.parts.api;
  }

  protected get phone(): Phone | undefined {
    return this.#links?.phone;
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
    const { aborted } = this.#closing.signal;
    if (aborted || this.#links || this.#model.links.session === "opening") return; // it is here already, or on its way
    this.#apply({ type: "sessionOpening" });
    for (let attempt = 0; !this.#links && !this.#closing.signal.aborted; attempt++) {
      try {
        return await this.#open(await this.api.session());
      } catch (error) {
        if (this.#model.links.session === "none") return; // closed meanwhile
        if (isNotSignedIn(error)) {
          return this.#apply({ type: "sessionClosed", why: error.ended ? signedOutReason(error.ended) : null });
        }
        if (this.#links) return; // signed in meanwhile
        this.#apply({ type: "openingFailed", at: Date.now() });
        await pause(retryWaitMs(attempt, Math.random()), this.#closing.signal);
      }
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.parts.tab.close();
    this.parts.audio.close();
    this.#listeners.clear();
    await this.#close(null);
  }

  signIn(request: Parameters<CallPanelCommands["signIn"]>[0]): Promise<void> {
    return this.run("signIn", async () => {
      const session = await this.api.signIn(request);
      try {
        await this.#open(session);
      } catch (error) {
        if (!this.#links) await this.#close(null);
        throw error;
      }
    });
  }

  signOut(): Promise<void> {
    return this.run("signOut", async () => {
      await this.api.signOut();
      await this.#close(null);
    });
  }

  async mute(muted: boolean): Promise<void> {
    if (!this.#model.desktop?.interaction) throw new CallPanelError("not-found", "there is no call");
    this.#apply({ type: "muteChanged", muted });
  }

  /** A session that the server does not know any more is over here as well, whoever asked. */
  protected async asked<T>(work: () => Promise<T>): Promise<T> {
    const links = this.#links;
    try {
      return await work();
    } catch (error) {
      if (isNotSignedIn(error) && links && links === this.#links) void this.#close(signedOutReason(error.ended));
      throw error;
    }
  }

  protected async run(command: CallPanelCommand, work: () => Promise<void>): Promise<void> {
    this.#apply({ type: "commandStarted", command });
    try {
      await this.asked(work);
    } finally {
      this.#apply({ type: "commandSettled", command });
    }
  }

  /** Rejects when a part cannot be had; nothing is open then. */
  async #open(session: Session): Promise<void> {
    if (this.#closing.signal.aborted) throw new CallPanelError("unavailable", "the panel is closed");
    if (this.#links) this.#close(null).catch(() => undefined); // a session takes the place of the one before
    const links = new SessionLinks({ ...this.parts, makePhone: this.#makePhone }, this.#listener());
    this.#links = links;
    const { keptMute } = this.parts;
    this.#apply({
      type: "sessionOpened",
      station: session.station.kind,
      mutedIn: keptMute.read(),
      at: Date.now(),
    });
    try {
      await links.open(session);
    } catch (error) {
      if (this.#links === links) this.#links = undefined;
      await links.close();
      throw error;
    }
  }

  /** Muted from its first moment, where the agent was. */
  readonly #makePhone: PanelParts["makePhone"] = async (account, events) => {
    const phone = await this.parts.makePhone(account, events);
    if (this.#model.mutedIn !== null) phone.mute(true);
    return phone;
  };

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
      return (await this.api.session()).sip;
    } catch (error) {
      if (!isNotSignedIn(error)) throw error;
      void this.#close(signedOutReason(error.ended));
      return null;
    }
  }

  #desktopArrived(desktop: Desktop): void {
    this.#apply({ type: "desktopArrived", desktop, serverNow: Date.parse(desktop.now), at: Date.now() });
    const { phone, events } = this.#model.links;
    if (phone?.state === "up" && events.state === "up")
      this.phone?.keepOnly(desktop.interaction?.legs.map((leg) => leg.callId) ?? []);
  }

  #noticeArrived(notice: Notice): void {
    this.#listeners.tell({ news: [{ type: "notice", event: notice }] });
  }

  #apply(event: PanelEvent): void {
    const model = reduce(this.#model, event);
    if (model === this.#model) return;
    const before = this.#state;
    const { mutedIn } = this.#model;
    this.#model = model;
    if (model.links.session === "open" && model.mutedIn !== mutedIn) this.#muteChanged(event, model.mutedIn);
    this.#state = view(model);
    this.#listeners.tell({ state: this.#state, news: newsBetween(before, this.#state) });
    this.#reconciler.check();
  }

  #muteChanged({ type }: PanelEvent, mutedIn: string | null): void {
    if (type !== "sessionOpened") this.parts.keptMute.write(mutedIn); // then it was read
    this.phone?.mute(mutedIn !== null);
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
