import type { AgentId, InteractionId, QueueId } from "@legwork/shared/ids";
import type { QueueRecord } from "@legwork/shared/store";
import { assign } from "../domain/routing.js";
import type { Agents } from "./agents.js";

interface Waiting {
  readonly interaction: InteractionId;
  /** Being offered to an agent now; it keeps its place until it is answered (QU-1). */
  offered: boolean;
}

/** Contacts in order of arrival, per queue. */
export class Queues {
  readonly #queues: ReadonlyMap<QueueId, { readonly record: QueueRecord; waiting: Waiting[] }>;

  constructor(
    records: readonly QueueRecord[],
    private readonly agents: Agents,
    private readonly offer: (interaction: InteractionId, agent: AgentId) => void,
    private readonly changed: (agents: readonly AgentId[]) => void,
  ) {
    this.#queues = new Map(records.map((record) => [record.id, { record, waiting: [] }]));
  }

  nameOf(queue: QueueId): string {
    return this.#queues.get(queue)?.record.name ?? queue;
  }

  /** A new contact goes to the end, or before all others with `front` (BT-1, SE-1); one whose offer failed is where it was. */
  enqueue(queue: QueueId, interaction: InteractionId, front: boolean): void {
    const q = this.#queues.get(queue);
    if (!q) return;
    const known = q.waiting.find((w) => w.interaction === interaction);
    if (known) known.offered = false;
    else if (front) q.waiting.unshift({ interaction, offered: false });
    else q.waiting.push({ interaction, offered: false });
    this.changed(q.record.agents);
    this.route();
  }

  leave(queue: QueueId, interaction: InteractionId): void {
    const q = this.#queues.get(queue);
    if (!q) return;
    q.waiting = q.waiting.filter((w) => w.interaction !== interaction);
    this.changed(q.record.agents);
  }

  all(): readonly { readonly record: QueueRecord; readonly waiting: number }[] {
    return [...this.#queues.values()].map(({ record, waiting }) => ({ record, waiting: waiting.length }));
  }

  /** Contacts in the queues an agent serves. */
  waitingFor(agent: AgentId): number {
    return [...this.#queues.values()]
      .filter((q) => q.record.agents.includes(agent))
      .reduce((sum, q) => sum + q.waiting.length, 0);
  }

  /** After every change of a queue or an agent. */
  route(): void {
    for (const q of this.#queues.values()) {
      const waiting = q.waiting.filter((w) => !w.offered).map((w) => w.interaction);
      if (waiting.length === 0) continue;
      for (const { interaction, agent } of assign(waiting, this.agents.free(q.record.agents))) {
        if (!this.agents.reserve(agent, "queue", interaction)) continue;
        const contact = q.waiting.find((w) => w.interaction === interaction);
        if (contact) contact.offered = true;
        this.offer(interaction, agent);
      }
    }
  }

  dump(): object {
    return [...this.#queues.values()].map((q) => ({ queue: q.record.id, waiting: q.waiting.length }));
  }
}
