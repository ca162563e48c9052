import { Registerer, RegistererState, type UserAgent } from "sip.js";
import { retryWaitMs } from "../model/waits.js";

const EXPIRES_S = 120;

/**
 * Keeps the user agent connected and registered: after a lost WebSocket it connects again with back-off, and registers
 * with a Registerer of its own, because the old one may wait for an answer that never comes.
 */
export class Registration {
  #registerer: Registerer | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #stopped = false;

  constructor(
    private readonly agent: UserAgent,
    private readonly linkChanged: (up: boolean) => void,
    /** Called on 401, 403 or 407; resolves when it makes sense to try again, to false when it does not. */
    private readonly accountRefused: () => Promise<boolean>,
    /** Called when the connection was found dead and has been closed; to be followed by `handleDisconnect`. */
    private readonly connectionDead: () => void,
  ) {}

  start(): void {
    this.agent.start().then(
      () => this.#register(),
      () => {
        this.linkChanged(false);
        this.#retry();
      },
    );
  }

  /** The WebSocket closed without our doing. */
  handleDisconnect(): void {
    this.linkChanged(false);
    this.#dropRegisterer();
    this.#retry();
  }

  /** Says nothing: the connection is closed first. A Registerer that is left alone would go on with its timers. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.agent.stop().catch(() => undefined); // the connection may be gone already
    this.#dropRegisterer();
  }

  /** The browser says that the network is back: do not wait for the timer, and see whether the connection is still one. */
  hurry(): void {
    if (this.#timer === undefined) return this.#register();
    clearTimeout(this.#timer);
    this.#attempt = 0;
    this.#reconnect();
  }

  #retry(): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#reconnect(), retryWaitMs(this.#attempt++, Math.random()));
  }

  #reconnect(): void {
    this.#timer = undefined;
    this.agent.reconnect().then(
      () => this.#register(),
      () => this.#retry(),
    );
  }

  #register(): void {
    if (this.#stopped) return;
    const registerer = this.#registerer ?? this.#newRegisterer();
    this.#registerer = registerer;
    registerer
      .register({
        requestDelegate: { onReject: (response) => this.#rejected(response.message.statusCode ?? 0) },
      })
      .catch(() => this.#retry()); // the one before is still unanswered
  }

  #dropRegisterer(): void {
    const old = this.#registerer;
    this.#registerer = undefined;
    old?.dispose().catch(() => undefined); // there may be no connection for its un-REGISTER
  }

  #newRegisterer(): Registerer {
    const registerer = new Registerer(this.agent, { expires: EXPIRES_S, logConfiguration: false });
    registerer.stateChange.addListener((state) => {
      if (registerer !== this.#registerer) return;
      if (state === RegistererState.Registered) {
        this.#attempt = 0;
        this.linkChanged(true);
      } else {
        this.linkChanged(false);
      }
    });
    return registerer;
  }

  #rejected(status: number): void {
    if (status === 401 || status === 403 || status === 407) {
      this.#dropRegisterer(); // it would send the refused Authorization again
      this.accountRefused().then(
        (again) => {
          if (again) this.#retry();
        },
        () => this.#retry(),
      );
    } else if (status === 408) {
      this.#dropConnection();
    } else {
      this.#retry();
    }
  }

  /** Nobody answered (SIP.js says 408 then): the WebSocket may be half open, and `reconnect` leaves one that looks open as it is. */
  #dropConnection(): void {
    const dead = (): void => {
      if (!this.#stopped) this.connectionDead();
    };
    this.agent.transport.disconnect().then(dead, dead);
  }
}
