import type { Session } from "@legwork/shared/api";
import type { EventStream, StreamListener } from "../api-client/index.js";
import type { Phone, PhoneAccount, PhoneEvents } from "../ports/phone.js";
import type { ActiveTab } from "./active-tab.js";

/** What the links of a session are made of. */
export interface LinkParts {
  /** Which of this browser's tabs is the phone. */
  readonly tab: Pick<ActiveTab, keyof ActiveTab>;
  openStream(listener: StreamListener): Pick<EventStream, "start" | "stop">;
  /** Loads SIP.js and makes the phone: only after sign-in, and only for a browser station. */
  makePhone(account: PhoneAccount, events: PhoneEvents): Promise<Phone>;
}

/** Who hears of them. */
export interface LinkListener {
  tabLost(): void;
  readonly stream: StreamListener;
  readonly phone: PhoneEvents;
}

/** What one session holds in this browser: the tab's place, the event stream, the phone. Once closed, none of them is heard. */
export class SessionLinks {
  #stream: Pick<EventStream, "start" | "stop"> | undefined;
  #phone: Phone | undefined;
  #closed = false;

  constructor(
    private readonly parts: LinkParts,
    private readonly listener: LinkListener,
  ) {}

  /** Undefined at a desk phone, and while it is loading. */
  get phone(): Phone | undefined {
    return this.#phone;
  }

  /** Rejects when there is no phone to be had; what is open by then is for `close`. */
  async open(session: Session): Promise<void> {
    const { stream, phone } = this.listener;
    this.parts.tab.claim(this.#whileOpen(() => this.listener.tabLost()));
    this.#stream = this.parts.openStream({
      linkChanged: this.#whileOpen((up) => stream.linkChanged(up)),
      desktop: this.#whileOpen((desktop) => stream.desktop(desktop)),
      notice: this.#whileOpen((notice) => stream.notice(notice)),
      signedOut: this.#whileOpen((ended) => stream.signedOut(ended)),
    });
    this.#stream.start();
    if (!session.sip) return;
    const made = await this.parts.makePhone(session.sip, {
      linkChanged: this.#whileOpen((up) => phone.linkChanged(up)),
      legsChanged: this.#whileOpen((legs) => phone.legsChanged(legs)),
      ringingChanged: this.#whileOpen((ringing) => phone.ringingChanged(ringing)),
      qualityChanged: this.#whileOpen((qualities) => phone.qualityChanged(qualities)),
      autoAnswerFailed: this.#whileOpen((error) => phone.autoAnswerFailed(error)),
      accountRefused: async () => (this.#closed ? null : phone.accountRefused()),
    });
    if (this.#closed) return; // while the phone was loading
    this.#phone = made;
    made.start();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.parts.tab.release();
    this.#stream?.stop();
    await this.#phone?.close();
  }

  #whileOpen<News extends unknown[]>(tell: (...news: News) => void): (...news: News) => void {
    return (...news) => {
      if (!this.#closed) tell(...news);
    };
  }
}
