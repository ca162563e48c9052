import type { Generated, GeneratedAlways, JSONColumnType } from "kysely";
import type { InteractionEvent } from "@legwork/shared/interaction";
import type { AuditEntry, CallPart, Ha1 } from "@legwork/shared/store";

/** The tables, as the newest migration leaves them. Times are milliseconds since 1970 in bigint columns. */
export interface Database {
  agents: {
    id: string;
    name: string;
    role: "agent" | "supervisor" | "admin";
    extension: string | null;
    disabled: boolean;
    password_hash: string;
    phone_ha1: JSONColumnType<Ha1> | null;
  };
  queues: { id: string; name: string; position: number };
  queue_agents: { queue: string; agent: string };
  entry_points: { id: string; name: string; number: string; queue: string; position: number };
  reasons: { kind: "wrap-up" | "idle"; id: string; label: string; label_nb: string; position: number };
  experts: { id: string; name: string; role: string; department: string; number: string | null };
  dial_numbers: { id: string; name: string; number: string; position: number };
  /** The parts of a site file that were put in once. */
  seeded: { part: string };
  /** A trigger refuses every change but an insert. */
  audit: {
    id: GeneratedAlways<number>;
    at: number;
    who: string | null;
    action: AuditEntry["action"];
    kind: AuditEntry["kind"];
    subject: string;
    before: JSONColumnType<object> | null;
    after: JSONColumnType<object> | null;
  };
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
  /** The call history: one row for each agent's part in a call. */
  call_parts: {
    id: string;
    call: string;
    agent: string;
    began_at: number;
    ended_at: number | null;
    /** All of it. */
    part: JSONColumnType<CallPart>;
  };
}
