import type { AgentId, InteractionId, QueueId } from "@legwork/shared/ids";
import type { QueueRecord } from "@legwork/shared/store";
import { assign } from "../domain/routing.js";
import type { Agents } from "./agents.js";

interface Waiting {
  readonly interaction: InteractionId;
  /** Place among the contacts of all queues: the smallest has waited longest. */
  readonly place: number;
  /** Being offered to an agent now; it keeps its place until it is answered (QU-1). */
  offered: boolean;
}

interface Queue {
  record: QueueRecord;
  /** Its last agents serve who still comes back to it; nobody new comes in (DI-1). */
  removed: boolean;
  waiting: Waiting[]; // by place
}

/** Contacts in order of arrival, per queue. */
export class Queues {
  readonly #queues: Map<QueueId, Queue>;
  /** The places given so far: from 1 upwards behind all others, from 0 downwards before them. */
  #last = 0;
  #first = 1;
  #routing = false;

  constructor(
    records: readonly QueueRecord[],
    private readonly agents: Agents,
    private readonly offer: (interaction: InteractionId, agent: AgentId) => void,
    private readonly changed: (agents: readonly AgentId[]) => void,
  ) {
    this.#queues = new Map(records.map((record) => [record.id, { record, removed: false, waiting: [] }]));
  }

  nameOf(queue: QueueId): string {
    return this.#queues.get(queue)?.record.name ?? queue;
  }

  /** A queue is new or changed: its agents serve it from now on, whoever waits in it stays (DI-1). */
  put(record: QueueRecord): void {
    const known = this.#queues.get(record.id);
    const former = known?.record.agents ?? [];
    this.#queues.set(record.id, { record, removed: false, waiting: known?.waiting ?? [] });
    this.changed([...former, ...record.agents]);
    this.route();
  }

  remove(queue: QueueId): void {
    const q = this.#queues.get(queue);
    if (!q) return;
    q.removed = true;
    this.changed(q.record.agents);
  }

  /** A new contact goes to the end, or before all others with `front` (BT-1, SE-1); one whose offer failed is where it was. */
  enqueue(queue: QueueId, interaction: InteractionId, front: boolean): void {
    const q = this.#queues.get(queue);
    if (!q) return;
    const known = q.waiting.find((w) => w.interaction === interaction);
    if (known) known.offered = false;
    else if (front) q.waiting.unshift({ interaction, place: --this.#first, offered: false });
    else q.waiting.push({ interaction, place: ++this.#last, offered: false });
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
    return [...this.#queues.values()]
      .filter((q) => !q.removed)
      .map(({ record, waiting }) => ({ record, waiting: waiting.length }));
  }

  /** Contacts in the queues an agent serves. */
  waitingFor(agent: AgentId): number {
    return [...this.#queues.values()]
      .filter((q) => q.record.agents.includes(agent))
      .reduce((sum, q) => sum + q.waiting.length, 0);
  }

  /** After every change of a queue or an agent. A reservation changes an agent, too: the loop that runs takes that in. */
  route(): void {
    if (this.#routing) return;
    this.#routing = true;
    try {
      while (this.#offerNext());
    } finally {
      this.#routing = false;
    }
  }

  dump(): object {
    return [...this.#queues.values()].map((q) => ({ queue: q.record.id, waiting: q.waiting.length }));
  }

  /** One offer at a time: it may change who is free and who waits. False when nothing could be offered. */
  #offerNext(): boolean {
    const busy = [...this.#queues.values()].filter((q) => q.waiting.some((w) => !w.offered));
    const free = this.agents.free([...new Set(busy.flatMap((q) => q.record.agents))]);
    if (free.length === 0) return false;
    const waiting = busy
      .flatMap((q) => q.waiting.filter((w) => !w.offered).map((w) => ({ contact: w, agents: q.record.agents })))
      .sort((a, b) => a.contact.place - b.contact.place);
    const contacts = waiting.map(({ contact, agents }) => ({ interaction: contact.interaction, agents }));
    for (const { interaction, agent } of assign(contacts, free)) {
      const contact = waiting.find((w) => w.contact.interaction === interaction)?.contact;
      if (!contact || !this.agents.reserve(agent, "queue", interaction)) continue;
      contact.offered = true;
      this.offer(interaction, agent);
      return true;
    }
    return false;
  }
}
