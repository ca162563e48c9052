import { sidesOf } from "../model/leg-view.js";
import type { PanelModel } from "../model/panel-state.js";
import { heldAndResting, heldButTalking } from "../model/reconcile.js";

// The desktop's news may be older than an answer on the SIP connection: a hold that was just accepted is not undone
// by a "connected" that was on its way. Once the server has shown the hold, or after this time, it is.
const STALE_NEWS_MS = 2000;

/**
 * Un-holds a leg that the server lets talk while this browser still holds it in SDP: after a consult that ended by
 * itself, or a conference. Waits while a command is on its way.
 */
export class Reconciler {
  /** Call-IDs whose hold the desktop has shown, or whose time is up. */
  #ripe: ReadonlySet<string> = new Set();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #busy = false;

  constructor(
    private readonly model: () => PanelModel,
    private readonly unhold: (callId: string) => Promise<void>,
  ) {}

  /** To be called after each change. */
  check(): void {
    const { desktop, legs, pending } = this.model();
    const interaction = desktop?.interaction;
    if (!interaction) return this.stop();
    const sides = sidesOf(legs, interaction.legs);
    const stillRipe = legs.filter((leg) => leg.held && this.#ripe.has(leg.callId));
    this.#ripe = new Set([...stillRipe, ...heldAndResting(interaction, sides)].map((leg) => leg.callId));
    const leg = heldButTalking(interaction, sides);
    if (!leg || this.#busy || pending.length > 0) return this.#stopTimer();
    if (this.#ripe.has(leg.callId)) return this.#unhold(leg.callId);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#ripe = new Set([leg.callId]);
      this.check();
    }, STALE_NEWS_MS);
  }

  stop(): void {
    this.#stopTimer();
    this.#ripe = new Set();
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #unhold(callId: string): void {
    this.stop(); // refused, it gets its next try after the wait, not at once
    this.#busy = true;
    const done = () => {
      this.#busy = false;
      this.check();
    };
    this.unhold(callId).then(done, done);
  }
}
