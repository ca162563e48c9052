import type { Watched } from "../../app/watching.js";
import { CONTENT_TYPE, endsSubscription, retryAfterOf, type Package } from "../../domain/subscription.js";
import type { Clock } from "../../ports/clock.js";
import type { Log } from "../../ports/log.js";
import type { SrfDialog } from "./srf-api.js";

/** Why a subscription ends (RFC 6665 section 4.1.3). */
export type EndReason = "timeout" | "noresource";

export interface SubscriptionContext {
  readonly clock: Clock;
  readonly log: Log;
  over(subscription: Subscription): void;
}

type State =
  | { readonly kind: "active"; readonly expiresAt: number; readonly cancel: () => void }
  | { readonly kind: "ending"; readonly why: EndReason }
  | { readonly kind: "over" };

/** One subscription of a telephone's, from its SUBSCRIBE to the NOTIFY that says terminated (RFC 6665). */
export class Subscription {
  #state: State;
  /** What the last NOTIFY told, as its first version would. */
  #told: string | null = null;
  #version = 0;
  /** One NOTIFY at a time, so that they arrive in their order; what changes meanwhile is told at once afterwards. */
  #notifying = false;
  #again = false;
  #stopRetry: () => void = () => undefined;

  constructor(
    private readonly ctx: SubscriptionContext,
    readonly user: string,
    readonly event: { readonly package: Package; readonly header: string },
    readonly watched: Watched,
    private readonly dialog: SrfDialog,
    seconds: number,
  ) {
    this.#state = this.#activeFor(seconds);
  }

  /** A SUBSCRIBE has renewed it: it is told everything anew (RFC 6665 section 4.2.1.2). */
  renew(seconds: number): void {
    if (this.#state.kind !== "active") return;
    this.#state.cancel();
    this.#state = this.#activeFor(seconds);
    this.tell();
  }

  /** What is watched may have changed: a NOTIFY goes out if it has. */
  changed(): void {
    if (this.#state.kind !== "active") return;
    const document = this.watched.document(0);
    if (document === null) this.end("noresource");
    else if (document !== this.#told) this.tell();
  }

  /** One NOTIFY with the present state. */
  tell(): void {
    if (this.#notifying) this.#again = true;
    else void this.#notify();
  }

  /** A last NOTIFY, and it is over. */
  end(why: EndReason): void {
    if (this.#state.kind !== "active") return;
    this.#state.cancel();
    this.#state = { kind: "ending", why };
    this.tell();
  }

  /** The engine is gone, and the dialog with it. */
  parentClosed(): void {
    this.#over();
  }

  #activeFor(seconds: number): State {
    const { clock } = this.ctx;
    const cancel = clock.after(seconds * 1000, () => this.end("timeout"));
    return { kind: "active", expiresAt: clock.now() + seconds * 1000, cancel };
  }

  async #notify(): Promise<void> {
    this.#notifying = true;
    do {
      this.#again = false;
      await this.#send();
    } while (this.#again && this.#state.kind !== "over");
    this.#notifying = false;
  }

  async #send(): Promise<void> {
    const state = this.#state;
    if (state.kind === "over") return;
    this.#told = this.watched.document(0);
    const body = this.watched.document(this.#version++);
    const ends = state.kind === "ending";
    try {
      const res = await this.dialog.request({
        method: "NOTIFY",
        headers: {
          Event: this.event.header, // as it came: drachtio-srf and the subscriber know the subscription by it
          "Subscription-State": ends ? `terminated;reason=${state.why}` : `active;expires=${this.#left(state)}`,
          ...(body !== null && { "Content-Type": CONTENT_TYPE[this.event.package] }),
        },
        ...(body !== null && { body }),
      });
      if (ends) this.#over();
      else if (endsSubscription(res.status)) this.#gone(res.status);
      else if (res.status >= 300) this.#later(res.get("Retry-After"));
    } catch (error) {
      this.ctx.log.debug({ user: this.user, error }, "a NOTIFY could not be sent");
      this.#gone(null);
    }
  }

  /** It could not be taken now, and says when; without that the next change is told (RFC 6665 section 4.2.2). */
  #later(retryAfter: string | undefined): void {
    this.#told = null;
    const seconds = retryAfterOf(retryAfter);
    if (seconds === null) return;
    this.#stopRetry();
    this.#stopRetry = this.ctx.clock.after(seconds * 1000, () => this.changed());
  }

  #left({ expiresAt }: Extract<State, { kind: "active" }>): number {
    return Math.max(0, Math.round((expiresAt - this.ctx.clock.now()) / 1000));
  }

  /** RFC 6665 section 4.2.2: a subscriber that knows of no subscription has none any more. */
  #gone(status: number | null): void {
    const { log } = this.ctx;
    log.info({ user: this.user, event: this.event.package, status }, "a subscriber is gone");
    this.#over();
    // Takes the dialog out of drachtio-srf and the engine; that nobody answers is what we know already.
    this.dialog.destroy().catch(() => undefined);
  }

  #over(): void {
    if (this.#state.kind === "over") return;
    if (this.#state.kind === "active") this.#state.cancel();
    this.#stopRetry();
    this.#state = { kind: "over" };
    this.ctx.over(this);
  }
}
