import { brand, type EntryPointId, type QueueId } from "@legwork/shared/ids";
import type { ConsultTarget } from "@legwork/shared/interaction";
import type { EntryPointRecord, QueueRecord } from "@legwork/shared/store";
import type { Agents } from "./agents.js";

/** Whom a dialled name or number, or a choice in the dialog, means. */
export class Destinations {
  constructor(
    private readonly agents: Agents,
    private readonly queues: readonly QueueRecord[],
    private readonly entryPoints: readonly EntryPointRecord[],
  ) {}

  /** What a station dialled: an agent, an extension, an entry point's number or name, or a queue's name, in this order. */
  dialled(user: string): ConsultTarget | null {
    const agent = this.agents.find(user);
    if (agent) return { kind: "agent", agent: agent.id };
    const entryPoint = this.entryPointOf(user);
    return entryPoint ? this.entryPoint(entryPoint.id) : (this.entryPoint(user) ?? this.queue(user));
  }

  queue(id: string): ConsultTarget | null {
    const queue = brand<QueueId>(id);
    return this.queues.some((q) => q.id === queue) ? { kind: "queue", queue } : null;
  }

  entryPoint(id: string): ConsultTarget | null {
    const entryPoint = this.entryPoints.find((e) => e.id === brand<EntryPointId>(id));
    return entryPoint ? { kind: "entry-point", entryPoint: entryPoint.id, queue: entryPoint.queue } : null;
  }

  allEntryPoints(): readonly EntryPointRecord[] {
    return this.entryPoints;
  }

  /** The entry point that has this number, however it is written. */
  entryPointOf(number: string): EntryPointRecord | undefined {
    const digits = number.replace(/\D/g, "");
    return this.entryPoints.find((e) => digits !== "" && e.number.replace(/\D/g, "") === digits);
  }
}
