import type { Generated, JSONColumnType } from "kysely";
import type { InteractionEvent } from "@legwork/shared/interaction";

/** The tables, as the newest migration leaves them. Times are milliseconds since 1970 in bigint columns. */
export interface Database {
  agents: {
    id: string;
    name: string;
    role: "agent" | "supervisor" | "admin";
    extension: string | null;
    password_hash: string;
  };
  queues: { id: string; name: string; position: number };
  queue_agents: { queue: string; agent: string };
  entry_points: { id: string; name: string; number: string; queue: string; position: number };
  reasons: { kind: "wrap-up" | "idle"; id: string; label: string; label_nb: string; position: number };
  interaction_events: {
    interaction: string;
    seq: number;
    event: JSONColumnType<InteractionEvent>;
    recorded_at: Generated<Date>;
  };
  wrap_ups: {
    id: string;
    interaction: string;
    agent: string;
    customer_name: string;
    customer_number: string;
    opened_at: number;
    auto_at: number | null;
    submitted_at: number | null;
    reason: string | null;
    note: string | null;
    submitted_by: "agent" | "server" | null;
  };
}
