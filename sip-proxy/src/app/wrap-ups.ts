import type { AgentId, InteractionId, WrapUpId } from "@legwork/shared/ids";
import type { Store, WrapUpRecord } from "@legwork/shared/store";
import type { Clock } from "../ports/clock.js";
import type { Ids } from "../ports/ids.js";
import type { Log } from "../ports/log.js";

/** After a countdown whose submission could not be stored. */
const RETRY_MS = 5_000;

interface Open {
  record: WrapUpRecord;
  /** The agent owns the interaction again: the countdown rests (WU-2). */
  suspended: boolean;
  cancelTimer: () => void;
}

export interface WrapUpPolicy {
  /** 0: no countdown. */
  readonly autoSeconds: number;
  readonly mayCancel: boolean;
  readonly defaultReason: string;
  readonly reasons: readonly string[];
}

export interface WrapUpsDeps {
  readonly store: Pick<Store, "saveWrapUp" | "openWrapUps">;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly policy: WrapUpPolicy;
  changed(agent: AgentId): void;
  /** The last open wrap-up of an agent was submitted. */
  allDone(agent: AgentId): void;
}

export type WrapUpRefusal = "not-found" | "not-yours" | "bad-request" | "forbidden";

/** WU: the server keeps the wrap-ups and runs the countdown, whatever the browser does. */
export class WrapUps {
  readonly #open = new Map<WrapUpId, Open>();
  #lastSave: Promise<void> = Promise.resolve();

  constructor(private readonly deps: WrapUpsDeps) {}

  /** Takes up what was open when the process ended; nobody else submits for an agent who is no longer there. */
  async restore(isThere: (agent: AgentId) => boolean): Promise<void> {
    for (const record of await this.deps.store.openWrapUps()) {
      this.#keep(record);
      if (!isThere(record.agent)) this.submitAllOf(record.agent);
    }
  }

  /** DI-1: of an agent who was removed; the default reason. */
  submitAllOf(agent: AgentId): void {
    for (const { record } of [...this.#open.values()]) if (record.agent === agent) void this.#submitByItself(record.id);
  }

  openOf(agent: AgentId): readonly WrapUpRecord[] {
    return [...this.#open.values()]
      .filter((o) => o.record.agent === agent && !o.suspended)
      .map((o) => o.record)
      .sort((a, b) => a.openedAt - b.openedAt);
  }

  ownershipBegan(agent: AgentId, interaction: InteractionId): void {
    const open = this.#of(agent, interaction);
    if (!open) return;
    open.cancelTimer();
    open.suspended = true;
    this.deps.changed(agent);
  }

  /** WU-2: one per period of ownership; an open one goes on. */
  ownershipEnded(agent: AgentId, interaction: InteractionId, customer: { name: string; number: string }): void {
    const { clock, ids, policy } = this.deps;
    const now = clock.now();
    const autoAt = policy.autoSeconds > 0 ? now + policy.autoSeconds * 1000 : null;
    const known = this.#of(agent, interaction);
    const record: WrapUpRecord = known
      ? { ...known.record, autoAt }
      : {
          id: ids.wrapUp(),
          interaction,
          agent,
          customerName: customer.name,
          customerNumber: customer.number,
          openedAt: now,
          autoAt,
          draft: null,
          submitted: null,
        };
    this.#keep(record);
    this.#save(record);
    this.deps.changed(agent);
  }

  /** WU-1. Resolves when it is stored. */
  async submit(agent: AgentId, id: WrapUpId, reason: string, note: string): Promise<WrapUpRefusal | null> {
    const open = this.#openTo(agent, id);
    if (typeof open === "string") return open;
    if (!this.deps.policy.reasons.includes(reason)) return "bad-request";
    await this.#submit(open, reason, note, "agent");
    return null;
  }

  /** WU-1: what is submitted when the countdown is over. Resolves when it is stored; the desktop that sent it needs no news of it. */
  async draft(agent: AgentId, id: WrapUpId, reason: string, note: string): Promise<WrapUpRefusal | null> {
    const open = this.#openTo(agent, id);
    if (typeof open === "string") return open;
    if (!this.deps.policy.reasons.includes(reason)) return "bad-request";
    open.record = { ...open.record, draft: { reason, note } };
    await this.#inTurn(open.record);
    return null;
  }

  cancelAuto(agent: AgentId, id: WrapUpId): WrapUpRefusal | null {
    const open = this.#openTo(agent, id);
    if (typeof open === "string") return open;
    if (!this.deps.policy.mayCancel) return "forbidden";
    open.cancelTimer();
    open.record = { ...open.record, autoAt: null };
    this.#save(open.record);
    this.deps.changed(agent);
    return null;
  }

  dump(): object {
    return [...this.#open.values()].map((o) => ({ agent: o.record.agent, interaction: o.record.interaction }));
  }

  /** A withdrawn one is not there (CO-4). */
  #openTo(agent: AgentId, id: WrapUpId): Open | WrapUpRefusal {
    const open = this.#open.get(id);
    if (!open || open.suspended) return "not-found";
    return open.record.agent === agent ? open : "not-yours";
  }

  #of(agent: AgentId, interaction: InteractionId): Open | undefined {
    return [...this.#open.values()].find((o) => o.record.agent === agent && o.record.interaction === interaction);
  }

  #keep(record: WrapUpRecord): void {
    this.#open.get(record.id)?.cancelTimer();
    const wait = record.autoAt === null ? null : Math.max(0, record.autoAt - this.deps.clock.now());
    this.#open.set(record.id, { record, suspended: false, cancelTimer: this.#submitIn(wait, record.id) });
  }

  /** Starts the countdown, `null`: there is none; returns the way to stop it. */
  #submitIn(ms: number | null, id: WrapUpId): () => void {
    return ms === null ? () => undefined : this.deps.clock.after(ms, () => void this.#submitByItself(id));
  }

  /** The countdown is over: the agent's draft, or the default reason, which also stands in for a reason that was removed meanwhile. */
  async #submitByItself(id: WrapUpId): Promise<void> {
    const open = this.#open.get(id);
    if (!open) return;
    const { defaultReason, reasons } = this.deps.policy;
    const { reason, note } = open.record.draft ?? { reason: defaultReason, note: "" };
    await this.#submit(open, reasons.includes(reason) ? reason : defaultReason, note, "server").catch(
      (error: unknown) => this.deps.log.error({ wrapUp: id, error }, "a wrap-up cannot be stored; trying again"),
    );
  }

  async #submit(open: Open, reason: string, note: string, by: "agent" | "server"): Promise<void> {
    const { record } = open;
    this.#open.delete(record.id); // at once: a second submission finds nothing to submit (WU-2)
    open.cancelTimer();
    try {
      await this.#inTurn({ ...record, draft: null, submitted: { at: this.deps.clock.now(), reason, note, by } });
    } catch (error) {
      this.#putBack(open, by);
      throw error;
    }
    this.deps.log.info({ agent: record.agent, interaction: record.interaction, reason, by }, "wrap-up submitted");
    if (this.openOf(record.agent).length === 0) this.deps.allDone(record.agent);
    this.deps.changed(record.agent);
  }

  /** It could not be stored: what the server submits is tried again, as nobody else will; an agent's countdown goes on. */
  #putBack(open: Open, by: "agent" | "server"): void {
    const { autoAt, id } = open.record;
    const rest = autoAt === null ? null : Math.max(RETRY_MS, autoAt - this.deps.clock.now());
    open.cancelTimer = this.#submitIn(by === "server" ? RETRY_MS : rest, id);
    this.#open.set(id, open);
  }

  /** Saves go out one after the other: an older record must not arrive after a newer one. */
  #inTurn(record: WrapUpRecord): Promise<void> {
    const saved = this.#lastSave.then(() => this.deps.store.saveWrapUp(record));
    this.#lastSave = saved.catch(() => undefined);
    return saved;
  }

  #save(record: WrapUpRecord): void {
    this.#inTurn(record).catch((error: unknown) => {
      this.deps.log.error({ wrapUp: record.id, error }, "a wrap-up cannot be stored");
    });
  }
}
